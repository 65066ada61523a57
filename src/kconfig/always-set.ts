import { oncePer } from '../text/once-per.ts'
import type { Condition, KconfigModel, KconfigSymbol, Selection } from './model.ts'
import { solveOnDemand } from './solve-on-demand.ts'

/** Whether a symbol is y in each configuration. */
export type AlwaysSet = (symbol: string) => boolean

/**
 * The bools that are y whatever is chosen, as ARM and what it selects: those that nobody is asked about whose first default always holds
 * (symbol.c `sym_calc_value()`), and those that such a symbol selects. Conditions that exclude each other are not looked at, so that there may
 * be more. Worked out as far as it is asked for, and kept.
 */
export const alwaysSet: (model: KconfigModel) => AlwaysSet = oncePer(({ symbols }) => {
  const solve = solveOnDemand((name, ask) => {
    const symbol = symbols.get(name)
    return symbol !== undefined && isAlwaysSet(symbol, (other) => ask(other) === 1) ? 1 : 0
  }, 1)
  return (name) => solve(name) === 1
})

function isAlwaysSet(symbol: KconfigSymbol, isAlways: AlwaysSet): boolean {
  const { type, choice, transitional, prompts, defaults, selectedBy } = symbol
  if (type !== 'bool' || choice !== null || transitional) return false
  const [first] = prompts.length === 0 ? defaults : []
  const isDefault = first !== undefined && holds(first.condition, isAlways) && holds(first.value, isAlways)
  return isDefault || selectedBy.some((selection) => raises(selection, isAlways))
}

function raises({ from, condition }: Selection, isAlways: AlwaysSet): boolean {
  return holds(condition, isAlways) && isAlways(from)
}

function holds(condition: Condition, isAlways: AlwaysSet): boolean {
  let rest = condition
  // Conditions that enclose each other are nested to the left, as deep as a file has it.
  while (rest?.kind === 'and') {
    const { operands } = rest
    for (let at = 1; at < operands.length; at++) if (!holds(operands[at] ?? null, isAlways)) return false
    rest = operands[0] ?? null
  }
  if (rest === null) return true
  switch (rest.kind) {
    case 'symbol':
      return rest.operand.constant ? rest.operand.name === 'y' : isAlways(rest.operand.name)
    case 'or':
      return rest.operands.some((each) => holds(each, isAlways))
    case 'not':
    case 'compare':
      return false
  }
}
