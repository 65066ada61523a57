import type { Tree } from '../text/tree.ts'
import type { KernelModel } from './kernel-model.ts'

/** Gives the model of a tree: one that is kept, or made now. */
export type ModelOf = (tree: Tree) => KernelModel

/** The last few models by the ids of their trees. Trees without an id are not remembered. */
export type ModelMemory = {
  readonly find: (tree: Tree) => KernelModel | null
  readonly keep: (model: KernelModel) => void
  /** All that are kept, used last first. */
  readonly recent: () => readonly KernelModel[]
}

/** An empty memory. */
export function createModelMemory(): ModelMemory {
  const kept = new Map<string, KernelModel>()
  const keep = (model: KernelModel): void => {
    if (model.tree.id === null) return
    kept.delete(model.tree.id)
    kept.set(model.tree.id, model)
    const [oldest] = kept.keys()
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
  }
  const find = ({ id }: Tree): KernelModel | null => {
    const known = id === null ? undefined : kept.get(id)
    if (known !== undefined) keep(known)
    return known ?? null
  }
  return { find, keep, recent: () => [...kept.values()].reverse() }
}

/** Models kept; most of what they hold is shared. */
const maxKept = 8
