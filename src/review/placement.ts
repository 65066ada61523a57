import type { FileDiff, Hunk } from '../diff/file-diff.ts'
import { lineAtNew, lineAtOld, nearestHunk } from '../diff/line-map.ts'
import type { Patch } from '../series/series.ts'
import { lastLineOf, patchTextPath, type Finding, type Place, type Placement } from './finding.ts'

/**
 * Where in the mail of its patch a finding is told. A place on a changed line is told there; one on another line of a
 * touched file, or whose related places are in touched files, on the nearest hunk; anything else in the summary.
 * Placement marks findings, it never drops one.
 */
export function placeFinding(finding: Finding, patch: Patch | undefined): Placement {
  if (!patch) return { kind: 'summary' }
  if (finding.path === patchTextPath) return { kind: 'line', mailLine: finding.line }
  const places: readonly Place[] = [finding, ...(finding.related ?? [])]
  const placements = places.map((place) => placeInPatch(place, patch.files))
  return placements.find((placement) => placement.kind !== 'summary') ?? { kind: 'summary' }
}

function placeInPatch(place: Place, files: readonly FileDiff[]): Placement {
  const file = files.find((each) => (each.newPath ?? each.oldPath) === place.path)
  if (!file) return { kind: 'summary' }
  const lineAt = file.newPath === null ? lineAtOld : lineAtNew
  let context: number | null = null
  for (let line = place.line; line <= lastLineOf(place); line++) {
    const shown = lineAt(file, line)?.line
    if (shown && shown.kind !== 'context') return { kind: 'line', mailLine: shown.patchLine }
    context ??= shown?.patchLine ?? null
  }
  if (context !== null) return { kind: 'hunk', mailLine: context }
  const nearest = nearestHunk(file, place.line)
  return nearest ? { kind: 'hunk', mailLine: nearestChange(nearest.hunk, place.line) } : { kind: 'summary' }
}

/** The mail line of the changed line of a hunk that is nearest to a line of the file which the hunk does not show. */
function nearestChange(hunk: Hunk, line: number): number {
  const changed = hunk.lines.filter(({ kind }) => kind !== 'context')
  const nearest = line < hunk.newStart ? changed[0] : changed.at(-1)
  return nearest?.patchLine ?? hunk.patchLine
}
