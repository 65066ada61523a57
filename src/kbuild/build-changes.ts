import type { Tree } from '../text/tree.ts'
import { changedSymbols, isKconfig } from './changed-symbols.ts'
import { remodelKernel } from './kernel-model.ts'
import type { KernelModel } from './kernel-model.ts'
import type { ModelOf } from './model-keeper.ts'
import { printChanges } from './print-changes.ts'
import { diffModels } from './semantic-diff.ts'

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

/** Whether a change of a file can change what is built: makefiles, what they include, and Kconfig files. */
export function isBuildFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return /^(?:Makefile|Kbuild|Platform)(?:[._]|$)/.test(name) || /\.(?:mk|include)$/.test(name) || isKconfig(path)
}
