import type { Cond, Conditions } from '../cond/conditions.ts'
import { never } from '../cond/conditions.ts'
import { objectsOf, pathIn } from '../kbuild/built-objects.ts'
import type { BuiltObject } from '../kbuild/built-objects.ts'
import type { ModelPair } from './directory-pairs.ts'
import type { Directory, KernelModel } from '../kbuild/kernel-model.ts'

/** Objects by path, each with all its places. */
export type ObjectMap = ReadonlyMap<string, readonly BuiltObject[]>

/** The objects that differing directories list, before and after, with the places that other directories give the same objects. */
export function listedObjects(
  { before, after, pairs }: ModelPair,
  care: Cond,
): { readonly old: ObjectMap; readonly young: ObjectMap } {
  const { conditions } = after
  const own = (pick: (pair: ModelPair['pairs'][number]) => Directory | null): Map<string, BuiltObject[]> => {
    const objects = pairs.flatMap((pair) => {
      const directory = pick(pair)
      return directory === null ? [] : objectsOf(conditions, directory)
    })
    return groupByPath(objects.filter(({ when }) => !conditions.excludes(when, care)))
  }
  const [old, young] = [own((pair) => pair.old), own((pair) => pair.young)]
  const paths = new Set([...old.keys(), ...young.keys()])
  const differing = new Set(pairs.map(({ path }) => path))
  addOthers(old, { model: before, paths, differing })
  addOthers(young, { model: after, paths, differing })
  return { old, young }
}

function groupByPath(objects: readonly BuiltObject[]): Map<string, BuiltObject[]> {
  const found = new Map<string, BuiltObject[]>()
  for (const object of objects) {
    const known = found.get(object.path)
    if (known === undefined) found.set(object.path, [object])
    else known.push(object)
  }
  return found
}

type Others = {
  readonly model: KernelModel
  readonly paths: ReadonlySet<string>
  readonly differing: ReadonlySet<string>
}

/** Adds the places that directories which do not differ give these objects: their own directory, and those that write `../`. */
function addOthers(found: Map<string, BuiltObject[]>, { model, paths, differing }: Others): void {
  if (paths.size === 0) return
  const names = new Set([...paths].map(nameOf))
  const asked = [...model.directories.values()].filter(
    (directory) => !differing.has(directory.path) && mayList(directory, { paths, names }),
  )
  for (const object of asked.flatMap((directory) => objectsOf(model.conditions, directory))) {
    if (!paths.has(object.path)) continue
    const known = found.get(object.path)
    if (known === undefined) found.set(object.path, [object])
    else known.push(object)
  }
}

type Wanted = { readonly paths: ReadonlySet<string>; readonly names: ReadonlySet<string> }

/** The names, the last parts of the paths, are compared first: the words of all directories are many. */
function mayList(directory: Directory, { paths, names }: Wanted): boolean {
  const { lists } = directory
  const parts = [...lists.composites.values()].map(({ moduleParts }) => moduleParts)
  return [lists.builtin, lists.module, lists.library, ...parts].some((words) =>
    words.some(({ text }) => names.has(nameOf(text)) && paths.has(pathIn(directory, text))),
  )
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Where any of these objects is in its place: by what their directory says, or by all that leads there. */
export function anyWhen(conditions: Conditions, objects: readonly BuiltObject[], which: 'own' | 'when'): Cond {
  return objects.reduce<Cond>((sum, object) => conditions.or(sum, object[which]), never)
}
