import { lineAtPatch } from '../diff/line-map.ts'
import type { Patch } from '../series/series.ts'
import { printable } from './printable.ts'
import { cutLine } from './wrap-prose.ts'

/** How long a quoted line or a line of a log may be before it is cut. */
export const maxQuoted = 200

/** Lines that are quoted before the one that a remark is about. */
const contextLines = 3

/** A patch's mail as it is quoted: some of its lines, in order, and what is said under them. */
export function quotePatch(patch: Patch, remarks: ReadonlyMap<number, readonly string[]>): readonly string[] {
  const text = patch.text.split('\n')
  const anchors = [...remarks.keys()].sort((a, b) => a - b)
  const wanted = [...new Set(anchors.flatMap((anchor) => linesAround(patch, anchor)))].sort((a, b) => a - b)
  const result: string[] = []
  let last = 0
  for (const line of wanted) {
    if (line > last + 1 && last > 0 && !isHeaderGap(patch, last, line)) result.push('[ ... ]')
    result.push(`> ${cutLine(printable((text[line - 1] ?? '').replace(/\r$/, '')), maxQuoted - 2)}`.trimEnd())
    const said = remarks.get(line)
    if (said) result.push('', ...said, '')
    last = line
  }
  return result
}

/** The line, those before it in its hunk, and the lines that name the hunk and its file; in the log, the line alone. */
function linesAround(patch: Patch, anchor: number): number[] {
  const placed = lineAtPatch(patch.files, anchor)
  if (!placed) return [anchor]
  const { file, hunk } = placed
  const first = Math.max(hunk.patchLine + 1, anchor - contextLines)
  const before = Array.from({ length: anchor - first + 1 }, (_, at) => first + at)
  return [file.patchLine, hunk.patchLine, ...before]
}

/** Whether only the lines between `diff --git` and the first `@@` of a file are left out. */
function isHeaderGap(patch: Patch, last: number, next: number): boolean {
  return patch.files.some(({ patchLine, hunks }) => patchLine === last && hunks[0]?.patchLine === next)
}
