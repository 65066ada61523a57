import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { pathIn } from '../kbuild/built-objects.ts'
import type { ModelPair } from './directory-pairs.ts'
import type { Directory, KernelModel } from '../kbuild/kernel-model.ts'

/** Two modules of one name, which scripts/modules-check.sh refuses (since Linux 5.8); they were not, or not at once. */
export type ModuleConflict = {
  readonly kind: 'conflict'
  /** Without `.ko`. */
  readonly name: string
  /** Without `.ko`, from the top of the tree. */
  readonly paths: readonly [string, string]
  readonly when: Cond
}

/** The modules of one name that a change brings together, in whichever directories. */
export function moduleConflicts({ before, after, pairs }: ModelPair, care: Cond): readonly ModuleConflict[] {
  const names = new Set(pairs.flatMap(({ young }) => (young === null ? [] : modulesOf(young).map(({ name }) => name))))
  if (names.size === 0) return []
  const [old, young] = [modulesNamed(before, names), modulesNamed(after, names)]
  return [...names].sort().flatMap((name) => {
    const known = conflictsAmong(before, name, old.get(name) ?? [])
    return conflictsAmong(after, name, young.get(name) ?? []).filter(({ paths, when }) => {
      const was = known.find((each) => each.paths.join() === paths.join())
      return was === undefined && !after.conditions.excludes(when, care)
    })
  })
}

type Module = { readonly name: string; readonly path: string; readonly when: Cond }

function modulesOf(directory: Directory): readonly { readonly name: string; readonly text: string }[] {
  return directory.lists.module.flatMap(({ text }) =>
    text.endsWith('.o') ? [{ name: text.slice(text.lastIndexOf('/') + 1, -2), text }] : [],
  )
}

function modulesNamed(model: KernelModel, names: ReadonlySet<string>): ReadonlyMap<string, readonly Module[]> {
  const { and, or } = model.conditions
  const found = new Map<string, Map<string, Module>>()
  for (const directory of model.directories.values()) {
    for (const { text, when: own } of directory.lists.module) {
      const name = text.slice(text.lastIndexOf('/') + 1, -2)
      if (!text.endsWith('.o') || !names.has(name)) continue
      const path = pathIn(directory, text).slice(0, -2)
      const modules = found.get(name) ?? new Map<string, Module>()
      const when = or(modules.get(path)?.when ?? never, and(own, directory.needModorder))
      found.set(name, modules.set(path, { name, path, when }))
    }
  }
  return new Map([...found].map(([name, modules]) => [name, [...modules.values()]]))
}

function conflictsAmong(model: KernelModel, name: string, modules: readonly Module[]): readonly ModuleConflict[] {
  const sorted = modules.toSorted((left, right) => (left.path < right.path ? -1 : 1))
  return sorted.flatMap((left, index) =>
    sorted.slice(index + 1).flatMap((right): ModuleConflict[] => {
      const when = model.conditions.and(left.when, right.when)
      return when === never ? [] : [{ kind: 'conflict', name, paths: [left.path, right.path], when }]
    }),
  )
}
