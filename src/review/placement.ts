import type { DiffLine, FileDiff } from '../diff/file-diff.ts'
import type { Patch } from '../series/series.ts'
import { lastLineOf, patchTextPath, type Finding, type Place, type Placement } from './finding.ts'

/**
 * Where in the mail of its patch a finding is told. A place on an added line is told there; one on another line of a
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
  const lines = file.hunks.flatMap((hunk) => hunk.lines)
  const side = file.kind === 'delete' ? 'oldLine' : 'newLine'
  const isWithin = (line: DiffLine): boolean => {
    const number = line[side]
    return number !== null && number >= place.line && number <= lastLineOf(place)
  }
  const within = lines.filter(isWithin)
  const changed = within.find((line) => line.kind !== 'context')
  if (changed) return { kind: 'line', mailLine: changed.patchLine }
  const mailLine = within[0]?.patchLine ?? nearestChange(file, place.line, side)
  return mailLine === null ? { kind: 'summary' } : { kind: 'hunk', mailLine }
}

/** The mail line of the changed line nearest to a line of the file; null where no hunk changes a line. */
function nearestChange(file: FileDiff, line: number, side: 'oldLine' | 'newLine'): number | null {
  let best: { readonly distance: number; readonly mailLine: number } | null = null
  for (const hunk of file.hunks) {
    let at = side === 'newLine' ? hunk.newStart : hunk.oldStart
    for (const each of hunk.lines) {
      at = each[side] ?? at
      const distance = Math.abs(at - line)
      if (each.kind !== 'context' && (best === null || distance < best.distance))
        best = { distance, mailLine: each.patchLine }
    }
  }
  return best?.mailLine ?? null
}
