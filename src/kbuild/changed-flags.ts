import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import { objectsOf } from './built-objects.ts'
import { whereHeld } from './guarded-list.ts'
import type { Directory, KernelModel } from './kernel-model.ts'

/** Flags that a variable of a directory gained or lost, and for how many objects they count. */
export type FlagChange = {
  readonly kind: 'flags'
  readonly path: string
  readonly variable: string
  readonly gained: readonly Flag[]
  readonly lost: readonly Flag[]
  readonly objects: number
}

export type Flag = { readonly text: string; readonly when: Cond }

/** The variables of Documentation/kbuild/makefiles.rst §3.7, "Compilation flags". */
const ofDirectory = /^(?:cc|as|ld|rust)flags(?:-remove)?-y$/
const ofSubtree = /^subdir-(?:cc|as|rust)flags-y$/
const ofObject = /^(?:C|A|LD|RUST)FLAGS_(?:REMOVE_)?.+\.o$/

/** How the flags that one directory's makefile sets differ between two models of the same conditions. */
export function changedFlags(before: KernelModel, after: KernelModel, path: string): readonly FlagChange[] {
  const [old, young] = [before.directories.get(path), after.directories.get(path)]
  if (old === undefined || young === undefined) return []
  const names = [...new Set([...old.evaluation.names, ...young.evaluation.names])].filter(isFlagVariable).sort()
  return names.flatMap((variable) => {
    const [was, is] = [flagsIn(after.conditions, old, variable), flagsIn(after.conditions, young, variable)]
    const gained = beyond(after.conditions, is, was)
    const lost = beyond(after.conditions, was, is)
    if (gained.length + lost.length === 0) return []
    return [{ kind: 'flags' as const, path, variable, gained, lost, objects: countObjects(after, young, variable) }]
  })
}

function isFlagVariable(name: string): boolean {
  return ofDirectory.test(name) || ofSubtree.test(name) || ofObject.test(name)
}

function flagsIn(conditions: Conditions, { evaluation }: Directory, variable: string): ReadonlyMap<string, Cond> {
  return whereHeld(conditions, evaluation.words(variable).words)
}

/** What is there in one where it is not in the other. */
function beyond(
  conditions: Conditions,
  left: ReadonlyMap<string, Cond>,
  right: ReadonlyMap<string, Cond>,
): readonly Flag[] {
  return [...left].flatMap(([text, when]) => {
    const rest = conditions.without(when, right.get(text) ?? never)
    return rest === never ? [] : [{ text, when: rest }]
  })
}

function countObjects({ conditions, directories }: KernelModel, directory: Directory, variable: string): number {
  if (ofObject.test(variable)) return 1
  const reached = ofSubtree.test(variable)
    ? [...directories.values()].filter(
        ({ path }) => directory.path === '.' || path === directory.path || path.startsWith(`${directory.path}/`),
      )
    : [directory]
  return new Set(reached.flatMap((each) => objectsOf(conditions, each).map(({ path }) => path))).size
}
