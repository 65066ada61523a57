import type { DiagnosticKind, DiagnosticTool } from './diagnostic.ts'

/** A place as it was printed. */
export type PrintedPlace = { readonly path: string; readonly line: number | null; readonly column: number | null }

/** The first line of a diagnostic, read by itself. */
export type Opening = {
  readonly tool: DiagnosticTool
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly kind?: DiagnosticKind
  readonly at?: PrintedPlace
  readonly option?: string
  readonly subject?: string
  readonly scope?: string
  /** The file that was being made, where the line names it. */
  readonly unit?: string
  /** Whether a line belongs to it as well; `next` is the line after that one. Nothing does where it is left out. */
  readonly belongs?: (line: string, next: string | undefined) => boolean
}

/** Reads the start of a line as the start of what one tool says; null where it is not that. */
export type OpeningReader = (line: string) => Opening | null

/** `path:line:column: rest` or `path:line: rest`; a path has no colon in it, and no white space at its start. Null for other lines. */
export function splitPlace(line: string): { readonly at: PrintedPlace; readonly rest: string } | null {
  const match = /^([^\s:][^:]*):(\d{1,9}):(?:(\d{1,9}):)? ?(.*)$/.exec(line)
  if (match === null) return null
  const [, path = '', number, column, rest = ''] = match
  const at = { path, line: Number(number), column: column === undefined ? null : Number(column) }
  return { at, rest }
}

/** The text between the first pair of quotes, as compilers set them with any locale; null where there is none. */
export function firstQuoted(message: string): string | null {
  const match = /['"‘`]([^'"‘’`]{1,200})['"’]/.exec(message)
  return match?.[1] ?? null
}
