import type { Tree } from '../text/tree.ts'
import { changedSymbols, isKconfig } from './changed-symbols.ts'
import { modelKernel, remodelKernel } from './kernel-model.ts'
import type { KernelModel } from './kernel-model.ts'
import { printChanges } from './print-changes.ts'
import { diffModels } from './semantic-diff.ts'

/** Gives the model of a tree: one that is kept, or made now. */
export type ModelOf = (tree: Tree) => KernelModel

/**
 * What a patch changes in the build, as at most 15 lines; none where it touches no makefile and no Kconfig file, or changes
 * nothing. `touched` are the paths of the patch, old and new names. The model of the tree before is asked of `modelOf`; the
 * result has that of the tree after, for the next patch of a series, or null where none was needed.
 */
export function buildChanges(
  before: Tree,
  after: Tree,
  { touched, modelOf }: { readonly touched: readonly string[]; readonly modelOf: ModelOf },
): { readonly lines: readonly string[]; readonly model: KernelModel | null } {
  if (!touched.some(isBuildFile)) return { lines: [], model: null }
  const old = modelOf(before)
  const model = remodelKernel(old, after, touched)
  const changes = [...diffModels(old, model), ...changedSymbols(before, model, touched)]
  return { lines: printChanges(model, changes), model }
}

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

/** Whether a change of a file can change what is built: makefiles, what they include, and Kconfig files. */
export function isBuildFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return /^(?:Makefile|Kbuild|Platform)(?:[._]|$)/.test(name) || /\.(?:mk|include)$/.test(name) || isKconfig(path)
}
