import { oncePer } from '../text/once-per.ts'
import { isUnanswered } from './expand.ts'
import type { Condition, KconfigModel, KconfigSymbol, Selection } from './model.ts'
import { solveOnDemand } from './solve-on-demand.ts'

/** Whether some configuration may have a symbol at m or y; where it may not, the symbol is n in each. */
export type Settable = (symbol: string) => boolean

/**
 * The symbols that may be m or y. Only what hangs on a symbol that is not defined, or that is n itself, is looked at: conditions that exclude
 * each other are not, so that more are named here than can be set. Texts and numbers that are defined are always among them. A command may
 * answer y. Worked out as far as it is asked for, and kept.
 */
export const settableSymbols: (model: KconfigModel) => Settable = oncePer(({ symbols, choices }) => {
  const solve = solveOnDemand((name, ask) => {
    const symbol = symbols.get(name)
    if (symbol === undefined) return choices.has(name) ? 1 : 0
    return maySet(symbol, (other) => ask(other) === 1) ? 1 : 0
  }, 1)
  return (name) => solve(name) === 1
})

/** What mostly decides comes first. */
function maySet(symbol: KconfigSymbol, isSettable: Settable): boolean {
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return true
  const { dependency } = symbol
  return (
    (mayHold(dependency, isSettable) && maySetItself(symbol, isSettable)) || mayRaise(symbol.selectedBy, isSettable)
  )
}

/** Whether a symbol may be set where what it depends on may hold. */
function maySetItself({ dependency, prompts, defaults, impliedBy }: KconfigSymbol, isSettable: Settable): boolean {
  const may = (condition: Condition): boolean => mayHold(condition, isSettable, dependency)
  return (
    prompts.some(({ condition }) => may(condition)) ||
    defaults.some(({ value, condition }) => may(condition) && may(value)) ||
    mayRaise(impliedBy, isSettable)
  )
}

function mayRaise(selections: readonly Selection[], isSettable: Settable): boolean {
  return selections.some(({ from, condition }) => mayBeSet(from, isSettable) && mayHold(condition, isSettable))
}

/** `given` is a part of it that may. */
function mayHold(condition: Condition, isSettable: Settable, given: Condition = null): boolean {
  let rest = condition
  // Conditions that enclose each other are nested to the left, as deep as a file has it.
  while (rest !== given && rest?.kind === 'and') {
    const { operands } = rest
    for (let at = 1; at < operands.length; at++) if (!mayHold(operands[at] ?? null, isSettable)) return false
    rest = operands[0] ?? null
  }
  if (rest === null || rest === given) return true
  switch (rest.kind) {
    case 'symbol': {
      const { name, constant } = rest.operand
      return constant ? name === 'y' || name === 'm' : mayBeSet(name, isSettable)
    }
    case 'or':
      return rest.operands.some((each) => mayHold(each, isSettable))
    case 'and':
    case 'not':
    case 'compare':
      return true
  }
}

function mayBeSet(name: string, isSettable: Settable): boolean {
  return isSettable(name) || isUnanswered(name)
}
