import type { SymbolText } from '../make/initial-variables.ts'
import type { KconfigModel } from '../kconfig/model.ts'

/** What a model of all configurations has to know of symbols. */
export type SymbolTypes = {
  readonly typeOf: (symbol: string) => 'bool' | 'tristate'
  readonly symbolText: SymbolText
}

/** The types of a kernel's symbols; one that no Kconfig file defines counts as a tristate, so that what it guards stays in sight. */
export function symbolTypes({ symbols }: Pick<KconfigModel, 'symbols'>): SymbolTypes {
  return {
    typeOf: (symbol) => (symbols.get(symbol)?.type === 'bool' ? 'bool' : 'tristate'),
    symbolText: (symbol) => {
      const type = symbols.get(symbol)?.type
      return type === 'string' || type === 'int' || type === 'hex' ? { kind: 'unknown' } : null
    },
  }
}
