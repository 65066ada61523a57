/** A line of a hunk. Numbers are 1-based; the side that does not have the line is null. */
export type DiffLine = {
  readonly kind: 'context' | 'add' | 'delete'
  /** Without the marker and the newline. Decoded as UTF-8 where the diff is that, else one character a byte. */
  readonly text: string
  readonly oldLine: number | null
  readonly newLine: number | null
  /** The line of the text that was parsed (the mail's body, or the patch file), 1-based. */
  readonly patchLine: number
  /** False where "\ No newline at end of file" follows. */
  readonly newline: boolean
}

/** One `@@` section. */
export type Hunk = {
  readonly oldStart: number
  readonly oldCount: number
  readonly newStart: number
  readonly newCount: number
  /** What follows the second `@@`; may be empty. */
  readonly section: string
  /** The line of the `@@`, counted as `DiffLine.patchLine`. */
  readonly patchLine: number
  readonly lines: readonly DiffLine[]
}

/** What a diff does to one file. Paths are relative to the tree, unquoted, and never leave it. */
export type FileDiff = {
  readonly kind: 'modify' | 'add' | 'delete' | 'rename' | 'copy'
  /** Null for an added file. */
  readonly oldPath: string | null
  /** Null for a deleted file. */
  readonly newPath: string | null
  /** Octal as git prints it (`100644`); null where the diff does not say. */
  readonly oldMode: string | null
  readonly newMode: string | null
  /** Abbreviated blob ids of the `index` line; null where there is none. */
  readonly oldBlob: string | null
  readonly newBlob: string | null
  /** Per cent, of a rename or copy. */
  readonly similarity: number | null
  readonly binary: boolean
  readonly hunks: readonly Hunk[]
  /** The line of `diff --git`, or of `---` where there is none. */
  readonly patchLine: number
}

/** Why a part of a diff cannot be trusted: the line it was seen at, counted as `DiffLine.patchLine`. */
export type DiffProblem = { readonly line: number; readonly message: string }

/** A parsed diff. With a problem no file of it should be judged: the text was cut, wrapped or made up. */
export type Diff = { readonly files: readonly FileDiff[]; readonly problems: readonly DiffProblem[] }

/** The path of a file after the diff, or before it where it is deleted. */
export function pathOf(file: FileDiff): string {
  return file.newPath ?? file.oldPath ?? ''
}
