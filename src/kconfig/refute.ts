import type { Answers, Hunt } from './hunt.ts'
import type { KconfigModel } from './model.ts'
import { createNumberedSymbols } from './numbered-symbols.ts'
import { settableSymbols } from './settable-symbols.ts'
import { settleSymbol } from './settle-symbol.ts'
import { visitRaising, visitSplits, visitWays, type Demand } from './split.ts'

/**
 * Whether it is seen that no configuration does what is wanted. Where it is not seen, there may be none all the same. `tries`: how
 * often, where one of several has to be so, each is tried: 0 is what follows at once, and more than 2 shows hardly anything more.
 */
export type Refuter = (hunt: Hunt, tries: number) => boolean

/** Of how many each is tried. */
const maxWays = 12
/** Symbols that are settled for one hunt: some 2 ms. */
const maxSteps = 3000

/**
 * Goes from what is wanted to what follows: what is set has its dependencies met and raises what it selects; what is n has no default that
 * holds, and nothing selects it; where one alone of several is left, it is so. Where two things that follow do not go together, nothing does
 * what is wanted.
 */
export function createRefuter(model: KconfigModel, answers: Answers): Refuter {
  const symbols = createNumberedSymbols(model, answers)
  const { bounds } = symbols
  let demands: readonly Demand[] = []
  let except: number | null = null
  let steps = 0

  /** False where what follows does not go together. */
  const settle = (): boolean => {
    for (let mark = -1; mark < bounds.mark();) {
      mark = bounds.mark()
      for (const { term, least, most } of demands)
        if (!bounds.raiseTerm(term, least) || !bounds.lowerTerm(term, most)) return false
      for (let at = symbols.next(); at !== null && steps < maxSteps; at = symbols.next(), steps++)
        if (at !== except && !settleSymbol(at, symbols.linesOf(at), symbols)) return false
    }
    return true
  }
  const isRefuted = (tries: number): boolean => {
    if (!settle()) return true
    if (tries === 0) return false
    for (const ways of splits()) {
      if (steps >= maxSteps) return false
      if (ways.every((way) => isRefutedWith(way, tries - 1))) return true
      // What comes first decides most; where nothing is tried after it, all of them are worth it.
      if (tries > 1) return false
    }
    return false
  }
  const isRefutedWith = (way: Demand, tries: number): boolean => {
    const [before, mark] = [demands, bounds.mark()]
    demands = [...before, way]
    const refuted = isRefuted(tries)
    demands = before
    symbols.takeBack(mark)
    return refuted
  }
  /** The places where one of several has to be so, the fewest first. */
  const splits = (): readonly (readonly Demand[])[] => {
    const found: (readonly Demand[])[] = []
    const offer = (ways: readonly Demand[]): void => {
      if (ways.length <= maxWays) found.push(ways)
    }
    for (const demand of demands) visitSplits(demand, bounds, offer)
    for (const at of bounds.bounded()) {
      if (at === except) continue
      const lines = symbols.linesOf(at)
      visitRaising(lines, { most: bounds.highOf(at), bounds, visit: offer })
      if (bounds.lowOf(at) === 0) continue
      visitSplits({ term: lines.dependency, least: 1, most: 2 }, bounds, offer)
      visitWays(lines, bounds, { visit: offer, limit: maxWays })
    }
    return found.sort((one, other) => one.length - other.length)
  }
  return ({ wanted, except: name }, tries) => {
    if (name !== null && isSetAgainst(name, model)) return false
    demands = wanted.map(({ condition, least, most }) => ({ term: symbols.terms(condition), least, most }))
    const left = name === null ? null : symbols.symbolTerm(name)
    except = left?.kind === 'symbol' ? left.at : null
    steps = 0
    const refuted = isRefuted(tries)
    symbols.takeBack(0)
    return refuted
  }
}

/**
 * Whether a symbol is taken for n as its dependencies are never met, where a line of one of its definitions may set it against them: those
 * of other definitions are not in its condition.
 */
function isSetAgainst(name: string, model: KconfigModel): boolean {
  const definitions = model.symbols.get(name)?.definitions ?? []
  return definitions.length > 1 && !settableSymbols(model)(name)
}
