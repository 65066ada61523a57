/** A place in a file: UTF-16 offsets into the decoded text, half-open `[start, end)`. */
export type Span = { readonly file: string; readonly start: number; readonly end: number }

/** A place as people say it: both 1-based, the column counted in UTF-16 units with a tab as one. */
export type Position = { readonly line: number; readonly column: number }
