import type { SymbolText } from '../make/initial-variables.ts'
import type { KconfigModel } from '../kconfig/model.ts'
import type { KconfigFiles } from '../kconfig/files.ts'
import type { Tree } from '../text/tree.ts'
import { declaredTypes, kconfigFilesBelow } from './declared-types.ts'

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

/**
 * The types of symbols for a model that several architectures may share: those of one architecture, which is loaded when the first is
 * asked for, then those that the files below arch/ give. One that none defines counts as a tristate, so that what it guards
 * stays in sight.
 */
export function typesOfTree(
  tree: Tree,
  load: () => Pick<KconfigModel, 'symbols'> | null,
  files?: KconfigFiles,
): SymbolTypes {
  let own: Pick<KconfigModel, 'symbols'> | null | undefined
  let others: ReadonlyMap<string, string> | null = null
  const typeOf = (symbol: string): string | undefined => {
    own = own === undefined ? load() : own
    const type = own?.symbols.get(symbol)?.type
    if (type !== undefined && type !== 'unknown') return type
    others ??= declaredTypes(tree, kconfigFilesBelow(tree, 'arch'), files)
    return others.get(symbol)
  }
  return {
    typeOf: (symbol) => (typeOf(symbol) === 'bool' ? 'bool' : 'tristate'),
    symbolText: (symbol) => {
      const type = typeOf(symbol)
      return type === 'string' || type === 'int' || type === 'hex' ? { kind: 'unknown' } : null
    },
  }
}
