import { always } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Tree } from '../text/tree.ts'
import { changedOrder } from './changed-order.ts'
import { isKconfig } from '../kconfig/is-kconfig.ts'
import { changedSymbols } from './changed-symbols.ts'
import type { KconfigOf } from './changed-symbols.ts'
import { declaredTypes } from '../kbuild/declared-types.ts'
import { pairDirectories } from './directory-pairs.ts'
import { remodelKernel } from '../kbuild/kernel-model.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import type { ModelOf } from '../kbuild/model-keeper.ts'
import { printChanges } from './print-changes.ts'
import { diffModels } from './semantic-diff.ts'

export type BuildChangesOptions = {
  /** The paths in which the trees differ, old and new names. */
  readonly touched: readonly string[]
  readonly modelOf: ModelOf
  /** The model of the tree after, where it is known: made from that of the tree before, with the same conditions. */
  readonly modelAfter?: KernelModel
  /** What Kconfig says; loaded where left out. */
  readonly kconfigOf?: KconfigOf
  /** The most lines; 15 where left out. */
  readonly maxLines?: number
}

export type BuildChanges = {
  /** What changed, a line each, at most 15; none where nothing did. */
  readonly lines: readonly string[]
  /** Built-in objects that are linked in another order: a line a directory. That is no change of what is built. */
  readonly notes: readonly string[]
  /** The model of the tree after, for the next patch of a series; null where none was needed. */
  readonly model: KernelModel | null
}

/**
 * What a patch changes in the build; nothing where it touches no makefile, Kconfig file or name of a source, or changes nothing. The model
 * of the tree before is asked of `modelOf`.
 */
export function buildChanges(before: Tree, after: Tree, options: BuildChangesOptions): BuildChanges {
  const { touched, modelOf, modelAfter, kconfigOf, maxLines } = options
  if (!touched.some(isBuildFile)) return { lines: [], notes: [], model: null }
  const old = modelOf(before)
  const model = modelAfter ?? remodelKernel(old, after, touched)
  const pair = pairDirectories(old, model, touched)
  const care = newBools(old, model, touched)
  const changes = [...diffModels(pair, care), ...changedSymbols(pair, touched, kconfigOf)]
  const print = { care, ...(maxLines !== undefined && { maxLines }) }
  return {
    lines: printChanges(pair, changes, print),
    notes: printChanges(pair, changedOrder(pair), print),
    model,
  }
}

/**
 * That symbols which the touched files define anew as bools are never m. The conditions of both models are made when nobody knows of
 * them, and count them as tristates.
 */
function newBools({ tree, conditions, options }: KernelModel, after: KernelModel, touched: readonly string[]): Cond {
  const files = touched.filter(isKconfig)
  const known = declaredTypes(tree, files)
  const added = [...declaredTypes(after.tree, files)].filter(([name, type]) => type === 'bool' && !known.has(name))
  return added
    .filter(([name]) => options.typeOf?.(name) !== 'bool')
    .reduce<Cond>((all, [name]) => conditions.and(all, conditions.not(conditions.symbolIs(name, 'm'))), always)
}

/** Whether a change of a file can change what is built: makefiles, what they include, and Kconfig files. */
export function isBuildFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return /^(?:Makefile|Kbuild|Platform)(?:[._]|$)/.test(name) || /\.(?:mk|include)$/.test(name) || isKconfig(path)
}
