import type { DiffLine, FileDiff, Hunk } from './file-diff.ts'

/** A line of a diff and the hunk that it stands in. */
export type Placed = { readonly hunk: Hunk; readonly line: DiffLine }

/** The line of the diff that shows a line (1-based) of the file after it; null where no hunk shows that line. */
export function lineAtNew(file: FileDiff, newLine: number): Placed | null {
  return placedIn(
    file.hunks.find((hunk) => isWithin(newLine, hunk.newStart, hunk.newCount)),
    (line) => line.newLine === newLine,
  )
}

/** The line of the diff that shows a line (1-based) of the file before it; null where no hunk shows that line. */
export function lineAtOld(file: FileDiff, oldLine: number): Placed | null {
  return placedIn(
    file.hunks.find((hunk) => isWithin(oldLine, hunk.oldStart, hunk.oldCount)),
    (line) => line.oldLine === oldLine,
  )
}

/** The file and line of the diff that a line of the parsed text is; null where it is no line of a hunk. */
export function lineAtPatch(
  files: readonly FileDiff[],
  patchLine: number,
): (Placed & { readonly file: FileDiff }) | null {
  for (const file of files) {
    for (const hunk of file.hunks) {
      const line = hunk.lines.find((candidate) => candidate.patchLine === patchLine)
      if (line !== undefined) return { file, hunk, line }
    }
  }
  return null
}

/** The hunk nearest to a line of the file after the diff, and how many lines lie between; null where there is no hunk. */
export function nearestHunk(
  file: FileDiff,
  newLine: number,
): { readonly hunk: Hunk; readonly distance: number } | null {
  let nearest: { readonly hunk: Hunk; readonly distance: number } | null = null
  for (const hunk of file.hunks) {
    const first = firstLine(hunk.newStart, hunk.newCount)
    const last = first + Math.max(hunk.newCount, 1) - 1
    const distance = Math.max(first - newLine, newLine - last, 0)
    if (nearest === null || distance < nearest.distance) nearest = { hunk, distance }
  }
  return nearest
}

/** Where a line of the file before the diff is after it; null where the diff deletes it. */
export function oldToNew(file: FileDiff, oldLine: number): number | null {
  if (file.newPath === null) return null
  const shown = lineAtOld(file, oldLine)
  return shown === null ? oldLine + shiftBefore(file, (hunk) => endOfOld(hunk) <= oldLine) : shown.line.newLine
}

/** Where a line of the file after the diff was before it; null where the diff adds it. */
export function newToOld(file: FileDiff, newLine: number): number | null {
  if (file.oldPath === null) return null
  const shown = lineAtNew(file, newLine)
  return shown === null ? newLine - shiftBefore(file, (hunk) => endOfNew(hunk) <= newLine) : shown.line.oldLine
}

function placedIn(hunk: Hunk | undefined, isWanted: (line: DiffLine) => boolean): Placed | null {
  const line = hunk?.lines.find(isWanted)
  return hunk === undefined || line === undefined ? null : { hunk, line }
}

function isWithin(line: number, start: number, count: number): boolean {
  return line >= start && line < start + count
}

/** The header of a side without lines gives the line before it. */
function firstLine(start: number, count: number): number {
  return count === 0 ? start + 1 : start
}

function endOfOld(hunk: Hunk): number {
  return firstLine(hunk.oldStart, hunk.oldCount) + hunk.oldCount
}

function endOfNew(hunk: Hunk): number {
  return firstLine(hunk.newStart, hunk.newCount) + hunk.newCount
}

/** How many lines the hunks that lie wholly before a line add. */
function shiftBefore(file: FileDiff, isBefore: (hunk: Hunk) => boolean): number {
  return file.hunks.filter(isBefore).reduce((sum, hunk) => sum + hunk.newCount - hunk.oldCount, 0)
}
