import { pathOf } from '../diff/file-diff.ts'
import type { AppliedPatch, Conflict } from '../series/application.ts'
import type { Patch } from '../series/series.ts'
import { applyContent } from './apply-content.ts'
import type { TreeChanges } from './change-tree.ts'
import { fileConflict } from './explain-conflict.ts'
import { GitError } from './git-error.ts'
import { describeReports, readGitReports } from './hunk-reports.ts'
import { mayBeIn } from './may-be-in.ts'
import { outsideLinks } from './outside-links.ts'
import type { PatchIndex } from './patch-index.ts'
import { partsOf, writeGitPatch, type PatchPart } from './patch-parts.ts'
import type { Repository } from './repository.ts'
import type { RunOptions } from './run.ts'
import { directoryMode, type TreeItem } from './tree-object.ts'
import type { GitTree } from './tree.ts'

/** What became of one patch: the paths it changes and how, or what refuses it. */
export type Attempt =
  | {
      readonly kind: 'changes'
      readonly changes: TreeChanges
      readonly how: AppliedPatch['how']
      readonly detail: string
    }
  | { readonly kind: 'refused'; readonly files: readonly Conflict[]; readonly log: string }

/** The world a patch is tried in. The index holds what the tree has at the paths that the series touches. */
export type ApplyContext = {
  readonly repository: Repository
  readonly tree: GitTree
  readonly index: PatchIndex
  /** The paths that the series touches. */
  readonly paths: readonly string[]
  /** Where files may be laid out. */
  readonly directory: string
  readonly run: RunOptions
}

/**
 * Tries a patch: as it is; then whether it is in already, because both ways that follow would put parts of it in a second
 * time; then as a merge with the versions its index lines name; then with fuzz. Where it is refused the index is as before.
 */
export async function tryPatch(patch: Patch, context: ApplyContext): Promise<Attempt> {
  const damage = damageOf(patch)
  if (damage.length > 0) return { kind: 'refused', files: damage, log: '' }
  try {
    return await tryEachWay(patch, context)
  } catch (error) {
    if (!(error instanceof GitError) || (error.code !== 'timeout' && error.code !== 'too-much-output')) throw error
    context.index.set(new Map(context.paths.map((path) => [path, fileAt(context.tree, path)])))
    return { kind: 'refused', files: [fileConflict('', `applying it was given up: ${error.message}`)], log: '' }
  }
}

async function tryEachWay(patch: Patch, context: ApplyContext): Promise<Attempt> {
  if (patch.files.length === 0) {
    return { kind: 'changes', changes: new Map(), how: 'clean', detail: 'the mail carries no diff' }
  }
  const parts = partsOf(patch.files, patch.bytes)
  if (parts === null) {
    const reason = 'the text of the mail and its bytes hold different diffs'
    return { kind: 'refused', files: [fileConflict('', reason)], log: '' }
  }
  const text = writeGitPatch(parts)
  const clean = await context.index.apply(text, ['--verbose'])
  if (clean.exitCode === 0) {
    const changes = changesIn(context)
    const detail = [describeGit(parts, clean.stderr), ...outsideLinks(patch.files)].filter((text) => text !== '')
    return { kind: 'changes', changes, how: 'clean', detail: detail.join('; ') }
  }
  if (mayBeIn(context.tree, patch.files)) {
    const reverse = await context.index.apply(text, ['--check', '--reverse'])
    if (reverse.exitCode === 0) return { kind: 'changes', changes: new Map(), how: 'already-applied', detail: '' }
  }
  const merged = await tryMerge(text, parts, context)
  if (merged !== null) return merged
  const content = await applyContent(context.tree, parts, context)
  const log = shorten(`${clean.stderr}${content.log}`)
  if (content.kind === 'conflicts') return { kind: 'refused', files: content.files, log }
  context.index.set(content.changes)
  return { kind: 'changes', changes: content.changes, how: 'fuzz', detail: content.detail }
}

/** Places named of a damaged diff: one says that the mail was spoilt, ten say no more. */
const mostDamage = 10

/** Files that a patch may change: the largest of two years of linux-kbuild changes 206. Beyond, it is no patch to review. */
const mostFiles = 5000

function damageOf(patch: Patch): readonly Conflict[] {
  if (patch.files.length > mostFiles) return [fileConflict('', `the patch changes more than ${mostFiles} files`)]
  return patch.problems.slice(0, mostDamage).map(({ line, message }) => {
    const file = patch.files.findLast(({ patchLine }) => patchLine <= line)
    return fileConflict(
      file?.newPath ?? file?.oldPath ?? '',
      `the diff is damaged at line ${line} of the mail: ${message}`,
    )
  })
}

/** What the index holds at the paths of the series that the tree does not. */
function changesIn({ index, tree, paths }: ApplyContext): TreeChanges {
  const { items } = index.entries()
  const changes = new Map<string, TreeItem | null>()
  for (const path of paths) {
    const [before, after] = [fileAt(tree, path), items.get(path) ?? null]
    if (before?.id !== after?.id || before?.mode !== after?.mode) changes.set(path, after)
  }
  return changes
}

/** The entry of a path that an index can hold. */
export function fileAt(tree: GitTree, path: string): TreeItem | null {
  const item = tree.item(path)
  return item?.mode === directoryMode ? null : item
}

function describeGit(parts: readonly PatchPart[], stderr: string): string {
  return describeReports(
    readGitReports(stderr).map(({ hunks }, index) => {
      const file = parts[index]?.file
      return { name: file === undefined ? '' : pathOf(file), hunks }
    }),
  )
}

/** Merges with the versions that the index lines name; null where they are not to be had, or the merge has conflicts. */
async function tryMerge(text: Uint8Array, parts: readonly PatchPart[], context: ApplyContext): Promise<Attempt | null> {
  if (!hasOtherVersions(parts, context)) return null
  const { exitCode } = await context.index.apply(text, ['--3way'])
  if (exitCode !== 0 || context.index.entries().unmerged) {
    context.index.set(new Map(context.paths.map((path) => [path, fileAt(context.tree, path)])))
    return null
  }
  const changes = changesIn(context)
  if (changes.size === 0)
    return { kind: 'changes', changes, how: 'already-applied', detail: 'merging it changes nothing' }
  return { kind: 'changes', changes, how: 'three-way', detail: 'merged with the versions that its index lines name' }
}

/** Whether the repository has every version that the patch is for, and one of them is not that of the tree. */
function hasOtherVersions(parts: readonly PatchPart[], { repository, tree }: ApplyContext): boolean {
  const olds = parts.filter(({ file }) => file.oldPath !== null)
  const blobs = repository.reader.read(
    olds.map(({ file }) => file.oldBlob ?? ''),
    0,
  )
  if (blobs.some((blob) => blob?.type !== 'blob')) return false
  return olds.some(({ file }, index) => tree.item(file.oldPath ?? '')?.id !== blobs[index]?.id)
}

/** Of what programs said this much is kept. Characters. */
const longestLog = 4000

function shorten(log: string): string {
  return log.length > longestLog ? `${log.slice(0, longestLog)}\n[...]\n` : log
}
