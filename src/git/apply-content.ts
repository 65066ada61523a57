import { join } from 'node:path'
import { pathOf } from '../diff/file-diff.ts'
import type { HunkText } from '../diff/read-hunks.ts'
import type { Conflict } from '../series/application.ts'
import { decodeBytes, fromBinaryString } from '../text/decode.ts'
import type { TreeChanges } from './change-tree.ts'
import { fileConflict, hunkConflict } from './explain-conflict.ts'
import { applyWithFuzz, type FuzzyFile } from './fuzzy-apply.ts'
import { describeReports } from './hunk-reports.ts'
import { obstacles } from './obstacles.ts'
import type { PatchPart } from './patch-parts.ts'
import type { Repository } from './repository.ts'
import type { RunOptions } from './run.ts'
import type { TreeItem } from './tree-object.ts'
import type { GitTree } from './tree.ts'
import { refusedHunks } from './trust-fuzz.ts'

/** What applying file by file, with fuzz, gave: the changes of all files, or the conflicts of those that refuse. */
export type ContentResult =
  | { readonly kind: 'changes'; readonly changes: TreeChanges; readonly detail: string; readonly log: string }
  | { readonly kind: 'conflicts'; readonly files: readonly Conflict[]; readonly log: string }

export type ContentOptions = {
  readonly repository: Repository
  /** Where files may be laid out. */
  readonly directory: string
  readonly run: RunOptions
}

/** A part whose hunks GNU patch was given. */
type Tried = { readonly part: PatchPart; readonly before: Uint8Array; readonly outcome: FuzzyFile }

/** Applies what git refused: each file for itself, its context with fuzz; all of them or none. */
export async function applyContent(
  tree: GitTree,
  parts: readonly PatchPart[],
  { repository, directory, run }: ContentOptions,
): Promise<ContentResult> {
  const inTheWay = [...changedTwice(parts), ...obstacles(tree, parts)]
  const blocked = new Set(inTheWay.map(({ path }) => path))
  const open = parts.filter(({ file }) => !blocked.has(file.oldPath ?? '') && !blocked.has(file.newPath ?? ''))
  const inputs = open.flatMap((part) => {
    const before = part.hunks.length === 0 ? null : bytesBefore(repository, tree, part)
    return before === null ? [] : [{ part, before }]
  })
  const { files, log } = await applyWithFuzz(inputs, { directory: join(directory, 'fuzz'), run })
  const tried = inputs.flatMap((input, index): Tried[] => {
    const outcome = files[index]
    return outcome === undefined ? [] : [{ ...input, outcome }]
  })
  const conflicts = [...inTheWay, ...tried.flatMap((one) => conflictOf(one) ?? [])]
  if (conflicts.length > 0) return { kind: 'conflicts', files: inOrderOf(parts, conflicts), log }
  const outcomes = new Map(tried.map(({ part, outcome }) => [part, outcome]))
  const changes = new Map(open.flatMap((part) => changesOf(part, { tree, repository, outcome: outcomes.get(part) })))
  const reports = tried.map(({ part, outcome }) => ({ name: pathOf(part.file), hunks: outcome.hunks }))
  return { kind: 'changes', changes, detail: describeReports(reports), log }
}

/** The content that the hunks of a part are for; null where there is none, or it is over the limit of the store. */
function bytesBefore(repository: Repository, tree: GitTree, { file }: PatchPart): Uint8Array | null {
  const item = file.oldPath === null ? null : tree.item(file.oldPath)
  return item === null ? null : repository.store.bytes(item.id)
}

/** Two diffs of one file build on each other, which only git follows. */
function changedTwice(parts: readonly PatchPart[]): readonly Conflict[] {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { file } of parts) {
    for (const path of new Set([file.oldPath, file.newPath])) {
      if (path === null || (path === file.oldPath && file.kind === 'copy')) continue
      if (seen.has(path)) twice.add(path)
      seen.add(path)
    }
  }
  return [...twice].map((path) => fileConflict(path, 'is changed twice by the patch, and not all of it fits'))
}

function conflictOf({ part, before, outcome }: Tried): Conflict | null {
  const refused = refusedHunks(part.hunks, { outcome, before })
  if (refused.length > 0) return hunkConflict(part.file, refused, decodeBytes(before).text)
  const isLeftOver = part.file.kind === 'delete' && outcome.bytes.length > 0
  return isLeftOver ? fileConflict(pathOf(part.file), 'has more lines than the patch deletes') : null
}

function inOrderOf(parts: readonly PatchPart[], conflicts: readonly Conflict[]): readonly Conflict[] {
  const places = new Map(parts.flatMap(({ file }, index) => [file.newPath, file.oldPath].map((path) => [path, index])))
  return [...conflicts].sort((a, b) => (places.get(a.path) ?? 0) - (places.get(b.path) ?? 0))
}

type Context = {
  readonly tree: GitTree
  readonly repository: Repository
  readonly outcome: FuzzyFile | undefined
}

function changesOf(part: PatchPart, context: Context): readonly (readonly [string, TreeItem | null])[] {
  const { kind, oldPath, newPath } = part.file
  const gone = oldPath !== null && kind !== 'copy' && oldPath !== newPath ? [[oldPath, null] as const] : []
  const item = newPath === null ? null : newItem(part, context)
  return newPath === null || item === null ? gone : [...gone, [newPath, item] as const]
}

function newItem({ file, hunks }: PatchPart, { tree, repository, outcome }: Context): TreeItem | null {
  const old = file.oldPath === null ? null : tree.item(file.oldPath)
  const mode = file.newMode ?? old?.mode ?? '100644'
  if (old !== null && outcome === undefined) return { mode, id: old.id }
  const bytes = outcome?.bytes ?? addedBytes(hunks)
  if (mode !== '160000') return { mode, id: repository.write('blob', bytes) }
  const commit = /^Subproject commit ([\da-f]{40,64})/.exec(Buffer.from(bytes).toString('latin1'))
  return commit === null ? null : { mode, id: commit[1] ?? '' }
}

/** The content of an added file: all lines of its hunks. */
function addedBytes(hunks: readonly HunkText[]): Uint8Array {
  const lines = hunks.flatMap(({ lines: body }) => body)
  return fromBinaryString(
    lines
      .map((line, index) => {
        if (line.startsWith('\\')) return ''
        return lines[index + 1]?.startsWith('\\') === true ? line.slice(1) : `${line.slice(1)}\n`
      })
      .join(''),
  )
}
