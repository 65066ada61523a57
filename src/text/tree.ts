/** An entry of a directory. */
export type TreeEntry = { readonly name: string; readonly kind: 'file' | 'directory' | 'symlink' | 'submodule' }

/**
 * A snapshot of a source tree: a literal in tests, git objects in life. Paths are relative, with `/`, never leading out.
 * Reading is synchronous, so that rules are; `prefetch` lets an adapter fetch many files in one go, and ahead.
 */
export type Tree = {
  /** The same for the same content: a git tree or commit id; null where the snapshot has none (the disk, a literal). */
  readonly id: string | null
  /** The decoded text of a file; null where there is none, or where it is no regular file. */
  read(path: string): string | null
  /** The entries of a directory by name; empty where there is none. The top is ''. */
  list(directory: string): readonly TreeEntry[]
  /** The id of what a regular file holds, under which facts derived from its text may be kept; null where there is no such file. */
  blob(path: string): string | null
  /** Whether a file is there and may be executed, as its mode says. */
  isExecutable(path: string): boolean
  /** Says that these files will be read; they may arrive while the caller goes on. */
  prefetch(paths: readonly string[]): void
  /** Says that most directories will be looked into, where an adapter gains by knowing. */
  listAhead?(): void
  /** The paths of all regular files, in no order, where an adapter knows them without looking into each directory. */
  files?(): readonly string[]
}
