import type { Tree } from '../text/tree.ts'
import { isKconfig, isMakefile } from './world.ts'

/** The symbols that the touched Kconfig files define before a patch and none of them after it. */
export function lostSymbols(before: Tree, after: Tree, touched: readonly string[]): readonly string[] {
  const files = touched.filter(isKconfig)
  const names = (tree: Tree): ReadonlySet<string> => new Set(files.flatMap((path) => namesIn(tree.read(path) ?? '')))
  return [...names(before).difference(names(after))]
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*(?:menu)?config[ \t]+(\w+)/gm)].flatMap((match) => match[1] ?? [])
}

/**
 * The makefiles and Kconfig files of a tree that name one of some symbols, in whatever way: a superset of those that refer to it. Reads
 * all of them, where there are symbols at all.
 */
export function filesNaming(symbols: readonly string[], tree: Tree): readonly string[] {
  if (symbols.length === 0) return []
  const files = buildFiles(tree)
  tree.prefetch(files)
  const wanted = new Set(symbols.flatMap((name) => [name, `CONFIG_${name}`]))
  return files.filter((path) => {
    const text = tree.read(path) ?? ''
    if (!symbols.some((name) => text.includes(name))) return false
    return [...text.matchAll(/\w+/g)].some(([word]) => wanted.has(word))
  })
}

function buildFiles(tree: Tree): readonly string[] {
  const files: string[] = []
  const waiting = ['']
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    for (const { name, kind } of tree.list(directory)) {
      const path = directory === '' ? name : `${directory}/${name}`
      if (kind === 'directory') waiting.push(path)
      else if (kind === 'file' && (isMakefile(path) || isKconfig(path))) files.push(path)
    }
  }
  return files
}
