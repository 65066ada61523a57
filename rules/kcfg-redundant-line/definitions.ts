import { canMeet, findDefiners, type Definers } from '../../src/review/kconfig-files.ts'

/** Who gives a symbol a default, in all architectures together. */
export const defaultsOfTree = findDefiners(({ properties }) => properties.some(({ kind }) => kind === 'default'))

/** Whether a definition of the symbol other than the one in `path` may count in the same configuration. */
export function hasOtherDefault(symbol: string, path: string, defaults: Definers): boolean {
  return defaults(symbol).filter((other) => canMeet(other, path)).length > 1
}
