import type { Bad, Range } from './cst.ts'
import { skipSpace } from './chars.ts'
import type { LogicalLine, Source } from './lines.ts'
import { tokenize } from './tokens.ts'
import type { View } from './view.ts'

/** A line on its way through the classification. */
export type Reading = {
  readonly text: string
  readonly source: Source
  readonly line: LogicalLine
  /** The line with its continuations joined. */
  readonly joined: View
  /** With the comment gone too. */
  readonly plain: View
  /** The character that starts a recipe line: a tab, unless `.RECIPEPREFIX` says otherwise. */
  readonly prefix: string
}

export function rangeOfLine(line: LogicalLine): Range {
  return { start: line.start, end: line.end }
}

/** The line as one that make refuses, with make's message. */
export function badLine({ text, line }: Reading, message: string): Bad {
  const first = line.start + skipSpace(text.slice(line.start, line.contentEnd), 0)
  const tokens = tokenize(text, line, [{ kind: 'bad', start: first, end: line.contentEnd }])
  return { kind: 'bad', range: rangeOfLine(line), tokens, message }
}
