import { conjuncts, printCondition } from '../../src/kconfig/condition.ts'
import type { KconfigExpr, KconfigModel, KconfigSymbol, Selection } from '../../src/kconfig/model.ts'

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
    return isLogic && !follows(target, impliedBy(symbol, selection, symbols)) ? [{ selection, target }] : []
  })
}

function follows({ dependency }: KconfigSymbol, implied: ReadonlySet<string>): boolean {
  const isImplied = (part: KconfigExpr): boolean =>
    implied.has(printCondition(part)) ||
    (part.kind === 'or' && part.operands.some((operand) => conjuncts(operand).every(isImplied)))
  return conjuncts(dependency).every(isImplied)
}

/** The texts of what holds where a line selects, as far as it is ANDed together; not by way of the target, whose dependencies are in doubt. */
function impliedBy(
  symbol: KconfigSymbol,
  { condition, target }: Selection,
  symbols: KconfigModel['symbols'],
): ReadonlySet<string> {
  const implied = new Set<string>([target])
  const waiting: KconfigExpr[] = [{ kind: 'symbol', operand: { name: symbol.name, constant: false } }]
  waiting.push(...conjuncts(condition))
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const text = printCondition(part)
    if (implied.has(text)) continue
    implied.add(text)
    const named = part.kind === 'symbol' && !part.operand.constant ? symbols.get(part.operand.name) : undefined
    if (named === undefined) continue
    waiting.push(...conjuncts(named.dependency))
    for (const each of named.selects) {
      const isSure = each.own === null && each.target !== target && named.definitions.length === 1
      if (isSure) waiting.push({ kind: 'symbol', operand: { name: each.target, constant: false } })
    }
  }
  return implied
}
