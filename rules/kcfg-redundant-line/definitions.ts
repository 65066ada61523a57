import type { KconfigView, TreeContext } from '../../src/review/rule.ts'

/** The paths of the files that give each symbol a default. */
export type Defaults = ReadonlyMap<string, readonly string[]>

/** The symbols that the Kconfig files of a tree give a default, all architectures together. */
export function defaultsOfTree({ tree, kconfig, kconfigs }: TreeContext): Defaults {
  const defaults = new Map<string, string[]>()
  const roots = tree.list('arch').map(({ name }) => `arch/${name}/Kconfig`)
  const waiting = ['Kconfig', ...roots, ...kconfigs.map(({ path }) => path)]
  const seen = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = seen.has(path) ? null : kconfig(path)
    seen.add(path)
    if (file === null) continue
    waiting.push(...sourcesOf(file))
    for (const name of symbolsWithDefault(file)) defaults.set(name, [...(defaults.get(name) ?? []), path])
  }
  return defaults
}

/** The files that a file reads, those whose path is written out. */
function sourcesOf({ syntax }: KconfigView): readonly string[] {
  return syntax.statements.flatMap((statement) =>
    statement.kind === 'source' && statement.path.parts === null ? [statement.path.text] : [],
  )
}

/** The symbol of each definition that has a default, once a definition. */
function symbolsWithDefault({ syntax }: KconfigView): readonly string[] {
  return syntax.statements.flatMap((statement) =>
    statement.kind === 'config' && statement.properties.some(({ kind }) => kind === 'default')
      ? [statement.name.text]
      : [],
  )
}

/** Whether a definition of the symbol other than one in `path` may count in the same configuration: there is one architecture at a time. */
export function hasOtherDefault(symbol: string, path: string, defaults: Defaults): boolean {
  const [own, ...more] = (defaults.get(symbol) ?? []).filter((other) => canMeet(other, path))
  return own !== undefined && more.length > 0
}

function canMeet(one: string, other: string): boolean {
  const [left, right] = [architectureOf(one), architectureOf(other)]
  return left === null || right === null || left === right
}

function architectureOf(path: string): string | null {
  return /^arch\/([^/]+)\//.exec(path)?.[1] ?? null
}
