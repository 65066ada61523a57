import { exprKey, operandsOf, printExpr } from '../../src/kconfig/print-expression.ts'
import type { Expr, Word } from '../../src/kconfig/syntax.ts'

/** The types that the definitions of a symbol give it, anywhere in a tree; empty where nothing defines it. */
export type TypesOf = (name: string) => ReadonlySet<string>

/** A part of an expression that is always the same, or not what it looks like. */
export type Doubt = { readonly expr: Expr; readonly message: string; readonly isHarmless: boolean }

/** What is constant in an expression, by the types of its symbols; the outermost of nested ones first. */
export function doubtsIn(expr: Expr, typesOf: TypesOf): readonly Doubt[] {
  switch (expr.kind) {
    case 'symbol':
      return bareDoubts(expr, expr.word, typesOf)
    case 'compare':
      return comparisonDoubts(expr, typesOf)
    case 'not':
      return doubtsIn(expr.operand, typesOf)
    case 'and':
    case 'or': {
      const whole = opposites(expr, expr.kind, typesOf)
      return whole === null ? expr.operands.flatMap((operand) => doubtsIn(operand, typesOf)) : [whole]
    }
  }
}

/** `A || !A` and `A && !A` of a bool. Of a tristate the first is the idiom of optional dependencies, and the second may be m. */
function opposites(expr: Expr, kind: 'and' | 'or', typesOf: TypesOf): Doubt | null {
  const operands = operandsOf(expr, kind)
  const keys = new Set(operands.map(exprKey))
  for (const operand of operands) {
    if (operand.kind !== 'symbol' || !isOnly(operand.word, 'bool', typesOf)) continue
    const name = operand.word.text
    if (![`!${name}`, `(${name}=n)`, `(${name}!=y)`].some((key) => keys.has(key))) continue
    const value = kind === 'or' ? 'y' : 'n'
    return {
      expr,
      message: `\`${printExpr(expr)}\` is always ${value}: \`${name}\` is a bool`,
      isHarmless: kind === 'or',
    }
  }
  return null
}

/** A text or a number where y, m or n is wanted: it is n (expr.c `expr_calc_value()`). */
function bareDoubts(expr: Expr, word: Word, typesOf: TypesOf): readonly Doubt[] {
  for (const type of ['string', 'int', 'hex']) {
    if (isOnly(word, type, typesOf))
      return [{ expr, message: `\`${word.text}\` is always n here: it is of type ${type}`, isHarmless: false }]
  }
  return []
}

function comparisonDoubts(expr: Extract<Expr, { kind: 'compare' }>, typesOf: TypesOf): readonly Doubt[] {
  const { op, left, right } = expr
  if ((op !== '=' && op !== '!=') || right.parts !== null || !isLogic(left, typesOf)) return []
  const holds = op === '=' ? 'never' : 'always'
  if (right.text === 'm' && isOnly(left, 'bool', typesOf))
    return [
      {
        expr,
        message: `\`${printExpr(expr)}\` holds ${holds}: \`${left.text}\` is a bool, which is never m`,
        isHarmless: false,
      },
    ]
  const isValue = /^[ymn]$/.test(right.text) || (!right.quoted && typesOf(right.text).size > 0)
  if (isValue || (!right.quoted && !/^-?\d\w*$/.test(right.text))) return []
  const message = `\`${printExpr(expr)}\` holds ${holds}: \`${left.text}\` is y, m or n, never \`${right.text}\``
  return [{ expr, message, isHarmless: false }]
}

function isLogic(word: Word, typesOf: TypesOf): boolean {
  return isOnly(word, 'bool', typesOf) || isOnly(word, 'tristate', typesOf)
}

/** Whether all definitions of a symbol give it one type. */
function isOnly({ quoted, parts, text }: Word, type: string, typesOf: TypesOf): boolean {
  const types = quoted || parts !== null ? new Set<string>() : typesOf(text)
  return types.size === 1 && types.has(type)
}
