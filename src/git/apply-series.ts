import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { removeDirectory } from '../processes/remove-directory.ts'
import type { Application, AppliedPatch, PatchOutcome } from '../series/application.ts'
import type { Patch, Series } from '../series/series.ts'
import { fileAt, tryPatch, type ApplyContext, type Attempt } from './apply-patch.ts'
import { chooseBase, type BaseOptions } from './base.ts'
import { changeTree } from './change-tree.ts'
import { formatCommit } from './commit-object.ts'
import { fileConflict } from './explain-conflict.ts'
import { createPatchIndex } from './patch-index.ts'
import type { Repository } from './repository.ts'
import { treeOf } from './trees.ts'
import { createTree, type GitTree } from './tree.ts'
import { GitError } from './git-error.ts'

/** One applied patch: the tree that it found and the tree that it left. */
export type AppliedStep = { readonly index: number; readonly before: GitTree; readonly after: GitTree }

/** How a series went on, and the trees it went through: a step for every patch that was applied, in their order. */
export type AppliedSeries = {
  readonly application: Application
  /** The tree of the base; null where there is none. */
  readonly base: GitTree | null
  readonly steps: readonly AppliedStep[]
}

/**
 * Applies a series in the private repository: no checkout, nothing in the user's. Each patch becomes a commit; after a
 * refused one the rest is tried on the tree without it.
 */
export async function applySeries(
  repository: Repository,
  series: Series,
  options: BaseOptions = {},
): Promise<AppliedSeries> {
  const chosen = await chooseBase(repository, series, options)
  if (chosen.kind === 'no-base') return { application: chosen, base: null, steps: [] }
  const { base } = chosen
  const start = treeOf(repository, base.commit)
  if (start === null) throw new GitError('object-missing', `the tree of ${base.commit} is not in the repository`)
  const directory = mkdtempSync(join(repository.scratch, 'apply-'))
  try {
    const { outcomes, steps } = await applyAll(series.patches, {
      repository,
      start,
      commit: base.commit,
      directory,
      options,
    })
    const first = outcomes.find((outcome) => outcome.kind === 'refused')
    const application: Application =
      first?.kind === 'refused'
        ? { kind: 'conflict', base, patches: outcomes, first }
        : { kind: 'applied', base, patches: outcomes.filter((outcome) => outcome.kind === 'applied') }
    return { application, base: start, steps }
  } finally {
    removeDirectory(directory)
  }
}

/** A real patch takes 10 ms, the largest 0.3 s; one made to take long is given up. */
const applyTimeoutMs = 10_000

type Start = {
  readonly repository: Repository
  readonly start: GitTree
  readonly commit: string
  readonly directory: string
  readonly options: BaseOptions
}

async function applyAll(
  patches: readonly Patch[],
  { repository, start, commit: baseCommit, directory, options }: Start,
): Promise<{ readonly outcomes: readonly PatchOutcome[]; readonly steps: readonly AppliedStep[] }> {
  const { signal } = options
  const run = { ...repository.own, timeoutMs: applyTimeoutMs, ...(signal === undefined ? {} : { signal }) }
  const index = createPatchIndex(join(directory, 'index'), { format: repository.format, run })
  const paths = touchedPaths(patches)
  index.set(new Map(paths.map((path) => [path, fileAt(start, path)])))
  const outcomes: PatchOutcome[] = []
  const steps: AppliedStep[] = []
  let [tree, commit] = [start, baseCommit]
  for (const patch of patches) {
    const context = { repository, tree, index, paths, directory, run }
    const settled = settle(await tryPatch(patch, context), context)
    if (settled.kind === 'refused') {
      outcomes.push({ index: patch.index, kind: 'refused', files: settled.files, log: settled.log })
      continue
    }
    const { how, detail, after } = settled
    if (how !== 'already-applied') {
      commit = repository.write('commit', formatCommit(patch, { tree: after.id, parent: commit }))
    }
    const applied: AppliedPatch = { index: patch.index, kind: 'applied', commit, how, detail }
    outcomes.push(applied)
    steps.push({ index: patch.index, before: tree, after })
    tree = after
  }
  return { outcomes, steps }
}

/** Every path that a patch names; those of damaged patches may be anything, and are not asked for. */
function touchedPaths(patches: readonly Patch[]): readonly string[] {
  const files = patches.filter(({ problems }) => problems.length === 0).flatMap((patch) => patch.files)
  return [...new Set(files.flatMap(({ oldPath, newPath }) => [oldPath, newPath]))].filter((path) => path !== null)
}

type Settled =
  | Extract<Attempt, { kind: 'refused' }>
  | { readonly kind: 'applied'; readonly how: AppliedPatch['how']; readonly detail: string; readonly after: GitTree }

/** Writes the trees that an attempt needs. The index knows single paths alone, so files in the way show only here. */
function settle(attempt: Attempt, context: ApplyContext): Settled {
  if (attempt.kind === 'refused') return attempt
  const { repository, tree, index } = context
  const changed = changeTree(tree, attempt.changes, repository)
  if (changed.kind === 'conflict') {
    index.set(new Map([...attempt.changes.keys()].map((path) => [path, fileAt(tree, path)])))
    return { kind: 'refused', files: [fileConflict(changed.path, changed.reason)], log: '' }
  }
  const after = changed.id === tree.id ? tree : createTree(repository.store, changed.id)
  return { kind: 'applied', how: attempt.how, detail: attempt.detail, after }
}
