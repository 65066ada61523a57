import type { Condition, KconfigExpr, Operand } from './model.ts'

const yes: KconfigExpr = { kind: 'symbol', operand: { name: 'y', constant: true } }

/** Both, of two conditions either of which may be absent. */
export function both(left: Condition, right: Condition): Condition {
  if (left === null) return right
  return right === null ? left : { kind: 'and', operands: [left, right] }
}

/** Any of several conditions: absent ones are passed over, as expr.c's `expr_alloc_or` does, and do not mean `y` here. */
export function anyOf(conditions: readonly Condition[]): Condition {
  const operands = conditions.filter((condition) => condition !== null)
  return operands.length > 1 ? { kind: 'or', operands } : (operands[0] ?? null)
}

/** The parts of a condition that all have to hold; none where there is no condition. */
export function conjuncts(condition: Condition): readonly KconfigExpr[] {
  if (condition === null) return []
  return condition.kind === 'and' ? condition.operands.flatMap(conjuncts) : [condition]
}

/** Whether two conditions are written the same. */
export function isSameCondition(left: Condition, right: Condition): boolean {
  const open: (readonly [Condition, Condition])[] = [[left, right]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [one, other] = pair
    if (one === other) continue
    if (one === null || other === null || !isSameTop(one, other)) return false
    if (one.kind === 'not' && other.kind === 'not') open.push([one.operand, other.operand])
    if (!('operands' in one && 'operands' in other)) continue
    for (const [index, operand] of one.operands.entries()) open.push([operand, other.operands[index] ?? null])
  }
  return true
}

/** Whether two expressions are the same but for the expressions in them. */
function isSameTop(one: KconfigExpr, other: KconfigExpr): boolean {
  if (one.kind === 'symbol') return other.kind === 'symbol' && isSameOperand(one.operand, other.operand)
  if (one.kind === 'compare') {
    const isSameOp = other.kind === 'compare' && one.op === other.op
    return isSameOp && isSameOperand(one.left, other.left) && isSameOperand(one.right, other.right)
  }
  if (one.kind !== other.kind) return false
  return !('operands' in one && 'operands' in other) || one.operands.length === other.operands.length
}

function isSameOperand(one: Operand, other: Operand): boolean {
  return one.name === other.name && one.constant === other.constant
}

/** The symbol of a name, as an expression. */
export function symbolExpr(name: string): KconfigExpr {
  return { kind: 'symbol', operand: { name, constant: false } }
}

/** What raises a symbol: its selections, each by the value of the symbol that has the line. */
export function selectionExpr(
  selections: readonly { readonly from: string; readonly condition: Condition }[],
): Condition {
  return anyOf(selections.map(({ from, condition }) => both(symbolExpr(from), condition)))
}

/** y where an expression is n, n where it is m or y: expr.c, `expr_trans_compare`. */
export function isNo(expr: KconfigExpr): KconfigExpr {
  return compareToNo(expr, true)
}

function compareToNo(expr: KconfigExpr, equal: boolean): KconfigExpr {
  switch (expr.kind) {
    case 'symbol':
      return { kind: 'compare', op: equal ? '=' : '!=', left: expr.operand, right: { name: 'n', constant: true } }
    case 'compare':
      return equal ? { kind: 'not', operand: expr } : expr
    case 'not':
      return compareToNo(expr.operand, !equal)
    case 'and':
    case 'or': {
      const kind = (expr.kind === 'and') === equal ? 'or' : 'and'
      return { kind, operands: expr.operands.map((operand) => compareToNo(operand, equal)) }
    }
  }
}

/** A condition as Kconfig text; `y` where there is none. */
export function printCondition(condition: Condition): string {
  return printPart(condition ?? yes, false)
}

function printPart(expr: KconfigExpr, withinAnd: boolean): string {
  switch (expr.kind) {
    case 'symbol':
      return printOperand(expr.operand)
    case 'compare':
      return `${printOperand(expr.left)} ${expr.op} ${printOperand(expr.right)}`
    case 'not':
      return `!${expr.operand.kind === 'symbol' ? printOperand(expr.operand.operand) : `(${printPart(expr.operand, false)})`}`
    case 'and':
      return expr.operands.map((operand) => printPart(operand, true)).join(' && ')
    case 'or': {
      const text = expr.operands.map((operand) => printPart(operand, false)).join(' || ')
      return withinAnd ? `(${text})` : text
    }
  }
}

function printOperand({ name, constant }: Operand): string {
  return constant && !/^[ymn]$/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
}
