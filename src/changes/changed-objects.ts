import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'
import { sourceOf } from '../kbuild/built-objects.ts'
import type { BuiltObject, Place } from '../kbuild/built-objects.ts'
import { changedDirectories, directoriesOf } from './changed-directories.ts'
import type { DirectoryChange } from './changed-directories.ts'
import { doubtBetween } from './doubts.ts'
import type { ModelPair } from './directory-pairs.ts'
import { anyWhen, listedObjects } from './listed-objects.ts'
import type { ObjectMap } from './listed-objects.ts'
import { renamedDirectories, renamedModules, renamedSources, underNewNames } from './renamed-objects.ts'
import type { Renamed } from './renamed-objects.ts'

/** One change of an object. Conditions are those of its directory, or with all that leads there where several list it. */
export type ObjectChange =
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
  /** Built as a part of something else, under the same condition or another. */
  | {
      readonly kind: 'moved'
      readonly path: string
      readonly from: readonly BuiltObject[]
      readonly to: readonly BuiltObject[]
      readonly before: Cond
      readonly after: Cond
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
  /**
   * Another name of an object and its source, which may be a module by itself; of a directory; or of a module that is linked from
   * others. `objects` are those concerned.
   */
  | ({ readonly kind: 'renamed'; readonly of: NamedThing; readonly objects: number } & Renamed)

export type NamedThing = 'object' | 'single module' | 'directory' | 'module'

/** What differs in the objects of two models: directories first, then what got another name, then objects by path. */
export function changedObjects(pair: ModelPair, care: Cond): readonly (DirectoryChange | ObjectChange)[] {
  const listed = listedObjects(pair, care)
  const directories = changedDirectories(pair, { ...listed, care })
  const names = renameAll(pair, listed, directories)
  const { old, young } = names
  const isNamed = (path: string): boolean =>
    names.changes.some((change) => change.of === 'directory' && (change.from === path || change.to === path))
  const told = directories.filter(({ path }) => !isNamed(path))
  const whole = directoriesOf(told.filter(({ before, after }) => before === never || after === never))
  const isDoubtful = doubtsOf(pair)
  const objects = [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((path) => {
    const both = { path, old: old.get(path) ?? [], young: young.get(path) ?? [] }
    return isToldWhole(both, whole) || isDoubtful(both) ? [] : objectChanges(pair, both, care)
  })
  return [...told, ...names.directories, ...names.changes, ...objects]
}

type Both = { readonly path: string; readonly old: readonly BuiltObject[]; readonly young: readonly BuiltObject[] }

/** Whether an object came or went with its directory. */
function isToldWhole({ old, young }: Both, isWhole: (path: string) => boolean): boolean {
  return (old.length === 0 || young.length === 0) && [...old, ...young].every(({ directory }) => isWhole(directory))
}

/** Whether an object came or went in a directory whose lists hold something unknown on the other side, which may be the same object. */
function doubtsOf({ pairs }: ModelPair): (both: Both) => boolean {
  const doubts = new Map(
    pairs.flatMap(({ path, old, young }) =>
      old === null || young === null ? [] : [[path, doubtBetween(old.lists.unknown, young.lists.unknown)] as const],
    ),
  )
  return ({ old, young }) => {
    if (young.length === 0) return old.some(({ directory }) => doubts.get(directory)?.lost === true)
    return old.length === 0 && young.some(({ directory }) => doubts.get(directory)?.gained === true)
  }
}

type RenamedChange = Extract<ObjectChange, { kind: 'renamed' }>
type Names = {
  readonly old: ObjectMap
  readonly young: ObjectMap
  readonly changes: readonly RenamedChange[]
  /** Renamed directories that are reached under another condition. */
  readonly directories: readonly DirectoryChange[]
}

/** The objects under their new names, and which names these are. */
function renameAll(
  pair: ModelPair,
  listed: { readonly old: ObjectMap; readonly young: ObjectMap },
  directories: readonly DirectoryChange[],
): Names {
  const { young } = listed
  const gone = directories.filter(({ after }) => after === never).map(({ path }) => path)
  const come = directories.filter(({ before }) => before === never).map(({ path }) => path)
  const moved = renamedDirectories(pair, listed, { gone, come })
  const inNewDirectories = underNewNames(listed.old, (path) => throughDirectories(path, moved))
  const sources = renamedSources(pair, { old: inNewDirectories, young })
  const toSource = new Map(sources.map(({ from, to }) => [from, to]))
  const withNewSources = underNewNames(inNewDirectories, (path) => toSource.get(path) ?? path)
  const modules = renamedModules({ old: withNewSources, young })
  const toModule = new Map(modules.map(({ from, to }) => [from, to]))
  const old = renameModules(withNewSources, (path) => toModule.get(path) ?? path)
  const count = (directory: string): number =>
    [...young.keys()].filter((path) => path.startsWith(`${directory}/`)).length
  const regated = moved.flatMap(({ from, to }): DirectoryChange[] => {
    const before = directories.find(({ path }) => path === from)?.before ?? never
    const after = directories.find(({ path }) => path === to)?.after ?? never
    return before === after ? [] : [{ kind: 'directory', path: to, before, after, objects: count(to) }]
  })
  const changes = [
    ...moved.map((each) => ({ kind: 'renamed' as const, of: 'directory' as const, objects: count(each.to), ...each })),
    ...sources.map((each) => {
      const isModule = (young.get(each.to) ?? []).some(
        ({ place, composite }) => place.kind === 'module' && composite === null,
      )
      return {
        kind: 'renamed' as const,
        of: isModule ? ('single module' as const) : ('object' as const),
        objects: 1,
        ...each,
      }
    }),
    ...modules.map((each) => {
      const parts = [...young.values()].filter((places) =>
        places.some(({ path, composite }) => (composite ?? path) === each.to),
      )
      return { kind: 'renamed' as const, of: 'module' as const, objects: parts.length, ...each }
    }),
  ]
  return { old, young, changes, directories: regated }
}

function throughDirectories(path: string, moved: readonly Renamed[]): string {
  const found = moved.find(({ from }) => path.startsWith(`${from}/`))
  return found === undefined ? path : found.to + path.slice(found.from.length)
}

/** Objects as parts of modules with their new names; the objects keep theirs. */
function renameModules(objects: ObjectMap, rename: (path: string) => string): ObjectMap {
  const linked = ({ place, ...object }: BuiltObject): BuiltObject => {
    const to = rename(object.composite ?? object.path)
    const isSame = to === (object.composite ?? object.path)
    return {
      ...object,
      composite: isSame ? object.composite : to === object.path ? null : to,
      place: place.kind === 'module' && !isSame ? { kind: 'module', path: to.replace(/\.o$/, '') } : place,
    }
  }
  return new Map([...objects].map(([path, places]) => [path, places.map(linked)]))
}

function objectChanges({ after }: ModelPair, { path, old, young }: Both, care: Cond): readonly ObjectChange[] {
  const { conditions, tree } = after
  const which = new Set([...old, ...young].map(({ directory }) => directory)).size > 1 ? 'when' : 'own'
  const [wasWhen, isWhen] = [anyWhen(conditions, old, which), anyWhen(conditions, young, which)]
  const [first] = young
  if (first === undefined) {
    const own = anyWhen(conditions, old, 'own')
    return [{ kind: 'lost', path, when: own, source: sourceOf(tree, path) }]
  }
  const at = first.origins[0] ?? null
  if (old.length === 0) {
    const own = anyWhen(conditions, young, 'own')
    return [{ kind: 'gained', path, when: own, places: placesOf(young), at }]
  }
  const changes: ObjectChange[] = []
  const isRegated = conditions.and(wasWhen, care) !== conditions.and(isWhen, care)
  const gates = { path, before: wasWhen, after: isWhen, at }
  const overlap = overlapOf(conditions, young)
  const isNewlyTwice = !conditions.excludes(overlap, care) && overlapOf(conditions, old) === never
  const isMoved = isRegated ? !haveCommonPlace(old, young) : !isSamePlaced(conditions, { old, young, which, care })
  if (isMoved && !isNewlyTwice) return [{ kind: 'moved', ...gates, from: old, to: young }]
  if (isRegated) changes.push({ kind: 'regated', ...gates })
  if (isNewlyTwice) changes.push({ kind: 'twice', path, when: overlap, places: placesOf(young), at })
  return changes
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

function haveCommonPlace(old: readonly BuiltObject[], young: readonly BuiltObject[]): boolean {
  const units = new Set(old.map(unitOf))
  return young.some((object) => units.has(unitOf(object)))
}

/** What an object is linked into before anything else. */
function unitOf({ path, composite, place }: BuiltObject): string {
  return place.kind === 'library' ? place.path : (composite ?? path)
}

type Placed = Pick<Both, 'old' | 'young'> & { readonly which: 'own' | 'when'; readonly care: Cond }

function isSamePlaced(conditions: Conditions, { old, young, which, care }: Placed): boolean {
  const held = (objects: readonly BuiltObject[]): ReadonlyMap<string, Cond> => {
    const places = new Map<string, Cond>()
    for (const object of objects) {
      const { place, composite } = object
      const key = [place.kind, place.kind === 'builtin' ? '' : place.path, composite].join(' ')
      places.set(key, conditions.or(places.get(key) ?? never, object[which]))
    }
    return places
  }
  const [was, is] = [held(old), held(young)]
  const differs = (key: string): boolean =>
    conditions.and(was.get(key) ?? never, care) !== conditions.and(is.get(key) ?? never, care)
  return ![...was.keys(), ...is.keys()].some(differs)
}

/** Places without repetition. */
function placesOf(objects: readonly BuiltObject[]): readonly Place[] {
  const places = new Map(objects.map(({ place }) => [place.kind === 'builtin' ? '' : place.path, place] as const))
  return [...places.values()]
}
