import { DiagramTooLarge } from '../cond/bdd.ts'
import type { Tree } from '../text/tree.ts'
import { remodelKernel } from './kernel-model.ts'
import type { KernelModel } from './kernel-model.ts'
import { retypedSymbols } from './retyped-symbols.ts'
import type { SymbolTypes } from './symbol-types.ts'

/** How a tree differs from a known one: in these files, by both names of one that moved. `types` are those of its symbols. */
export type Difference = { readonly changed: readonly string[]; readonly types: SymbolTypes }

/** Nodes of conditions, half of what they may have: beyond it, work that stays within its bounds alone could find none left. */
const maxNodes = 1 << 21

/**
 * The model of a tree by way of a known one, the same as one that is made anew; null where there is no such way: a symbol that the
 * known one asked for is of another type here, or its conditions have grown too large.
 */
export function reuseModel(known: KernelModel, tree: Tree, { changed, types }: Difference): KernelModel | null {
  const { ledger } = known.options
  if (ledger === undefined || known.conditions.size() > maxNodes) return null
  const suspects = retypedSymbols(known.tree, tree, changed)
  if (!(suspects === null ? ledger.agrees(types) : ledger.agrees(types, suspects))) return null
  ledger.follow(types)
  try {
    return remodelKernel(known, tree, changed)
  } catch (error) {
    if (error instanceof DiagramTooLarge) return null
    throw error
  }
}

/** How many directories of a model were not taken over from another. */
export function countAnew({ parts }: KernelModel, known: KernelModel): number {
  return [...parts].filter(([path, each]) => known.parts.get(path) !== each).length
}
