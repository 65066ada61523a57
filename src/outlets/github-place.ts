import type { FileDiff } from '../diff/file-diff.ts'
import { lineAtNew, lineAtOld, lineAtPatch, newToOld, oldToNew } from '../diff/line-map.ts'
import { lastLineOf, patchTextPath, type Placed } from '../review/finding.ts'
import type { Patch } from '../series/series.ts'

/** A line of a file. */
export type LinePlace = { readonly path: string; readonly line: number }

/** A line that can be commented on: RIGHT is the file at the end of the pull request, LEFT the file where it begins. */
export type CommentPlace = LinePlace & {
  readonly side: 'LEFT' | 'RIGHT'
  /** Whether it is the line that the finding is about, and not only one near to it. */
  readonly isOwn: boolean
}

/** Where a line of the tree after a patch stands at the end of its series; null where a later patch changes or deletes it. */
export function placeAtEnd(place: LinePlace, patch: number | null, patches: readonly Patch[]): LinePlace | null {
  let at: LinePlace = place
  for (const later of patches.filter(({ index }) => patch !== null && index > patch)) {
    const file = later.files.find(({ oldPath, kind }) => oldPath === at.path && kind !== 'copy')
    if (!file) continue
    const line = oldToNew(file, at.line)
    if (line === null || file.newPath === null) return null
    at = { path: file.newPath, line }
  }
  return at
}

/** Where a line of the tree before a patch stands at the beginning of its series; null where an earlier patch wrote it. */
function placeAtStart(place: LinePlace, patch: number, patches: readonly Patch[]): LinePlace | null {
  let at: LinePlace = place
  for (const earlier of patches.filter(({ index }) => index < patch).toReversed()) {
    const file = earlier.files.find(({ newPath }) => newPath === at.path)
    if (!file) continue
    const line = newToOld(file, at.line)
    if (line === null || file.oldPath === null) return null
    at = { path: file.oldPath, line }
  }
  return at
}

/**
 * The line of a pull request's whole diff to tell a finding at: one of its own lines; else one of a place that explains it; else
 * the change that it is placed at in its patch, which may be a deleted line. Null where the diff shows none of them: the summary tells it.
 */
export function placeOnPull(
  finding: Placed,
  { patches, files }: { readonly patches: readonly Patch[]; readonly files: readonly FileDiff[] },
): CommentPlace | null {
  for (const place of [finding, ...(finding.related ?? [])]) {
    if (place.path === patchTextPath) continue
    for (let line = place.line; line <= lastLineOf(place); line += 1) {
      const end = placeAtEnd({ path: place.path, line }, finding.patch, patches)
      if (end !== null && isShown(files, end)) return { ...end, side: 'RIGHT', isOwn: place === finding }
    }
  }
  return placeOfChange(finding, patches, files)
}

function placeOfChange(finding: Placed, patches: readonly Patch[], files: readonly FileDiff[]): CommentPlace | null {
  const patch = patches.find(({ index }) => index === finding.patch)
  if (!patch || finding.placement.kind === 'summary') return null
  const placed = lineAtPatch(patch.files, finding.placement.mailLine)
  if (placed === null) return null
  const { file, line } = placed
  if (line.newLine !== null && file.newPath !== null) {
    const end = placeAtEnd({ path: file.newPath, line: line.newLine }, patch.index, patches)
    return end !== null && isShown(files, end) ? { ...end, side: 'RIGHT', isOwn: false } : null
  }
  if (line.oldLine === null || file.oldPath === null) return null
  const start = placeAtStart({ path: file.oldPath, line: line.oldLine }, patch.index, patches)
  const shown = start === null ? undefined : files.find(({ oldPath }) => oldPath === start.path)
  if (start === null || !shown || lineAtOld(shown, start.line) === null) return null
  // GitHub names a file by its path at the end, whichever side the line is on.
  return { path: shown.newPath ?? start.path, line: start.line, side: 'LEFT', isOwn: false }
}

function isShown(files: readonly FileDiff[], { path, line }: LinePlace): boolean {
  const file = files.find(({ newPath }) => newPath === path)
  return file !== undefined && lineAtNew(file, line) !== null
}
