import type { KconfigFile } from '../../src/kconfig/syntax.ts'
import { canMeet, kconfigFiles } from '../../src/review/kconfig-files.ts'
import type { TreeContext } from '../../src/review/rule.ts'
import { oncePer } from '../../src/text/once-per.ts'

/** The paths of the files that give each symbol a default, once a definition. */
export type Defaults = ReadonlyMap<string, readonly string[]>

/** The symbols that the Kconfig files of a tree give a default, all architectures together. */
export function defaultsOfTree(context: TreeContext): Defaults {
  const defaults = new Map<string, string[]>()
  for (const file of kconfigFiles(context)) {
    for (const name of symbolsWithDefault(file.syntax)) {
      const paths = defaults.get(name)
      if (paths === undefined) defaults.set(name, [file.path])
      else paths.push(file.path)
    }
  }
  return defaults
}

const symbolsWithDefault: (file: KconfigFile) => readonly string[] = oncePer(({ statements }) =>
  statements.flatMap((statement) =>
    statement.kind === 'config' && statement.properties.some(({ kind }) => kind === 'default')
      ? [statement.name.text]
      : [],
  ),
)

/** Whether a definition of the symbol other than the one in `path` may count in the same configuration. */
export function hasOtherDefault(symbol: string, path: string, defaults: Defaults): boolean {
  return (defaults.get(symbol) ?? []).filter((other) => canMeet(other, path)).length > 1
}
