import { openTree, type Repository } from '../git/repository.ts'
import { buildChanges } from '../changes/build-changes.ts'
import { createKconfigLoader } from '../changes/changed-symbols.ts'
import type { ModelOf } from '../kbuild/model-keeper.ts'
import { archOf } from '../kbuild/source-arch.ts'
import { joinArchs, type ChangesFor } from '../review/changes.ts'
import type { Tree } from '../text/tree.ts'
import type { KeptModels } from './kept-models.ts'
import { modelTree } from './kernel-model.ts'
import { changedFiles } from './tree-changes.ts'

export type RevisionDiff =
  | {
      readonly kind: 'diff'
      /** As `ARCH=` of make. */
      readonly archs: readonly string[]
      /** What changed, by the architectures for which it did. */
      readonly changes: readonly ChangesFor[]
      /** Built-in objects that are linked in another order, which is no change of what is built. */
      readonly order: readonly ChangesFor[]
      readonly files: readonly string[]
    }
  | { readonly kind: 'none'; readonly revision: string }

export type DiffOptions = {
  /** As `ARCH=` of make; `all` stands for those that the later revision has. */
  readonly archs: readonly string[]
  readonly models?: KeptModels
}

/** What two revisions build differently; `none` with the revision that the repository does not have. */
export async function diffRevisions(
  repository: Repository,
  { from, to }: { readonly from: string; readonly to: string },
  { archs: asked, models }: DiffOptions,
): Promise<RevisionDiff> {
  const [before, after] = [await openTree(repository, from), await openTree(repository, to)]
  if (before === null) return { kind: 'none', revision: from }
  if (after === null) return { kind: 'none', revision: to }
  const files = changedFiles(before, after)
  const archs = [...new Set(asked.flatMap((arch) => (arch === 'all' ? archsIn(after) : [arch])))]
  const kconfigOf = createKconfigLoader()
  const byArch = archs.map((arch) => {
    const modelOf: ModelOf = (tree) => modelTree(tree, { arch, configuration: null, ...(models && { models }) })
    const touched = archs.length === 1 ? files : files.filter((file) => isFor(arch, file, archs))
    return { arch, ...buildChanges(before, after, { touched, modelOf, kconfigOf, maxLines: Infinity }) }
  })
  const { changes } = joinArchs(byArch)
  const order = joinArchs(byArch.map(({ arch, notes }) => ({ arch, lines: notes }))).changes
  return { kind: 'diff', archs, changes, order, files }
}

/** The architectures of a tree, by the directories below arch/ that have a Makefile. */
function archsIn(tree: Tree): readonly string[] {
  return tree
    .list('arch')
    .filter(({ name }) => tree.read(`arch/${name}/Makefile`) !== null)
    .map(({ name }) => archOf(`arch/${name}/`))
}

/** Whether a file is looked at for an architecture: not where it is another's, and that is asked for too. */
function isFor(arch: string, file: string, archs: readonly string[]): boolean {
  const [, directory] = /^arch\/([^/]+)\//.exec(file) ?? []
  const own = directory === undefined ? arch : archOf(`arch/${directory}/`)
  return own === arch || !archs.includes(own)
}
