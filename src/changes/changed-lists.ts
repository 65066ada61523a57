import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { UnknownWords } from '../make/guarded-words.ts'
import { doubtBetween } from './doubts.ts'
import type { Doubt } from './doubts.ts'
import type { DirectoryPair, ModelPair } from './directory-pairs.ts'
import { whereHeld } from '../kbuild/guarded-list.ts'
import type { Directory } from '../kbuild/kernel-model.ts'

/** A word, and where it is. */
export type Guarded = { readonly text: string; readonly when: Cond }

/** What one list of a directory's makefile gained, lost, or has under another condition. */
export type ListChange = {
  readonly kind: 'list'
  /** The directory. */
  readonly path: string
  readonly list: string
  readonly gained: readonly Guarded[]
  readonly lost: readonly Guarded[]
  readonly regated: readonly { readonly text: string; readonly before: Cond; readonly after: Cond }[]
}

/**
 * The lists of Documentation/kbuild/makefiles.rst besides those of objects, each with the variables that go into it: §3.12 and
 * §4 (programs), §3.14 and §5 (always-y, extra-y), §7.9 (device trees), §3.13 (targets), §5 of the chapter on cleaning, and
 * those of tools/testing/selftests/lib.mk.
 */
const lists: readonly (readonly [list: string, variables: readonly string[]])[] = [
  ['hostprogs', ['hostprogs', 'hostprogs-always-y', 'hostprogs-always-m']],
  ['userprogs', ['userprogs', 'userprogs-always-y', 'userprogs-always-m']],
  ['always-y', ['always-y', 'always-m', 'hostprogs-always-y', 'userprogs-always-y']],
  ['extra-y', ['extra-y']],
  ['dtb-y', ['dtb-y']],
  ['targets', ['targets']],
  ['clean-files', ['clean-files']],
  ['generic-y', ['generic-y']],
  ['mandatory-y', ['mandatory-y']],
  ...['TEST_PROGS', 'TEST_GEN_PROGS', 'TEST_PROGS_EXTENDED', 'TEST_GEN_PROGS_EXTENDED', 'TEST_GEN_FILES'].map(
    (name) => [name, [name]] as const,
  ),
  ...['TEST_FILES', 'TEST_GEN_MODS_DIR', 'TEST_CUSTOM_PROGS', 'TARGETS'].map((name) => [name, [name]] as const),
]

/** How the lists of directories differ; of one that came or went with all it lists that is told elsewhere, unless no list leads to it. */
export function changedLists({ after, pairs }: ModelPair, care: Cond): readonly ListChange[] {
  return pairs.flatMap((pair) => changesOf(after.conditions, pair, care))
}

function changesOf(conditions: Conditions, pair: DirectoryPair, care: Cond): readonly ListChange[] {
  const { path, old, young, isLone } = pair
  const directories = [old, young].filter((each) => each !== null)
  if (directories.length < (isLone ? 1 : 2) || old?.evaluation === young?.evaluation) return []
  const compared = [...lists, ...partsOfPrograms(directories)].map(([list, variables]) => {
    const [was, is] = [heldIn(conditions, old, variables), heldIn(conditions, young, variables)]
    return { list, was, is, doubt: doubtBetween(unknownIn(old, variables), unknownIn(young, variables)) }
  })
  const below = (directory: Directory | null): Held => whereHeld(conditions, directory?.lists.subdirectories ?? [])
  const doubt = doubtBetween(old?.lists.unknown ?? [], young?.lists.unknown ?? [])
  const subdirectories = isLone ? [{ list: 'subdirectories', was: below(old), is: below(young), doubt }] : []
  return [...subdirectories, ...compared].flatMap(({ list, ...both }) => {
    const change = compareHeld(conditions, { ...both, care })
    return change === null ? [] : [{ kind: 'list' as const, path, list, ...change }]
  })
}

/** What host and user programs and device trees are made from: `gen-objs`, `gen-cxxobjs`, `board-dtbs`. */
function partsOfPrograms(directories: readonly Directory[]): readonly (readonly [string, readonly string[]])[] {
  const programs = new Set(
    directories.flatMap(({ lists }) => [...lists.hostPrograms, ...lists.userPrograms].map(({ text }) => text)),
  )
  const trees = new Set(directories.flatMap(({ evaluation }) => evaluation.names.filter((n) => n.endsWith('-dtbs'))))
  const parts = [...programs].flatMap((program) => [`${program}-objs`, `${program}-cxxobjs`])
  return [...parts, ...trees].map((name) => [name, [name]] as const)
}

function heldIn(conditions: Conditions, directory: Directory | null, variables: readonly string[]): Held {
  if (directory === null) return new Map()
  const { evaluation } = directory
  const names = new Set(evaluation.names)
  const words = variables.filter((name) => names.has(name)).flatMap((name) => evaluation.words(name).words)
  return whereHeld(conditions, words)
}

function unknownIn(directory: Directory | null, variables: readonly string[]): readonly UnknownWords[] {
  return variables.flatMap((name) => directory?.evaluation.words(name).unknown ?? [])
}

type Held = ReadonlyMap<string, Cond>

/** What one list has and the other has not, or elsewhere, as far as that is known; null where they are the same. */
export function compareHeld(
  conditions: Conditions,
  { was, is, care, doubt }: { readonly was: Held; readonly is: Held; readonly care: Cond; readonly doubt?: Doubt },
): Pick<ListChange, 'gained' | 'lost' | 'regated'> | null {
  const gained: Guarded[] = []
  const lost: Guarded[] = []
  const regated: ListChange['regated'][number][] = []
  for (const text of new Set([...was.keys(), ...is.keys()])) {
    const [before, after] = [was.get(text) ?? never, is.get(text) ?? never]
    if (before === after || conditions.and(before, care) === conditions.and(after, care)) continue
    if (doubt?.gained === true && !conditions.implies(after, before)) continue
    if (doubt?.lost === true && !conditions.implies(before, after)) continue
    if (before === never) gained.push({ text, when: after })
    else if (after === never) lost.push({ text, when: before })
    else regated.push({ text, before, after })
  }
  return gained.length + lost.length + regated.length === 0 ? null : { gained, lost, regated }
}
