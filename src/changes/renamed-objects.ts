/** What got another name from one tree to the next: directories, sources with their objects, modules. */
import { sourceOf } from '../kbuild/built-objects.ts'
import type { BuiltObject } from '../kbuild/built-objects.ts'
import type { Tree } from '../text/tree.ts'
import type { ModelPair } from './directory-pairs.ts'
import { makefileCandidates } from '../kbuild/evaluate-directory.ts'
import type { ObjectMap } from './listed-objects.ts'
import { similarity } from './similarity.ts'

/** Share of lines that two files have in common from which on git takes one for the other (git-diff(1), `-M`: 50 %). */
const minSimilarity = 0.5
/** Pairs of sources that are compared line by line. */
const maxCompared = 1000

export type Renamed = { readonly from: string; readonly to: string }

type Before = { readonly old: ObjectMap; readonly young: ObjectMap }

/** Directories that are no longer there, each with the new one that has most of its objects. */
export function renamedDirectories(
  { before, after }: ModelPair,
  { old, young }: Before,
  { gone, come }: { readonly gone: readonly string[]; readonly come: readonly string[] },
): readonly Renamed[] {
  const pairs = gone.flatMap((from) => {
    if (hasMakefile(after.tree, from)) return []
    const was = namesBelow(old, from)
    return come.flatMap((to) => {
      if (hasMakefile(before.tree, to)) return []
      const is = namesBelow(young, to)
      const share = was.intersection(is).size / Math.max(1, was.size, is.size)
      return share < minSimilarity ? [] : [{ from, to, share }]
    })
  })
  return bestPairs(pairs)
}

function hasMakefile(tree: Tree, directory: string): boolean {
  return makefileCandidates(directory).some((path) => tree.read(path) !== null)
}

function namesBelow(objects: ObjectMap, directory: string): Set<string> {
  const prefix = `${directory}/`
  return new Set([...objects.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)))
}

/** Objects that are gone together with their source, each with the new one whose source is most like it. */
export function renamedSources({ before, after }: ModelPair, { old, young }: Before): readonly Renamed[] {
  const lost = [...old.keys()].flatMap((path) => {
    const source = young.has(path) ? null : sourceOf(before.tree, path)
    return source === null || after.tree.read(source) !== null ? [] : [{ path, text: before.tree.read(source) ?? '' }]
  })
  if (lost.length === 0) return []
  const gained = [...young.keys()].flatMap((path) => {
    const source = old.has(path) ? null : sourceOf(after.tree, path)
    return source === null || before.tree.read(source) !== null ? [] : [{ path, text: after.tree.read(source) ?? '' }]
  })
  const isFew = lost.length * gained.length <= maxCompared
  const pairs = lost.flatMap((from) =>
    gained.flatMap((to) => {
      const share = from.text === to.text ? 1 : isFew ? similarity(from.text, to.text) : 0
      return share < minSimilarity ? [] : [{ from: from.path, to: to.path, share }]
    }),
  )
  return bestPairs(pairs)
}

/** Modules that are gone, each with the new one that has most of its objects. Names are those of their `.o`. */
export function renamedModules({ old, young }: Before): readonly Renamed[] {
  const [was, is] = [partsByModule(old), partsByModule(young)]
  const gone = [...was].filter(([module]) => !is.has(module))
  const come = [...is].filter(([module]) => !was.has(module))
  const holders = modulesByPart(come)
  const pairs = gone.flatMap(([from, parts]) => {
    const shared = new Map<string, number>()
    for (const part of parts) for (const to of holders.get(part) ?? []) shared.set(to, (shared.get(to) ?? 0) + 1)
    return [...shared].flatMap(([to, count]) => {
      const share = count / Math.max(parts.size, is.get(to)?.size ?? 0)
      return share < minSimilarity ? [] : [{ from, to, share }]
    })
  })
  return bestPairs(pairs)
}

/** Modules that an object is part of beyond this many do not count: it tells none of them from the others. */
const maxHolders = 16

function modulesByPart(modules: readonly (readonly [string, ReadonlySet<string>])[]): ReadonlyMap<string, string[]> {
  const holders = new Map<string, string[]>()
  for (const [module, parts] of modules) {
    for (const part of parts) {
      const known = holders.get(part)
      if (known === undefined) holders.set(part, [module])
      else if (known.length < maxHolders) known.push(module)
    }
  }
  return holders
}

function partsByModule(objects: ObjectMap): ReadonlyMap<string, Set<string>> {
  const modules = new Map<string, Set<string>>()
  for (const { path, composite, place } of [...objects.values()].flat()) {
    if (place.kind === 'library') continue
    const name = composite ?? path
    const known = modules.get(name)
    if (known === undefined) modules.set(name, new Set([path]))
    else known.add(path)
  }
  return modules
}

/** The best pairs, each name in one at most. */
function bestPairs(pairs: readonly (Renamed & { readonly share: number })[]): readonly Renamed[] {
  const taken = new Set<string>()
  const best: Renamed[] = []
  const sorted = pairs.toSorted((a, b) => b.share - a.share || compare(a.from, b.from) || compare(a.to, b.to))
  for (const { from, to } of sorted) {
    if (taken.has(`<${from}`) || taken.has(`>${to}`)) continue
    taken.add(`<${from}`).add(`>${to}`)
    best.push({ from, to })
  }
  return best.sort((a, b) => compare(a.from, b.from))
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** Objects of the tree before under the names that they have after it, so that what else differs is seen. */
export function underNewNames(objects: ObjectMap, rename: (path: string) => string): ObjectMap {
  const renamed = new Map<string, readonly BuiltObject[]>()
  for (const [path, places] of objects) {
    const to = rename(path)
    const moved = places.map((object): BuiltObject => {
      const { place, composite } = object
      return {
        ...object,
        path: to,
        directory: rename(`${object.directory}/.`).slice(0, -2),
        composite: composite === null ? null : rename(composite),
        place:
          place.kind === 'module' ? { kind: 'module', path: rename(`${place.path}.o`).replace(/\.o$/, '') } : place,
      }
    })
    renamed.set(to, [...(renamed.get(to) ?? []), ...moved])
  }
  return renamed
}
