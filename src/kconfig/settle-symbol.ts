import type { Bounds } from './bounds.ts'
import type { Tristate } from './cells.ts'
import { raisingOf, type SymbolTerms } from './symbol-terms.ts'
import type { Term } from './terms.ts'

/** What is known of the values of symbols; `modules` is the symbol with `modules`, null where there is none. */
export type Settling = { readonly bounds: Bounds; readonly modules: number | null }

/**
 * Takes in what the lines of a symbol say of it and of others in every configuration in which its dependencies are met (symbol.c
 * `sym_calc_value()`), as far as the bounds settle it; false where it cannot be so.
 */
export function settleSymbol(at: number, lines: SymbolTerms, settling: Settling): boolean {
  return (
    settleType(at, lines, settling) &&
    settleDependency(at, lines, settling) &&
    settleSelects(at, lines, settling) &&
    settleRaising(at, lines, settling) &&
    settleDefaults(at, lines, settling) &&
    settleWays(at, lines, settling)
  )
}

/** m takes modules, and y of a member of a choice is the only one. */
function settleType(at: number, { isBool, rivals }: SymbolTerms, { bounds, modules }: Settling): boolean {
  const low = bounds.lowOf(at)
  if (!isBool && low === 1 && bounds.highOf(at) === 1) return modules !== null && bounds.raise(modules, 2)
  return low < 2 || rivals().every((rival) => bounds.lower(rival, 0))
}

/** What gives a symbol a value gives it to a tristate exactly, where there are modules; y to a bool where it is m. */
function isExact({ isBool }: SymbolTerms, { bounds, modules }: Settling): boolean {
  return !isBool && modules !== null && bounds.lowOf(modules) > 0
}

function settleDependency(at: number, lines: SymbolTerms, settling: Settling): boolean {
  const { bounds } = settling
  const exact = isExact(lines, settling)
  const given = bounds.high(lines.dependency)
  if (given === 0 || (given === 1 && exact)) {
    if (!bounds.lower(at, given)) return false
  }
  const own = bounds.lowOf(at)
  return own === 0 || bounds.raiseTerm(lines.dependency, exact ? own : 1)
}

/** What is selected is no less than the least of the symbol and the condition. */
function settleSelects(at: number, { selects }: SymbolTerms, { bounds }: Settling): boolean {
  const own = bounds.lowOf(at)
  return selects().every(({ target, when }) => {
    const most = bounds.highOf(target)
    const given = bounds.low(when)
    if (own > most && !bounds.lowerTerm(when, most)) return false
    if (given > most && !bounds.lower(at, most)) return false
    const least = smallest(own, given)
    return least === 0 || bounds.raise(target, least)
  })
}

/** What raises it is no more than it is. */
function settleRaising(at: number, lines: SymbolTerms, { bounds }: Settling): boolean {
  const most = bounds.highOf(at)
  return most === 2 || raisingOf(lines).every((way) => bounds.lowerTerm(way, most))
}

/** Where nobody is asked, it is no less than the first default that holds. */
function settleDefaults(at: number, { visible, defaults }: SymbolTerms, { bounds }: Settling): boolean {
  const { low, high, lowerTerm } = bounds
  const lines = defaults()
  if (lines.length === 0) return true
  const isUnasked = high(visible()) === 0
  const most = bounds.highOf(at)
  let least: Tristate = 2
  for (const { when, value } of lines) {
    // Up to here each default that may hold gives more than the symbol may be.
    if (isUnasked && least > most) {
      if (low(value) > most && !lowerTerm(when, most)) return false
      if (low(when) > most && !lowerTerm(value, most)) return false
    }
    if (high(when) === 0) continue
    const [sure, given] = [low(when), low(value)]
    least = smallest(least, sure === 2 ? 2 : 1, given)
    if (least === 0) return true
    if (sure > 0) return isUnasked ? bounds.raise(at, least) : least <= most || bounds.raiseTerm(visible(), 1)
  }
  return true
}

/** Above n only by a prompt, a default, or what selects or implies it. */
function settleWays(at: number, lines: SymbolTerms, settling: Settling): boolean {
  const { bounds } = settling
  const { ways, way } = lines
  const own = bounds.lowOf(at)
  if (ways === null || own === 0) return true
  const least = isExact(lines, settling) ? own : 1
  let only: Term | null = null
  for (let index = 0; index < ways; index++) {
    const each = way(index)
    if (bounds.high(each) < least) continue
    if (only !== null) return true
    only = each
  }
  return only !== null && bounds.raiseTerm(only, least)
}

function smallest(...values: readonly Tristate[]): Tristate {
  return values.reduce((one, other) => (other < one ? other : one))
}
