/** The commit a series was applied to, and how it was chosen. `certain` is false where it was guessed. */
export type Base = {
  readonly commit: string
  readonly how: 'base-commit' | 'blobs' | 'given' | 'head'
  readonly certain: boolean
  /** A sentence for the reply: "base-commit of the cover letter", "HEAD; 3 of 5 blobs are in it". */
  readonly detail: string
}

/** How one patch went on. `commit` is the tree of the series after it. */
export type AppliedPatch = {
  readonly index: number
  readonly kind: 'applied'
  readonly commit: string
  readonly how: 'clean' | 'three-way' | 'fuzz' | 'already-applied'
  /** What `how` means here: the files with fuzz and offsets. */
  readonly detail: string
}

/** A file that refused a patch: the hunks that failed (1-based in the file's diff) and why. */
export type Conflict = {
  readonly path: string
  readonly hunks: readonly { readonly number: number; readonly header: string; readonly reason: string }[]
  readonly reason: string
}

export type RefusedPatch = {
  readonly index: number
  readonly kind: 'refused'
  readonly files: readonly Conflict[]
  /** What git and patch said. */
  readonly log: string
}

export type PatchOutcome = AppliedPatch | RefusedPatch

/**
 * What applying a series gave. Patches after a refused one are tried too, on the tree without it,
 * so that one conflict does not hide the rest; only an unbroken run of applied ones is judged.
 */
export type Application =
  | { readonly kind: 'applied'; readonly base: Base; readonly patches: readonly AppliedPatch[] }
  | {
      readonly kind: 'conflict'
      readonly base: Base
      readonly patches: readonly PatchOutcome[]
      readonly first: RefusedPatch
    }
  | { readonly kind: 'no-base'; readonly reason: string }
