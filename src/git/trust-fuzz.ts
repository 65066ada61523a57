import { splitLines } from '../diff/lines.ts'
import type { HunkText } from '../diff/read-hunks.ts'
import type { FuzzyFile } from './fuzzy-apply.ts'

/** A hunk that may not be taken as applied although GNU patch did, or that failed: why, as a clause. */
export type HunkRefusal = { readonly number: number; readonly reason: string | null }

/** Lines above and below a hunk among which its own lines, found there, mean that it is in already. */
const neighbourhood = 10

/**
 * The hunks of a file that did not go in, or went in on too little evidence. With fuzz as large as its context GNU patch
 * puts a hunk where its header says without comparing a single line (patch.c `locate_hunk()`); such a hunk counts only
 * where half of its old lines do stand there, one of them more than punctuation, and its new ones do not yet.
 */
export function refusedHunks(
  hunks: readonly HunkText[],
  { outcome, before }: { readonly outcome: FuzzyFile; readonly before: Uint8Array },
): readonly HunkRefusal[] {
  const failed = outcome.hunks.filter(({ line }) => line === null).map(({ number }) => ({ number, reason: null }))
  const fuzzy = outcome.hunks.filter(({ line, fuzz }) => line !== null && fuzz > 0)
  if (fuzzy.length === 0) return failed
  const lines = splitLines(Buffer.from(before).toString('latin1'))
  const file = Array.from({ length: lines.count }, (_, index) => lines.at(index + 1))
  const growth = growthAbove(hunks, new Set(failed.map(({ number }) => number)))
  const doubtful = fuzzy.flatMap((hunk): HunkRefusal[] => {
    const text = hunks[hunk.number - 1]
    const place = (hunk.line ?? 1) - (growth[hunk.number - 1] ?? 0)
    const reason = text === undefined ? null : doubt(text, { file, place })
    return reason === null ? [] : [{ number: hunk.number, reason }]
  })
  return [...failed, ...doubtful].sort((a, b) => a.number - b.number)
}

/** How many lines the applied hunks above each hunk have added: GNU patch gives places in the new file. */
function growthAbove(hunks: readonly HunkText[], failed: ReadonlySet<number>): readonly number[] {
  let sum = 0
  return hunks.map(({ newCount, oldCount }, index) => {
    const above = sum
    if (!failed.has(index + 1)) sum += newCount - oldCount
    return above
  })
}

function doubt(
  hunk: HunkText,
  { file, place }: { readonly file: readonly string[]; readonly place: number },
): string | null {
  const old = hunk.lines.filter((line) => !line.startsWith('+') && !line.startsWith('\\')).map((line) => line.slice(1))
  const added = hunk.lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
  const around = new Set(file.slice(Math.max(0, place - 1 - neighbourhood), place - 1 + old.length + neighbourhood))
  const known = new Set(old)
  const news = added.filter((line) => isTelling(line) && !known.has(line))
  if (news.length > 0 && news.every((line) => around.has(line))) return 'its new lines are there already'
  const standing = old.filter((line, index) => file[place - 1 + index] === line)
  const isEvidence = standing.length * 2 >= old.length && standing.some(isTelling)
  return isEvidence ? null : 'it would go in only where its context is missing'
}

/** Has a word in it: `}`, `#` and an empty line stand everywhere. */
function isTelling(line: string): boolean {
  return /[A-Za-z0-9]{2}/.test(line)
}
