import type { Condition, KconfigModel } from './model.ts'

/** The symbols that a symbol's value can never be above. */
export type Ceilings = (symbol: string) => ReadonlySet<string>

/**
 * What bounds symbols from above: a tristate that nothing selects is at most what it depends on (Documentation/kbuild/
 * kconfig-language.rst, "Menu dependencies"), and so on upwards. A cheap part of the truth: a bool is y where what it depends on is m,
 * so it passes nothing on.
 */
export function createCeilings({ symbols }: Pick<KconfigModel, 'symbols'>): Ceilings {
  const known = new Map<string, ReadonlySet<string>>()
  return (asked) => {
    const found = known.get(asked)
    if (found !== undefined) return found
    const above = new Set<string>()
    const open = [asked]
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const symbol = symbols.get(name)
      if (symbol === undefined || symbol.type !== 'tristate' || symbol.selectedBy.length > 0) continue
      for (const each of factorsOf(symbol.dependency)) {
        if (above.has(each)) continue
        above.add(each)
        open.push(each)
      }
    }
    known.set(asked, above)
    return above
  }
}

/** The symbols that a condition is the least of, with whatever else. */
function factorsOf(condition: Condition): readonly string[] {
  if (condition === null) return []
  if (condition.kind === 'symbol') return condition.operand.constant ? [] : [condition.operand.name]
  return condition.kind === 'and' ? condition.operands.flatMap(factorsOf) : []
}
