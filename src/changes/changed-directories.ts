import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { objectsOf } from '../kbuild/built-objects.ts'
import type { ModelPair } from './directory-pairs.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import type { ObjectMap } from './listed-objects.ts'

/** All objects of a directory, and of those below it: its condition changed, it is new, or nothing leads to it any more. */
export type DirectoryChange = {
  readonly kind: 'directory'
  readonly path: string
  readonly before: Cond
  readonly after: Cond
  /** Objects that come, go or follow; those that another makefile lists too stay out. */
  readonly objects: number
}

type Listed = { readonly old: ObjectMap; readonly young: ObjectMap; readonly care: Cond }

/** The directories that their makefiles above list otherwise than before: the topmost of those that came or went, by path. */
export function changedDirectories({ before, after }: ModelPair, listed: Listed): readonly DirectoryChange[] {
  const paths = [...new Set([...before.directories.keys(), ...after.directories.keys()])].sort()
  return paths.flatMap((path) => directoryChange({ before, after }, path, listed))
}

type Models = Pick<ModelPair, 'before' | 'after'>

function directoryChange({ before, after }: Models, path: string, listed: Listed): readonly DirectoryChange[] {
  const [was, is] = [visitOf(before, path), visitOf(after, path)]
  const isSame = (left: Cond, right: Cond): boolean =>
    left === right || after.conditions.and(left, listed.care) === after.conditions.and(right, listed.care)
  if (path === '.' || isSame(was, is)) return []
  if (isSame(listingOf(before, path), listingOf(after, path))) return []
  const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'
  if (is === never && was !== never && visitOf(after, above) === never && visitOf(before, above) !== never) return []
  if (was === never && is !== never && visitOf(before, above) === never && visitOf(after, above) !== never) return []
  const objects = countObjects({ before, after }, path, listed)
  if (objects === null) return []
  return [{ kind: 'directory', path, before: was, after: is, objects }]
}

/** The condition under which makefiles above a directory list it, whatever leads to them. */
function listingOf(model: KernelModel, path: string): Cond {
  const parts = path.split('/')
  return parts.reduce<Cond>((sum, _, index) => {
    const above = index === 0 ? '.' : parts.slice(0, index).join('/')
    const name = parts.slice(index).join('/')
    const words = model.directories.get(above)?.lists.subdirectories ?? []
    const held = words.filter(({ text }) => text === name).map(({ when }) => when)
    return held.reduce(model.conditions.or, sum)
  }, never)
}

/** The objects that the directory's change is about; null where all of them are built from elsewhere, before or after. */
function countObjects({ before, after }: Models, path: string, { old, young }: Listed): number | null {
  const isGone = visitOf(after, path) === never
  const isNew = visitOf(before, path) === never
  const model = isGone ? before : after
  const below = [...model.directories.values()].filter((each) => each.path === path || each.path.startsWith(`${path}/`))
  const paths = new Set(below.flatMap((each) => objectsOf(model.conditions, each).map((object) => object.path)))
  const elsewhere = isGone ? young : isNew ? old : null
  const left = [...paths].filter((object) => elsewhere === null || !elsewhere.has(object)).length
  return paths.size > 0 && left === 0 ? null : left
}

function visitOf(model: KernelModel, path: string): Cond {
  return model.directories.get(path)?.when ?? never
}

/** Whether a path is one of the directories of some changes, or lies below one. */
export function directoriesOf(changes: readonly DirectoryChange[]): (path: string) => boolean {
  return (path) => changes.some((change) => path === change.path || path.startsWith(`${change.path}/`))
}
