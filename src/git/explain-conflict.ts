import { splitLines } from '../diff/lines.ts'
import { fitHunk } from '../diff/match-hunk.ts'
import type { FileDiff, Hunk } from '../diff/file-diff.ts'
import type { Conflict } from '../series/application.ts'
import type { HunkRefusal } from './trust-fuzz.ts'

/** Longer lines are cut in messages. Characters. */
const longestQuote = 80

/** A conflict of a whole file: it is missing, or there already, or of a kind that cannot be patched. */
export function fileConflict(path: string, reason: string): Conflict {
  return { path, hunks: [], reason }
}

/** A conflict of some hunks of a file, each with the place where it comes closest and the line that differs there. */
export function hunkConflict(file: FileDiff, refused: readonly HunkRefusal[], text: string): Conflict {
  const lines = splitLines(text)
  const all = Array.from({ length: lines.count }, (_, index) => lines.at(index + 1))
  const hunks = refused.flatMap(({ number, reason }) => {
    const hunk = file.hunks[number - 1]
    if (hunk === undefined) return []
    return [{ number, header: headerOf(hunk), reason: reason ?? explainHunk(hunk, all) }]
  })
  const count = `${hunks.length} of ${file.hunks.length} hunk${file.hunks.length === 1 ? '' : 's'}`
  return { path: file.oldPath ?? file.newPath ?? '', hunks, reason: `${count} cannot be applied` }
}

function headerOf(hunk: Hunk): string {
  const numbers = `@@ -${hunk.oldStart},${hunk.oldCount} +${hunk.newStart},${hunk.newCount} @@`
  return hunk.section === '' ? numbers : `${numbers} ${hunk.section}`
}

/** Why a hunk does not go into a file, in a clause. */
function explainHunk(hunk: Hunk, file: readonly string[]): string {
  const after = fitHunk(hunk, 'new', file)
  if (after?.mismatch === null && hunk.newCount > 0) return `its change is there already, at line ${after.line}`
  const before = fitHunk(hunk, 'old', file)
  if (before === null) return 'none of its lines is in the file'
  if (before.mismatch === null)
    return `its lines are at line ${before.line}, but do not begin or end the file as in the patch`
  const { line, found, wanted } = before.mismatch
  if (found === null) return `the file ${line < 1 ? 'begins below' : 'ends above'} where the patch has ${quote(wanted)}`
  return `line ${line} is ${quote(found)} where the patch has ${quote(wanted)}`
}

function quote(line: string): string {
  if (line.trim() === '') return 'an empty line'
  const printable = line.replace(/[\0-\x08\x0b-\x1f\x7f]/g, '?').trim()
  return `\`${printable.length > longestQuote ? `${printable.slice(0, longestQuote)}...` : printable}\``
}
