import type { SymbolTypes } from './symbol-types.ts'

/** What the evaluation of makefiles has to know of a symbol: `text` is a string or a number. */
export type SymbolKind = 'bool' | 'tristate' | 'text'

/** The types of symbols, and which of them a model hangs on: those that it asked for keep the answer that they had. */
export type TypeLedger = SymbolTypes & {
  /** Each symbol that was asked for, with the answer. */
  readonly answers: ReadonlyMap<string, SymbolKind>
  /** Whether other types would have given the same answers, to all that was asked or to these symbols of it. */
  readonly agrees: (types: SymbolTypes, among?: ReadonlySet<string>) => boolean
  /** What answers for symbols that are asked for the first time from now on. */
  readonly follow: (types: SymbolTypes) => void
}

/** A ledger over some types, with answers that were given before. */
export function createTypeLedger(types: SymbolTypes, given: Iterable<readonly [string, SymbolKind]> = []): TypeLedger {
  const answers = new Map(given)
  let current = types
  const kindOf = (symbol: string): SymbolKind => {
    let kind = answers.get(symbol)
    if (kind === undefined) {
      kind = ask(current, symbol)
      answers.set(symbol, kind)
    }
    return kind
  }
  return {
    answers,
    typeOf: (symbol) => (kindOf(symbol) === 'bool' ? 'bool' : 'tristate'),
    symbolText: (symbol) => (kindOf(symbol) === 'text' ? { kind: 'unknown' } : null),
    agrees: (others, among) => {
      const asked = among === undefined ? [...answers.keys()] : [...among].filter((symbol) => answers.has(symbol))
      return asked.every((symbol) => answers.get(symbol) === ask(others, symbol))
    },
    follow: (others) => {
      current = others
    },
  }
}

function ask({ typeOf, symbolText }: SymbolTypes, symbol: string): SymbolKind {
  return symbolText(symbol) === null ? typeOf(symbol) : 'text'
}
