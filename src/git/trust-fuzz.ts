import { splitLines } from '../diff/lines.ts'
import type { HunkText } from '../diff/read-hunks.ts'
import type { FuzzyFile } from './fuzzy-apply.ts'

/** A hunk that failed, or that may not be taken as applied although GNU patch did: why, where that is known already. */
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
  const doubtful = fuzzy.flatMap((outcomeOf): HunkRefusal[] => {
    const hunk = hunks[outcomeOf.number - 1]
    if (hunk === undefined) return []
    const place = (outcomeOf.line ?? 1) - (growth[outcomeOf.number - 1] ?? 0)
    if (isThere(hunk, file, place)) return [{ number: outcomeOf.number, reason: 'its new lines are there already' }]
    return hasEvidence(hunk, file, place) ? [] : [{ number: outcomeOf.number, reason: null }]
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

/** Whether half of the old lines stand where the hunk was put, one of them more than punctuation. */
function hasEvidence(hunk: HunkText, file: readonly string[], place: number): boolean {
  const old = oldLines(hunk)
  const standing = old.filter((line, index) => file[place - 1 + index] === line)
  return standing.length * 2 >= old.length && standing.some(isTelling)
}

/** Whether all that the hunk adds, and did not merely move, stands around the place where it was put. */
function isThere(hunk: HunkText, file: readonly string[], place: number): boolean {
  const old = oldLines(hunk)
  const known = new Set(old)
  const added = hunk.lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
  const news = added.filter((line) => isTelling(line) && !known.has(line))
  const around = new Set(file.slice(Math.max(0, place - 1 - neighbourhood), place - 1 + old.length + neighbourhood))
  return news.length > 0 && news.every((line) => around.has(line))
}

function oldLines(hunk: HunkText): readonly string[] {
  return hunk.lines.filter((line) => !/^[+\\]/.test(line)).map((line) => line.slice(1))
}

/** Has a word in it: `}`, `#` and an empty line stand everywhere. */
function isTelling(line: string): boolean {
  return /[A-Za-z0-9]{2}/.test(line)
}
