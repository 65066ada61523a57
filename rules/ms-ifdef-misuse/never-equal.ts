import type { Expr } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'

/**
 * Whether the sides of a comparison differ whatever they expand to: one stands in quotes, the other is a text without them, or the
 * value of a CONFIG_ variable. `needsUnquoted` where that holds only as long as such values have no quotes of their own.
 */
export function isNeverEqual(left: Expr, right: Expr, text: string): { readonly needsUnquoted: boolean } | null {
  const sides = [left, right].map((side) => ({ side, written: textOf(text, side).trim() }))
  const quoted = sides.find(({ written }) => isQuoted(written))
  const other = sides.find((side) => side !== quoted)
  if (quoted === undefined || other === undefined || isQuoted(other.written)) return null
  const literal = literalText(text, other.side)
  if (literal !== null) return /["']/.test(literal) ? null : { needsUnquoted: false }
  if (!/^\$[({]CONFIG_\w+[)}]$/.test(other.written)) return null
  return { needsUnquoted: !/^(["'])[ymn]\1$/.test(quoted.written) }
}

/** Whether a text is one pair of quotes, with whatever in them. */
function isQuoted(text: string): boolean {
  return text.length >= 2 && (text.startsWith('"') || text.startsWith("'")) && text.endsWith(text.charAt(0))
}
