/** What a change of a tree changes in what is built: two models of the same conditions, compared where they differ. */
import type { Cond } from '../cond/conditions.ts'
import { changedCommands } from './changed-commands.ts'
import type { CommandChange } from './changed-commands.ts'
import type { DirectoryChange } from './changed-directories.ts'
import { changedFlags } from './changed-flags.ts'
import type { FlagChange } from './changed-flags.ts'
import { changedLists } from './changed-lists.ts'
import type { ListChange } from './changed-lists.ts'
import { moduleConflicts } from './changed-modules.ts'
import type { ModuleConflict } from './changed-modules.ts'
import { changedObjects } from './changed-objects.ts'
import type { ObjectChange } from './changed-objects.ts'
import { changedVariables } from './changed-variables.ts'
import type { ModelPair } from './directory-pairs.ts'

/** One change of what is built. */
export type BuildChange = DirectoryChange | ObjectChange | ModuleConflict | ListChange | FlagChange | CommandChange

/**
 * The changes between two models that share their conditions (`remodelKernel`): directories first, then objects by path, modules of one
 * name, other lists, flags, rules and commands. Only where `care` holds does a difference count.
 */
export function diffModels(pair: ModelPair, care: Cond): readonly BuildChange[] {
  return [
    ...changedObjects(pair, care),
    ...moduleConflicts(pair, care),
    ...changedLists(pair, care),
    ...changedVariables(pair, care),
    ...changedFlags(pair, care),
    ...changedCommands(pair, care),
  ]
}
