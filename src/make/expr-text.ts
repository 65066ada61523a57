import type { Expr, Part, Range } from './cst.ts'
import { isAllSpace, isSpace } from './chars.ts'

/** What stands in the file behind an expression or any other range. */
export function textOf(text: string, { range }: { readonly range: Range }): string {
  return text.slice(range.start, range.end)
}

/** The value of an expression in a file with that text; null where it holds a reference, so that it takes an evaluation. */
export function literalText(text: string, expr: Expr): string | null {
  let value = ''
  for (const part of expr.parts) {
    if (part.kind !== 'literal') return null
    value += part.cooked ?? text.slice(part.range.start, part.range.end)
  }
  return value
}

/**
 * The words of an expression as it is written: split at white space outside references, each an expression with its own range.
 * A reference may expand to none or many words; it counts as part of the word it touches.
 */
export function exprWords(text: string, expr: Expr): Expr[] {
  const words: Expr[] = []
  let parts: Part[] = []
  const endWord = (): void => {
    const [first] = parts
    const last = parts.at(-1)
    if (first !== undefined && last !== undefined) {
      words.push({ range: { start: first.range.start, end: last.range.end }, parts })
    }
    parts = []
  }
  for (const part of expr.parts) {
    if (part.kind !== 'literal') parts.push(part)
    else splitLiteral(text, part, (piece) => (piece === null ? endWord() : parts.push(piece)))
  }
  endWord()
  return words
}

type Literal = Extract<Part, { kind: 'literal' }>

/** Gives the pieces of a literal one after the other, and null for white space between them. */
function splitLiteral(text: string, part: Literal, give: (piece: Literal | null) => void): void {
  if (part.cooked !== null) {
    give(isAllSpace(part.cooked) ? null : part)
    return
  }
  const { start, end } = part.range
  for (let at = start; at < end;) {
    const from = at
    const isBlank = isSpace(text.charCodeAt(at))
    while (at < end && isSpace(text.charCodeAt(at)) === isBlank) at++
    give(isBlank ? null : { kind: 'literal', range: { start: from, end: at }, cooked: null })
  }
}
