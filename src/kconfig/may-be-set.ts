import { isUnanswered } from './expand.ts'
import type { Condition, KconfigModel, KconfigSymbol } from './model.ts'

/** Symbols that hang on each other in a row and are looked at: the longest rows of Linux 6.12 have some 20. */
const maxDepth = 200

/**
 * Whether some configuration may have a symbol at m or y, be its dependencies met or not: it is n in each where all that could set it hangs on
 * what is not defined, or is n itself. As `settableSymbols`, but worked out for no more symbols than it hangs on; where those are too many it
 * may be.
 */
export function createMayBeSet(model: KconfigModel): (symbol: string) => boolean {
  const known = new Map<string, boolean>()
  const open = new Map<string, number>()
  /** The first of the symbols under way that was asked for again: what is taken for n until then rests on that. */
  let lowest = Infinity
  /** What hangs on symbols under way is worked out again, but not without end. */
  let left = 2 * model.symbols.size
  const may = (name: string): boolean => {
    const found = known.get(name)
    if (found !== undefined) return found
    const depth = open.get(name)
    if (depth !== undefined) {
      lowest = Math.min(lowest, depth)
      return false
    }
    const symbol = model.symbols.get(name)
    if (symbol === undefined) return model.choices.has(name) || isUnanswered(name)
    if (open.size >= maxDepth || left-- <= 0) return true
    const before = lowest
    lowest = Infinity
    open.set(name, open.size)
    const result = maySet(symbol, may)
    open.delete(name)
    if (result || lowest >= open.size) known.set(name, result)
    lowest = Math.min(before, result || lowest >= open.size ? Infinity : lowest)
    return result
  }
  return may
}

/** A line of one definition holds where that definition's dependencies do, and not all others. */
function maySet(symbol: KconfigSymbol, may: (name: string) => boolean): boolean {
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return true
  const isGiven =
    symbol.prompts.some(({ condition }) => mayHold(condition, may)) ||
    symbol.defaults.some(({ value, condition }) => mayHold(value, may) && mayHold(condition, may)) ||
    symbol.impliedBy.some(({ from, condition }) => may(from) && mayHold(condition, may))
  return (
    (isGiven && (symbol.definitions.length > 1 || mayHold(symbol.dependency, may))) ||
    symbol.selectedBy.some(({ from, condition }) => may(from) && mayHold(condition, may))
  )
}

function mayHold(condition: Condition, may: (name: string) => boolean): boolean {
  if (condition === null) return true
  switch (condition.kind) {
    case 'symbol': {
      const { name, constant } = condition.operand
      return constant ? name === 'y' || name === 'm' : may(name)
    }
    case 'and':
      return condition.operands.every((each) => mayHold(each, may))
    case 'or':
      return condition.operands.some((each) => mayHold(each, may))
    case 'not':
    case 'compare':
      return true
  }
}
