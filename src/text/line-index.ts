import type { Position } from './span.ts'

/** Turns offsets of one text into lines and columns, and lines into ranges. */
export type LineIndex = {
  readonly text: string
  /** The offset at which each line starts; the first is 0. A text that ends in a newline has an empty last line. */
  readonly starts: readonly number[]
}

/** The line starts of `text`. Only `\n` ends a line, as in make, git and diff. */
export function indexLines(text: string): LineIndex {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return { text, starts }
}

/** The line and column of an offset; an offset past the end is that of the end. */
export function offsetToPosition(index: LineIndex, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, index.text.length))
  let low = 0
  let high = index.starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((index.starts[middle] ?? 0) <= clamped) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: clamped - (index.starts[low] ?? 0) + 1 }
}

/** The offset of a line and column; null where the text has no such line. A column past the line's end is its end. */
export function positionToOffset(index: LineIndex, at: Position): number | null {
  const range = lineRange(index, at.line)
  return range === null ? null : Math.min(range.start + at.column - 1, range.end)
}

/** The range of a line (1-based) without its newline; null where the text has no such line. */
export function lineRange(index: LineIndex, line: number): { readonly start: number; readonly end: number } | null {
  const start = index.starts[line - 1]
  if (start === undefined) return null
  const next = index.starts[line]
  return { start, end: next === undefined ? index.text.length : next - 1 }
}

/** The text of a line (1-based) without its newline; null where the text has no such line. */
export function lineText(index: LineIndex, line: number): string | null {
  const range = lineRange(index, line)
  return range === null ? null : index.text.slice(range.start, range.end)
}
