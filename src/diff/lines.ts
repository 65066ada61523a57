import { indexLines, lineText } from '../text/line-index.ts'

/** The lines of a text, 1-based and without their newline; a line that is not there is empty. */
export type Lines = { readonly count: number; at(line: number): string }

/** Splits a text at `\n`. What follows the last newline is a line only where it is not empty. */
export function splitLines(text: string): Lines {
  const index = indexLines(text)
  const count = text === '' || text.endsWith('\n') ? index.starts.length - 1 : index.starts.length
  return { count, at: (line) => (line > count ? '' : (lineText(index, line) ?? '')) }
}

/** A line without the carriage return that ends it in a text of CRLF lines. */
export function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
