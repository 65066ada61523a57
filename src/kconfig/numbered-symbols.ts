import { alwaysSet } from './always-set.ts'
import { createBounds, type Bounds } from './bounds.ts'
import type { Answers } from './hunt.ts'
import type { KconfigModel } from './model.ts'
import { settableSymbols } from './settable-symbols.ts'
import { termsOf, type SymbolTerms } from './symbol-terms.ts'
import { createTerms, visitNumbers, type Term, type Terms } from './terms.ts'

/** The bools and tristates of a model, numbered as they are named, and what is known of their values. */
export type NumberedSymbols = {
  readonly bounds: Bounds
  readonly terms: Terms
  readonly symbolTerm: (name: string) => Term
  readonly linesOf: (at: number) => SymbolTerms
  /** The symbol with `modules`; null where there is none. */
  readonly modules: number | null
  /** The next symbol that has to be settled, as something changed that it hangs on; null where there is none. */
  readonly next: () => number | null
  /** Forgets what has been learnt but for the first `mark` of it. */
  readonly takeBack: (mark: number) => void
}

export function createNumberedSymbols(model: KconfigModel, answers: Answers): NumberedSymbols {
  const isSettable = settableSymbols(model)
  const isAlways = alwaysSet(model)
  const names: string[] = []
  const numbers = new Map<string, number>()
  const known: (SymbolTerms | undefined)[] = []
  /** By symbol, those whose lines name it; and those that select it. */
  const naming: (number[] | undefined)[] = []
  const selecting: (number[] | undefined)[] = []
  const waiting: number[] = []
  const isWaiting: boolean[] = []
  const settleLater = (at: number): void => {
    if (isWaiting[at] === true) return
    isWaiting[at] = true
    waiting.push(at)
  }
  const settleThose = (symbols: readonly number[] | undefined): void => {
    if (symbols !== undefined) for (const at of symbols) if (bounds.isBounded(at)) settleLater(at)
  }
  const bounds: Bounds = createBounds((at, how) => {
    linesOf(at)
    settleLater(at)
    settleThose(naming[at])
    if (how === 'lowered') settleThose(selecting[at])
  })
  const numberOf = (name: string): number => {
    const found = numbers.get(name)
    if (found !== undefined) return found
    const high = isSettable(name) ? 2 : 0
    const low = high === 2 && isAlways(name) ? 2 : 0
    const at = bounds.add({ isBool: model.symbols.get(name)?.type === 'bool', low, high })
    names[at] = name
    numbers.set(name, at)
    return at
  }
  const { terms, symbolTerm } = createTerms(model, answers, numberOf)
  const linesOf = (at: number): SymbolTerms => {
    const found = known[at]
    if (found !== undefined) return found
    const name = names[at] ?? ''
    const symbol = model.symbols.get(name)
    if (symbol === undefined) throw new Error(`a symbol of another model: ${name}`)
    const made = (term: Term): void => {
      visitNumbers(term, (each) => {
        note(naming, each, at)
      })
    }
    const selected = (target: number): void => {
      note(selecting, target, at)
    }
    const lines = termsOf(symbol, { model, terms, symbolTerm, made, selected })
    if (modules !== null && !lines.isBool) note(naming, modules, at)
    known[at] = lines
    return lines
  }
  const modules = model.modules === null ? null : numberOf(model.modules)
  return {
    bounds,
    terms,
    symbolTerm,
    linesOf,
    modules,
    next: () => {
      const at = waiting.pop() ?? null
      if (at !== null) isWaiting[at] = false
      return at
    },
    takeBack: (mark) => {
      bounds.takeBack(mark)
      for (const at of waiting.splice(0)) isWaiting[at] = false
    },
  }
}

function note(lists: (number[] | undefined)[], of: number, at: number): void {
  const list = lists[of]
  if (list === undefined) lists[of] = [at]
  else if (list.at(-1) !== at) list.push(at)
}
