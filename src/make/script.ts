import type { Span } from '../text/span.ts'
import type { Expr, Makefile, Part, Range } from './cst.ts'
import { parseExpr } from './expr.ts'
import { plainView } from './view.ts'

/** A makefile that is being evaluated: a file, or text that `$(eval ...)` was given. */
export type Script = {
  readonly file: string
  readonly makefile: Makefile
  /** The expression that the text was made by, where it is in no file: everything in it has that place. */
  readonly site: Span | null
}

/** The place of a range of a script. */
export function spanIn(script: Script, range: Range): Span {
  return script.site ?? { file: script.file, start: range.start, end: range.end }
}

/** The text of a range as it is written. */
export function sourceText(script: Script, range: Range): string {
  return script.makefile.text.slice(range.start, range.end)
}

/** An expression as make keeps it unexpanded (`$(value ...)`): continuations joined, `$$` as it is, comments gone. */
export function unexpandedText(script: Script, expr: Expr): string {
  return expr.parts
    .map((part) => {
      const written = sourceText(script, part.range)
      if (part.kind !== 'literal' || part.cooked === null) return written.replace(/[ \t]*\\\r?\n[ \t]*/g, ' ')
      return part.cooked === '$' ? '$$' : part.cooked
    })
    .join('')
}

/** An expression without the white space at both ends, as `$(if ...)`, `$(or ...)` and `$(and ...)` take their conditions. */
export function trimExpr(script: Script, expr: Expr): Expr {
  const parts = [...expr.parts]
  for (let first = parts.shift(); first !== undefined; first = parts.shift()) {
    const rest = trimLiteral(script, first, 'start')
    if (rest === null) continue
    parts.unshift(rest)
    break
  }
  for (let last = parts.pop(); last !== undefined; last = parts.pop()) {
    const rest = trimLiteral(script, last, 'end')
    if (rest === null) continue
    parts.push(rest)
    break
  }
  return { range: expr.range, parts }
}

/** What remains of a part; null where a literal is white space alone. */
function trimLiteral(script: Script, part: Part, where: 'start' | 'end'): Part | null {
  if (part.kind !== 'literal') return part
  if (part.cooked !== null) return part.cooked.trim() === '' ? null : part
  const { start, end } = part.range
  const text = sourceText(script, part.range)
  const kept = where === 'start' ? text.trimStart() : text.trimEnd()
  if (kept === '') return null
  const range = where === 'start' ? { start: end - kept.length, end } : { start, end: start + kept.length }
  return { kind: 'literal', range, cooked: null }
}

/** A text with references as an expression; everything in it has the place `site`, or is of a file of its own. */
export function parseText(
  text: string,
  file: string,
  site: Span | null,
): { readonly script: Script; readonly expr: Expr } {
  const view = plainView(text, { start: 0, end: text.length })
  return { script: { file, makefile: { text, nodes: [] }, site }, expr: parseExpr(view, 0, text.length) }
}
