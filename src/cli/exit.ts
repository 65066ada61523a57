/** What the process ends with: documented in `--help` and stable (docs: README, "Exit codes"). */
export const exitCodes = {
  clean: 0,
  findings: 1,
  usage: 2,
  notJudged: 3,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A mistake in the arguments, the configuration or the input: told in one line, exit 2. */
export class UsageError extends Error {
  readonly code = 'usage'
}
