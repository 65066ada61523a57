import type { Tree } from '../text/tree.ts'
import { modelKernel } from './kernel-model.ts'
import type { KernelModel } from './kernel-model.ts'

/** Gives the model of a tree: one that is kept, or made now. */
export type ModelOf = (tree: Tree) => KernelModel

/** Keeps the last few models by the ids of their trees; trees without an id are modelled each time. */
export function createModelKeeper(arch: string): ModelOf & { readonly keep: (model: KernelModel) => void } {
  const kept = new Map<string, KernelModel>()
  const keep = (model: KernelModel): void => {
    if (model.tree.id === null) return
    kept.delete(model.tree.id)
    kept.set(model.tree.id, model)
    const [oldest] = kept.keys()
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
  }
  const modelOf: ModelOf = (tree) => {
    const known = tree.id === null ? undefined : kept.get(tree.id)
    if (known !== undefined) return known
    const model = modelKernel(tree, { arch })
    keep(model)
    return model
  }
  return Object.assign(modelOf, { keep })
}

/** Models kept; most of what they hold is shared. */
const maxKept = 8
