import { dependenciesOf, enclosingConditions } from '../kconfig/enclosing.ts'
import { parseKconfig } from '../kconfig/parse.ts'
import { exprKey, operandsOf } from '../kconfig/print-expression.ts'
import type { Tree } from '../text/tree.ts'
import { isKconfig, isMakefile } from './world.ts'

/** The symbols that the touched Kconfig files define before a patch and none of them after it. */
export function lostSymbols(before: Tree, after: Tree, touched: readonly string[]): readonly string[] {
  const files = touched.filter(isKconfig)
  const names = (tree: Tree): ReadonlySet<string> => new Set(files.flatMap((path) => namesIn(tree.read(path) ?? '')))
  return [...names(before).difference(names(after))]
}

/** The symbols that the touched Kconfig files define on both sides of a patch, and that depend on something more after it. */
export function tightenedSymbols(before: Tree, after: Tree, touched: readonly string[]): readonly string[] {
  return touched.filter(isKconfig).flatMap((path) => {
    const old = dependenciesIn(before.read(path) ?? '')
    const young = dependenciesIn(after.read(path) ?? '')
    return [...young].flatMap(([name, keys]) => (keys.isSubsetOf(old.get(name) ?? keys) ? [] : [name]))
  })
}

/** What the definitions of each symbol in a file depend on, by that file alone. */
function dependenciesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const file = parseKconfig(text)
  const found = new Map<string, Set<string>>()
  for (const statement of file.statements) {
    if (statement.kind !== 'config') continue
    const exprs = [...enclosingConditions(file, statement), ...dependenciesOf(statement.properties)].map(
      ({ expr }) => expr,
    )
    const keys = found.get(statement.name.text) ?? new Set<string>()
    for (const expr of exprs) for (const part of operandsOf(expr, 'and')) keys.add(exprKey(part))
    found.set(statement.name.text, keys)
  }
  return found
}

/** The Kconfig files that the touched ones bring in before a patch and not after it, and that are still there. Computed paths are not seen. */
export function unsourcedFiles(before: Tree, after: Tree, touched: readonly string[]): readonly string[] {
  const files = touched.filter(isKconfig)
  const sourced = (tree: Tree): ReadonlySet<string> =>
    new Set(files.flatMap((path) => sourcesIn(tree.read(path) ?? '')))
  return [...sourced(before).difference(sourced(after))].filter((path) => isKconfig(path) && after.blob(path) !== null)
}

function sourcesIn(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*source[ \t]+"([^"$\n]+)"/gm)].flatMap(([, path]) => path ?? [])
}

/** The Kconfig files of a tree that select one of some symbols. Reads all of them, where there are symbols at all. */
export function filesSelecting(symbols: readonly string[], tree: Tree): readonly string[] {
  const wanted = new Set(symbols)
  return filesNaming(symbols, tree).filter((path) => {
    const selected = isKconfig(path) ? (tree.read(path) ?? '').matchAll(/^[ \t]*select[ \t]+(\w+)/gm) : []
    return [...selected].some((match) => wanted.has(match[1] ?? ''))
  })
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
