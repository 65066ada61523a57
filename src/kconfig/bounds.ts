import { opposite, type Tristate } from './cells.ts'
import type { Term } from './terms.ts'

/** Between what the values of symbols lie, by their numbers, as far as that is known; what is learnt can be taken back. */
export type Bounds = {
  /** Adds a symbol of this domain: a bool is n or y. */
  readonly add: (symbol: { readonly isBool: boolean; readonly low: Tristate; readonly high: Tristate }) => number
  readonly lowOf: (at: number) => Tristate
  readonly highOf: (at: number) => Tristate
  /** The least and the greatest value that a term may have. */
  readonly low: (term: Term) => Tristate
  readonly high: (term: Term) => Tristate
  /** Takes a symbol for no less or no more than a value; false where it cannot be so. */
  readonly raise: (at: number, to: Tristate) => boolean
  readonly lower: (at: number, to: Tristate) => boolean
  /** The same of a term, as far as this settles what is in it: of several that would do none is chosen. */
  readonly raiseTerm: (term: Term, to: Tristate) => boolean
  readonly lowerTerm: (term: Term, to: Tristate) => boolean
  /** Whether something has been learnt of a symbol, and all of which that is so. */
  readonly isBounded: (at: number) => boolean
  readonly bounded: () => ReadonlySet<number>
  /** How much has been learnt; `takeBack` leaves the first so many. */
  readonly mark: () => number
  readonly takeBack: (mark: number) => void
}

/** How a symbol came to be bounded more closely. */
export type Change = 'raised' | 'lowered'

/** No symbols yet. `changed` hears of each that is bounded more closely. */
export function createBounds(changed: (at: number, how: Change) => void): Bounds {
  const lows: Tristate[] = []
  const highs: Tristate[] = []
  const bools: boolean[] = []
  /** What they were before anything was learnt. */
  const bottoms: Tristate[] = []
  const tops: Tristate[] = []
  /** A symbol, and its bounds before, each time. */
  const learnt: { readonly at: number; readonly low: Tristate; readonly high: Tristate }[] = []

  const lowOf = (at: number): Tristate => lows[at] ?? 0
  const highOf = (at: number): Tristate => highs[at] ?? 2
  const raise = (at: number, to: Tristate): boolean => {
    const low = to === 1 && bools[at] === true ? 2 : to
    if (low <= lowOf(at)) return true
    if (low > highOf(at)) return false
    learnt.push({ at, low: lowOf(at), high: highOf(at) })
    lows[at] = low
    changed(at, 'raised')
    return true
  }
  const lower = (at: number, to: Tristate): boolean => {
    const high = to === 1 && bools[at] === true ? 0 : to
    if (high >= highOf(at)) return true
    if (high < lowOf(at)) return false
    learnt.push({ at, low: lowOf(at), high: highOf(at) })
    highs[at] = high
    changed(at, 'lowered')
    return true
  }

  const low = (term: Term): Tristate => {
    switch (term.kind) {
      case 'constant':
        return term.value
      case 'symbol':
        return lowOf(term.at)
      case 'is':
        return lowOf(term.at) === term.value && highOf(term.at) === term.value ? 2 : 0
      case 'not':
        return opposite(high(term.operand))
      case 'and':
        return least(term.operands, low)
      case 'or':
        return greatest(term.operands, low)
      case 'open':
        return 0
    }
  }
  const high = (term: Term): Tristate => {
    switch (term.kind) {
      case 'constant':
        return term.value
      case 'symbol':
        return highOf(term.at)
      case 'is':
        return lowOf(term.at) <= term.value && term.value <= highOf(term.at) ? 2 : 0
      case 'not':
        return opposite(low(term.operand))
      case 'and':
        return least(term.operands, high)
      case 'or':
        return greatest(term.operands, high)
      case 'open':
        return 2
    }
  }

  const raiseTerm = (term: Term, to: Tristate): boolean => {
    if (to === 0) return true
    switch (term.kind) {
      case 'constant':
        return term.value >= to
      case 'symbol':
        return raise(term.at, to)
      case 'is':
        return raise(term.at, term.value) && lower(term.at, term.value)
      case 'not':
        return lowerTerm(term.operand, opposite(to))
      case 'and':
        return term.operands.every((each) => raiseTerm(each, to))
      case 'or': {
        if (low(term) >= to) return true
        const only = onlyOne(term.operands, (each) => high(each) >= to)
        return only === 'several' || (only !== 'none' && raiseTerm(only, to))
      }
      case 'open':
        return true
    }
  }
  const lowerTerm = (term: Term, to: Tristate): boolean => {
    if (to === 2) return true
    switch (term.kind) {
      case 'constant':
        return term.value <= to
      case 'symbol':
        return lower(term.at, to)
      case 'is':
        return exclude(term.at, term.value)
      case 'not':
        return raiseTerm(term.operand, opposite(to))
      case 'or':
        return term.operands.every((each) => lowerTerm(each, to))
      case 'and': {
        if (high(term) <= to) return true
        const only = onlyOne(term.operands, (each) => low(each) <= to)
        return only === 'several' || (only !== 'none' && lowerTerm(only, to))
      }
      case 'open':
        return true
    }
  }
  const exclude = (at: number, value: Tristate): boolean => {
    if (lowOf(at) === value) return value < 2 && raise(at, value === 0 ? 1 : 2)
    return highOf(at) !== value || lower(at, value === 2 ? 1 : 0)
  }

  return {
    add: ({ isBool, low: least, high: most }) => {
      bools.push(isBool)
      bottoms.push(least)
      tops.push(most)
      lows.push(least)
      return highs.push(most) - 1
    },
    lowOf,
    highOf,
    low,
    high,
    raise,
    lower,
    raiseTerm,
    lowerTerm,
    isBounded: (at) => lowOf(at) > (bottoms[at] ?? 0) || highOf(at) < (tops[at] ?? 2),
    bounded: () => new Set(learnt.map(({ at }) => at)),
    mark: () => learnt.length,
    takeBack: (mark) => {
      for (let last = learnt.length; last > mark; last--) {
        const before = learnt.pop()
        if (before === undefined) return
        lows[before.at] = before.low
        highs[before.at] = before.high
      }
    },
  }
}

function least(operands: readonly Term[], of: (term: Term) => Tristate): Tristate {
  let result: Tristate = 2
  for (const operand of operands) {
    const value = of(operand)
    if (value < result) result = value
    if (result === 0) break
  }
  return result
}

function greatest(operands: readonly Term[], of: (term: Term) => Tristate): Tristate {
  let result: Tristate = 0
  for (const operand of operands) {
    const value = of(operand)
    if (value > result) result = value
    if (result === 2) break
  }
  return result
}

function onlyOne<Each>(items: readonly Each[], isSo: (each: Each) => boolean): Each | 'none' | 'several' {
  let only: Each | 'none' = 'none'
  for (const each of items) {
    if (!isSo(each)) continue
    if (only !== 'none') return 'several'
    only = each
  }
  return only
}
