import { conjuncts, printCondition, symbolExpr } from '../../src/kconfig/condition.ts'
import type { Condition, KconfigExpr, KconfigModel, KconfigSymbol, Selection } from '../../src/kconfig/model.ts'
import { oncePer } from '../../src/text/once-per.ts'

/** A `select` and what it raises. */
export type Edge = { readonly selection: Selection; readonly target: KconfigSymbol }

/**
 * The `select` lines of a symbol whose targets depend on something that does not follow at once from what the line and its surroundings
 * say, what those depend on in turn, and what they select: most lines of a kernel are settled by this.
 */
export function riskyEdges(symbol: KconfigSymbol, { symbols }: KconfigModel): readonly Edge[] {
  return symbol.selects.flatMap((selection) => {
    const target = symbols.get(selection.target)
    if (target === undefined || target.dependency === null || target.choice !== null) return []
    const isLogic = target.type === 'bool' || target.type === 'tristate'
    return isLogic && !isImplied(target.dependency, selection, symbols) ? [{ selection, target }] : []
  })
}

/** A part of a condition that has to hold, with its text. */
type Part = { readonly expr: KconfigExpr; readonly text: string }

const partsOfExpr: (expr: KconfigExpr) => readonly Part[] = oncePer((whole) =>
  conjuncts(whole).map((expr) => ({ expr, text: printCondition(expr) })),
)

const partsOf = (condition: Condition): readonly Part[] => (condition === null ? [] : partsOfExpr(condition))

const partOf = (symbol: string): Part => ({ expr: symbolExpr(symbol), text: symbol })

function follows(dependency: Condition, implied: ReadonlySet<string>): boolean {
  return partsOf(dependency).every(
    ({ expr, text }) =>
      implied.has(text) || (expr.kind === 'or' && expr.operands.some((operand) => follows(operand, implied))),
  )
}

/**
 * Whether a condition follows from what holds where a line selects, as far as that is ANDed together; not by way of the target, whose
 * dependencies are in doubt.
 */
function isImplied(
  dependency: Condition,
  { condition, target, from }: Selection,
  symbols: KconfigModel['symbols'],
): boolean {
  const implied = new Set<string>([target])
  const waiting: Part[] = [partOf(from), ...partsOf(condition)]
  for (const { expr, text } of waiting) {
    if (implied.has(text)) continue
    implied.add(text)
    if (follows(dependency, implied)) return true
    const named = expr.kind === 'symbol' && !expr.operand.constant ? symbols.get(expr.operand.name) : undefined
    if (named === undefined) continue
    waiting.push(...partsOf(named.dependency))
    for (const each of named.selects) {
      const isSure = each.own === null && each.target !== target && named.definitions.length === 1
      if (isSure && !implied.has(each.target)) waiting.push(partOf(each.target))
    }
  }
  return false
}
