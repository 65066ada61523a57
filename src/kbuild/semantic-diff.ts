/** What a change of a tree changes in what is built: two models of the same conditions, compared where they differ. */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'
import { objectsOf, sourceOf } from './built-objects.ts'
import type { BuiltObject, Place } from './built-objects.ts'
import { changedFlags } from './changed-flags.ts'
import type { FlagChange } from './changed-flags.ts'
import type { Directory, KernelModel } from './kernel-model.ts'

/** One change of what is built. Conditions of objects are those of their own directory. */
export type BuildChange =
  | {
      readonly kind: 'gained'
      readonly path: string
      readonly when: Cond
      readonly places: readonly Place[]
      readonly at: Span | null
    }
  /** `source` is left in the tree, and nothing builds it any more. */
  | { readonly kind: 'lost'; readonly path: string; readonly when: Cond; readonly source: string | null }
  | {
      readonly kind: 'regated'
      readonly path: string
      readonly before: Cond
      readonly after: Cond
      readonly at: Span | null
    }
  /** Built under the same condition, as a part of something else. */
  | {
      readonly kind: 'moved'
      readonly path: string
      readonly from: readonly Place[]
      readonly to: readonly Place[]
      readonly at: Span | null
    }
  /** Linked into several places at once, where it was not. */
  | {
      readonly kind: 'twice'
      readonly path: string
      readonly when: Cond
      readonly places: readonly Place[]
      readonly at: Span | null
    }
  /** All objects of a directory, and of those below it: its condition changed, it is new, or nothing leads to it any more. */
  | {
      readonly kind: 'directory'
      readonly path: string
      readonly before: Cond
      readonly after: Cond
      readonly objects: number
    }
  | FlagChange

/** The changes between two models that share their conditions (`remodelKernel`), directories first, then by path. */
export function diffModels(before: KernelModel, after: KernelModel): readonly BuildChange[] {
  const { conditions } = after
  const paths = [...new Set([...before.directories.keys(), ...after.directories.keys()])].sort()
  const regated = paths.flatMap((path) => directoryChange(before, after, path))
  const changed = paths.filter((path) => before.parts.get(path) !== after.parts.get(path))
  const old = objectsIn(conditions, before, changed)
  const young = objectsIn(conditions, after, changed)
  const whole = regated.filter((change) => change.before === never || change.after === never).map(({ path }) => path)
  const isWhole = (path: string): boolean => whole.some((each) => path.startsWith(`${each}/`))
  const objects = [...new Set([...old.keys(), ...young.keys()])]
    .sort()
    .filter((path) => !isWhole(path))
    .flatMap((path) =>
      objectChanges({ before, after }, { path, old: old.get(path) ?? [], young: young.get(path) ?? [] }),
    )
  return [...regated, ...objects, ...changed.flatMap((path) => changedFlags(before, after, path))]
}

type DirectoryChange = Extract<BuildChange, { kind: 'directory' }>

/** A directory whose condition changed while that of the directory above did not: the topmost of those that did. */
function directoryChange(before: KernelModel, after: KernelModel, path: string): readonly DirectoryChange[] {
  const [old, young] = [visitOf(before, path), visitOf(after, path)]
  if (old === young || path === '.') return []
  const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'
  const follows = visitOf(before, above) !== visitOf(after, above) && visitOf(before, above) === old
  if (follows && visitOf(after, above) === young) return []
  const model = young === never ? before : after
  const below = [...model.directories.values()].filter((each) => each.path === path || each.path.startsWith(`${path}/`))
  const objects = new Set(below.flatMap((each) => objectsOf(model.conditions, each).map((object) => object.path))).size
  return [{ kind: 'directory', path, before: old, after: young, objects }]
}

function visitOf(model: KernelModel, path: string): Cond {
  return model.directories.get(path)?.when ?? never
}

/** The objects that some directories list, by path. */
function objectsIn(
  conditions: Conditions,
  model: KernelModel,
  paths: readonly string[],
): ReadonlyMap<string, readonly BuiltObject[]> {
  const found = new Map<string, BuiltObject[]>()
  const directories = paths.flatMap((path): Directory[] =>
    [model.directories.get(path)].filter((each) => each !== undefined),
  )
  for (const object of directories.flatMap((directory) => objectsOf(conditions, directory))) {
    const known = found.get(object.path)
    if (known === undefined) found.set(object.path, [object])
    else known.push(object)
  }
  return found
}

type Pair = { readonly path: string; readonly old: readonly BuiltObject[]; readonly young: readonly BuiltObject[] }

function objectChanges(
  models: { readonly before: KernelModel; readonly after: KernelModel },
  { path, old, young }: Pair,
): readonly BuildChange[] {
  const { conditions, tree } = models.after
  const [first] = young
  if (first === undefined) {
    const source = sourceOf(tree, path)
    return [{ kind: 'lost', path, when: anyOwn(conditions, old), source }]
  }
  const at = first.origins[0] ?? null
  if (old.length === 0) return [{ kind: 'gained', path, when: anyOwn(conditions, young), places: placesOf(young), at }]
  const changes: BuildChange[] = []
  const [wasWhen, isWhen] = [anyOwn(conditions, old), anyOwn(conditions, young)]
  if (wasWhen !== isWhen) changes.push({ kind: 'regated', path, before: wasWhen, after: isWhen, at })
  const [from, to] = [placesOf(old), placesOf(young)]
  const overlap = overlapOf(conditions, young)
  const isNewlyTwice = overlap !== never && overlapOf(conditions, old) === never
  if (isNewlyTwice) changes.push({ kind: 'twice', path, when: overlap, places: to, at })
  else if (wasWhen === isWhen && !isSamePlaced(old, young)) changes.push({ kind: 'moved', path, from, to, at })
  return changes
}

function anyOwn(conditions: Conditions, objects: readonly BuiltObject[]): Cond {
  return objects.reduce<Cond>((sum, { own }) => conditions.or(sum, own), never)
}

/** Where an object is in two places at once. Being a part of two composites that are both built in counts too. */
function overlapOf(conditions: Conditions, objects: readonly BuiltObject[]): Cond {
  let overlap: Cond = never
  objects.forEach((left, index) => {
    for (const right of objects.slice(index + 1))
      overlap = conditions.or(overlap, conditions.and(left.when, right.when))
  })
  return overlap
}

function isSamePlaced(old: readonly BuiltObject[], young: readonly BuiltObject[]): boolean {
  const key = ({ place, composite, own }: BuiltObject): string =>
    [place.kind, place.kind === 'builtin' ? '' : place.path, composite, own].join(' ')
  const known = new Set(old.map(key))
  return old.length === young.length && young.every((object) => known.has(key(object)))
}

/** Places without repetition. */
function placesOf(objects: readonly BuiltObject[]): readonly Place[] {
  const places = new Map(objects.map(({ place }) => [place.kind === 'builtin' ? '' : place.path, place] as const))
  return [...places.values()]
}
