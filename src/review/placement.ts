import type { DiffLine, FileDiff, Hunk } from '../diff/file-diff.ts'
import { lineAtNew, lineAtOld, nearestHunk, type Placed } from '../diff/line-map.ts'
import type { Patch } from '../series/series.ts'
import { lastLineOf, patchTextPath, type Finding, type Place, type Placement } from './finding.ts'

/**
 * Where in the mail of its patch a finding is told. A place on a changed line is told there; one on another line of a
 * touched file, or whose related places are in touched files, at the nearest change; anything else in the summary.
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
  let shown: Placed | null = null
  for (let line = place.line; line <= lastLineOf(place); line++) {
    const placed = lineAt(file, line)
    if (placed && placed.line.kind !== 'context') return { kind: 'line', mailLine: placed.line.patchLine }
    shown ??= placed
  }
  const hunk = shown?.hunk ?? nearestHunk(file, place.line)?.hunk
  return hunk ? { kind: 'hunk', mailLine: nearestChange(hunk, shown?.line ?? null, place.line) } : { kind: 'summary' }
}

/** A run of changed lines is read as one: longer ones are cut, so that what is quoted stays near. */
const maxRun = 8

/**
 * The mail line of the change in a hunk that is nearest to a line which it does not change: the end of its run of changed
 * lines, since what breaks a line is often one that was deleted with its neighbours.
 */
function nearestChange({ lines, newStart, patchLine }: Hunk, shown: DiffLine | null, line: number): number {
  const from = shown ? lines.indexOf(shown) : line < newStart ? 0 : lines.length - 1
  const changed = lines.flatMap(({ kind }, at) => (kind === 'context' ? [] : [at]))
  const [nearest] = changed.toSorted((a, b) => Math.abs(a - from) - Math.abs(b - from))
  if (nearest === undefined) return patchLine
  let last = nearest
  while (last - nearest < maxRun - 1 && lines[last + 1] && lines[last + 1]?.kind !== 'context') last++
  return lines[last]?.patchLine ?? patchLine
}
