import { parseKconfig } from '../kconfig/parse.ts'
import type { KconfigFile, Property } from '../kconfig/syntax.ts'
import type { Tree } from '../text/tree.ts'

type ParseKconfig = (text: string, blob: string | null) => KconfigFile

/** The types that Kconfig files give to symbols, by name, without following `source`: the first that a file gives counts. */
export function declaredTypes(
  tree: Tree,
  files: readonly string[],
  parse: ParseKconfig = parseKconfig,
): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  tree.prefetch(files)
  for (const file of files) {
    const text = tree.read(file)
    if (text === null) continue
    for (const statement of parse(text, tree.blob(file)).statements) {
      if (statement.kind !== 'config') continue
      const { text: name } = statement.name
      const [type] = statement.properties.flatMap((property) => typeOf(property) ?? [])
      if (type !== undefined && !types.has(name)) types.set(name, type)
    }
  }
  return types
}

function typeOf(property: Property): string | null {
  return property.kind === 'type' || property.kind === 'default' ? property.type : null
}

/** The Kconfig files at and below a directory. */
export function kconfigFilesBelow(tree: Tree, directory: string): readonly string[] {
  const found: string[] = []
  const open = [directory]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { name, kind } of tree.list(at)) {
      const path = `${at}/${name}`
      if (kind === 'directory') open.push(path)
      else if (kind === 'file' && name.startsWith('Kconfig')) found.push(path)
    }
  }
  return found.sort()
}
