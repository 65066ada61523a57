/** What kind of failure it was: the program is not there, said no, took too long, said too much, was told to stop... */
export type GitErrorCode =
  | 'program-missing'
  | 'failed'
  | 'timeout'
  | 'too-much-output'
  | 'aborted'
  | 'killed'
  | 'object-missing'
  | 'reader-closed'

/** git, or the repository, did not do what it always does. What git refuses for good reason is a value instead. */
export class GitError extends Error {
  override readonly name = 'GitError'
  readonly code: GitErrorCode

  constructor(code: GitErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
