import { parseKconfig } from '../kconfig/parse.ts'
import type { Property } from '../kconfig/syntax.ts'
import type { Tree } from '../text/tree.ts'
import type { KernelModel } from './kernel-model.ts'

/** A symbol that the touched Kconfig files define otherwise than before. */
export type SymbolChange = {
  readonly kind: 'symbol'
  readonly name: string
  /** Null where none of the files defines it. `unknown` where they give it no type. */
  readonly before: string | null
  readonly after: string | null
  /** Makefiles of the model that still refer to a symbol that is gone. */
  readonly users: readonly string[]
}

/** Which symbols the given files define, and of which type, before and after: added, removed and retyped ones, by name. */
export function changedSymbols(before: Tree, model: KernelModel, touched: readonly string[]): readonly SymbolChange[] {
  const files = touched.filter(isKconfig)
  const [old, young] = [definedIn(before, files), definedIn(model.tree, files)]
  return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((name) => {
    const [was, is] = [old.get(name) ?? null, young.get(name) ?? null]
    if (was === is) return []
    return [{ kind: 'symbol' as const, name, before: was, after: is, users: is === null ? usersOf(model, name) : [] }]
  })
}

/** Whether a path is that of a Kconfig file by its name, as all of Linux 6.12 are. */
export function isKconfig(path: string): boolean {
  return /(?:^|\/)Kconfig(?:[.-][^/]*)?$/.test(path)
}

function definedIn(tree: Tree, files: readonly string[]): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  for (const file of files) {
    for (const statement of parseKconfig(tree.read(file) ?? '').statements) {
      if (statement.kind !== 'config') continue
      const { text: name } = statement.name
      const type = statement.properties.map(typeOf).find((each) => each !== null) ?? null
      if (type !== null || !types.has(name)) types.set(name, type ?? 'unknown')
    }
  }
  return types
}

function typeOf(property: Property): string | null {
  return property.kind === 'type' || property.kind === 'default' ? property.type : null
}

/** The makefiles that mention `CONFIG_NAME`, unless a Kconfig file that was not touched defines it still. */
function usersOf({ tree, directories }: KernelModel, name: string): readonly string[] {
  const mention = new RegExp(`\\bCONFIG_${name}\\b`)
  return [...directories.values()].flatMap(({ makefile }) =>
    mention.test(tree.read(makefile) ?? '') ? [makefile] : [],
  )
}
