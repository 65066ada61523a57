import { openTree, type Repository } from '../git/repository.ts'
import { buildChanges } from '../kbuild/build-changes.ts'
import type { ModelOf } from '../kbuild/model-keeper.ts'
import type { KeptModels } from './kept-models.ts'
import { modelTree } from './kernel-model.ts'
import { changedFiles } from './tree-changes.ts'

export type RevisionDiff =
  | { readonly kind: 'diff'; readonly lines: readonly string[]; readonly files: readonly string[] }
  | { readonly kind: 'none'; readonly revision: string }

/** What two revisions build differently for an architecture; `none` with the revision that the repository does not have. */
export async function diffRevisions(
  repository: Repository,
  { from, to }: { readonly from: string; readonly to: string },
  { arch, models }: { readonly arch: string; readonly models?: KeptModels },
): Promise<RevisionDiff> {
  const [before, after] = [await openTree(repository, from), await openTree(repository, to)]
  if (before === null) return { kind: 'none', revision: from }
  if (after === null) return { kind: 'none', revision: to }
  const files = changedFiles(before, after)
  const modelOf: ModelOf = (tree) => modelTree(tree, { arch, configuration: null, ...(models && { models }) })
  return { kind: 'diff', lines: buildChanges(before, after, { touched: files, modelOf }).lines, files }
}
