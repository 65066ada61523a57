import { once } from '../text/once.ts'
import type { Condition, KconfigModel, KconfigSymbol } from './model.ts'
import { allTerm, anyTerm, type Term, type TermMaker } from './terms.ts'

/** The lines of a symbol as terms, each made when it is asked for: what a symbol depends on often settles it. */
export type SymbolTerms = {
  readonly isBool: boolean
  readonly dependency: Term
  /** Where somebody is asked. */
  readonly visible: () => Term
  /** None for a member of a choice, where they do not count. */
  readonly defaults: () => readonly { readonly when: Term; readonly value: Term }[]
  readonly selects: () => readonly { readonly target: number; readonly when: Term }[]
  /** The others of its choice, of which one alone is y. */
  readonly rivals: () => readonly number[]
  /** How many ways there are for it to be more than n, each by itself; null where its lines do not say it. */
  readonly ways: number | null
  /** One of them. */
  readonly way: (index: number) => Term
  /** Which of them raise it whatever the user says, as a half-open range: those of `select`. */
  readonly raising: readonly [start: number, end: number]
}

/** Of how many symbols that select one what these say is looked at, as it leads far. */
const maxRaising = 8

/** What raises a symbol whatever the user says, where that is little; nothing where it is much. */
export function raisingOf({ raising: [start, end], way }: SymbolTerms): readonly Term[] {
  return end - start > maxRaising ? [] : Array.from({ length: end - start }, (_, index) => way(start + index))
}

/** `made` hears of each term that the symbol's value hangs on, when that is made, and `selected` of each symbol that it selects. */
type Maker = TermMaker & {
  readonly model: KconfigModel
  readonly made: (term: Term) => void
  readonly selected: (target: number) => void
}

/** The lines of a bool or tristate as terms. `select` does not raise members of choices (symbol.c `sym_calc_value()`). */
export function termsOf(symbol: KconfigSymbol, maker: Maker): SymbolTerms {
  const { model, symbolTerm, made, selected } = maker
  const terms = (condition: Condition): Term => {
    const term = maker.terms(condition)
    made(term)
    return term
  }
  const visible = once(() => anyTerm(symbol.prompts.map(({ condition }) => terms(condition))))
  const isPreset = symbol.choice === null && !symbol.transitional
  const defaults = isPreset ? symbol.defaults : []
  return {
    isBool: symbol.type === 'bool',
    dependency: terms(symbol.dependency),
    visible,
    defaults: once(() => defaults.map(({ value, condition }) => ({ when: terms(condition), value: terms(value) }))),
    selects: once(() =>
      symbol.selects.flatMap(({ target: name, condition }) => {
        const target = symbolTerm(name)
        if (target.kind !== 'symbol' || model.symbols.get(name)?.choice !== null) return []
        selected(target.at)
        return [{ target: target.at, when: terms(condition) }]
      }),
    ),
    rivals: once(() =>
      rivalsOf(symbol, model).flatMap((name) => {
        const rival = symbolTerm(name)
        return rival.kind === 'symbol' ? [rival.at] : []
      }),
    ),
    ...waysTo(symbol, visible, maker),
  }
}

/** Its prompts, defaults, and what selects or implies it (symbol.c `sym_calc_value()`): made when asked for, as some have hundreds. */
function waysTo(
  symbol: KconfigSymbol,
  visible: () => Term,
  { terms, symbolTerm, made }: Maker,
): Pick<SymbolTerms, 'ways' | 'way' | 'raising'> {
  // Before Linux 6.11 a member that is not seen takes a default of another definition.
  if (symbol.transitional || (symbol.choice !== null && symbol.defaults.length > 0))
    return { ways: null, way: visible, raising: [0, 0] }
  if (symbol.choice !== null) return { ways: 1, way: visible, raising: [0, 0] }
  const { defaults, selectedBy, impliedBy } = symbol
  const known: (Term | undefined)[] = []
  const makeWay = (index: number): Term => {
    const preset = defaults[index]
    if (preset !== undefined) return allTerm([terms(preset.value), terms(preset.condition)])
    const at = index - defaults.length
    const raising = selectedBy[at] ?? impliedBy[at - selectedBy.length]
    if (index < 0 || raising === undefined) return visible()
    const way = allTerm([symbolTerm(raising.from), terms(raising.condition)])
    made(way)
    return way
  }
  return {
    ways: 1 + defaults.length + selectedBy.length + impliedBy.length,
    way: (index) => (known[index] ??= makeWay(index - 1)),
    raising: [1 + defaults.length, 1 + defaults.length + selectedBy.length],
  }
}

/** Of symbols with several definitions it is not sure which choice they are of. */
function rivalsOf({ name, type, choice, definitions }: KconfigSymbol, model: KconfigModel): readonly string[] {
  const members = choice === null || definitions.length > 1 ? [] : (model.choices.get(choice)?.members ?? [])
  const isRival = (each: string): boolean => {
    const other = model.symbols.get(each)
    return each !== name && other?.type === 'bool' && other.choice === choice && other.definitions.length === 1
  }
  return type === 'bool' ? members.filter(isRival) : []
}
