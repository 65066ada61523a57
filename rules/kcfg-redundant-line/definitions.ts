import { canMeet, kconfigFiles } from '../../src/review/kconfig-files.ts'
import type { KconfigView, TreeContext } from '../../src/review/rule.ts'

/** The paths of the files that give each symbol a default, once a definition. */
export type Defaults = ReadonlyMap<string, readonly string[]>

/** The symbols that the Kconfig files of a tree give a default, all architectures together. */
export function defaultsOfTree(context: TreeContext): Defaults {
  const defaults = new Map<string, string[]>()
  for (const file of kconfigFiles(context)) {
    for (const name of symbolsWithDefault(file)) defaults.set(name, [...(defaults.get(name) ?? []), file.path])
  }
  return defaults
}

function symbolsWithDefault({ syntax }: KconfigView): readonly string[] {
  return syntax.statements.flatMap((statement) =>
    statement.kind === 'config' && statement.properties.some(({ kind }) => kind === 'default')
      ? [statement.name.text]
      : [],
  )
}

/** Whether a definition of the symbol other than the one in `path` may count in the same configuration. */
export function hasOtherDefault(symbol: string, path: string, defaults: Defaults): boolean {
  return (defaults.get(symbol) ?? []).filter((other) => canMeet(other, path)).length > 1
}
