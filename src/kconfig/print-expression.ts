import type { Expr, Word } from './syntax.ts'

/** An expression as Kconfig text, with the fewest parentheses: `A && (B || !C)`, `D != y`, `"x86" = SUBARCH`. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'symbol':
      return printWord(expr.word)
    case 'compare':
      return `${printWord(expr.left)} ${expr.op} ${printWord(expr.right)}`
    case 'not':
      return `!${expr.operand.kind === 'symbol' ? printExpr(expr.operand) : `(${printExpr(expr.operand)})`}`
    case 'and':
      return expr.operands.map((part) => (part.kind === 'or' ? `(${printExpr(part)})` : printExpr(part))).join(' && ')
    case 'or':
      return expr.operands.map(printExpr).join(' || ')
  }
}

/**
 * A text that two expressions share where they are the same but for order, repetition and grouping of the operands of
 * `&&` and `||`, and for quotes around names that quotes do not change (`y`, `"y"`).
 */
export function exprKey(expr: Expr): string {
  switch (expr.kind) {
    case 'symbol':
      return wordKey(expr.word)
    case 'compare':
      return `(${wordKey(expr.left)}${expr.op}${wordKey(expr.right)})`
    case 'not':
      return `!${exprKey(expr.operand)}`
    case 'and':
    case 'or': {
      const keys = [...new Set(operandsOf(expr, expr.kind).map(exprKey))].sort()
      return keys.length === 1 ? keys.join('') : `(${keys.join(expr.kind === 'and' ? '&&' : '||')})`
    }
  }
}

/** The operands of a chain of one operator, whatever its parentheses; the expression itself where it is no such chain. */
export function operandsOf(expr: Expr, kind: 'and' | 'or'): readonly Expr[] {
  return expr.kind === kind ? expr.operands.flatMap((operand) => operandsOf(operand, kind)) : [expr]
}

function printWord(word: Word): string {
  return word.quoted ? `"${word.text.replace(/["\\]/g, '\\$&')}"` : word.text
}

/** `"y"` is `y`, a symbol of that name in quotes is a constant: symbol.c, `sym_lookup`. */
function wordKey(word: Word): string {
  return word.quoted && !/^[ymn]$/.test(word.text) ? JSON.stringify(word.text) : word.text
}
