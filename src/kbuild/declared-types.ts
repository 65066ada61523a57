import { parseEach, type KconfigFiles } from '../kconfig/files.ts'
import type { Property } from '../kconfig/syntax.ts'
import type { Tree } from '../text/tree.ts'

/** The types that Kconfig files give to symbols, by name, without following `source`: the first that a file gives counts. */
export function declaredTypes(
  tree: Tree,
  files: readonly string[],
  sources: KconfigFiles = parseEach(),
): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  sources.prefetch(tree, files)
  for (const file of files) {
    for (const statement of sources.file(tree, file)?.statements ?? []) {
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
