import { conjuncts, printCondition } from '../../src/kconfig/condition.ts'
import type { KconfigModel, KconfigSymbol, Selection } from '../../src/kconfig/model.ts'

/** A `select` and what it raises. */
export type Edge = { readonly selection: Selection; readonly target: KconfigSymbol }

/** The `select` lines of a symbol whose targets depend on something that the line and its surroundings do not say in the same words. */
export function riskyEdges(symbol: KconfigSymbol, { symbols }: KconfigModel): readonly Edge[] {
  return symbol.selects.flatMap((selection) => {
    const target = symbols.get(selection.target)
    if (target === undefined || target.dependency === null || target.choice !== null) return []
    const isLogic = target.type === 'bool' || target.type === 'tristate'
    return isLogic && !isSaid(selection, target) ? [{ selection, target }] : []
  })
}

function isSaid({ condition }: Selection, { dependency }: KconfigSymbol): boolean {
  const said = new Set(conjuncts(condition).map(printCondition))
  return conjuncts(dependency).every((part) => said.has(printCondition(part)))
}
