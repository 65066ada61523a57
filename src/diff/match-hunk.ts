import type { Hunk } from './file-diff.ts'

/**
 * Whether lines stand in a file one below the other, as they are (Knuth, Morris and Pratt: linear, whatever repeats).
 */
export function standsIn(wanted: readonly string[], file: readonly string[]): boolean {
  if (wanted.length === 0) return true
  const fallback = borders(wanted)
  let matched = 0
  for (const line of file) {
    while (matched > 0 && wanted[matched] !== line) matched = fallback[matched - 1] ?? 0
    if (wanted[matched] === line) matched += 1
    if (matched === wanted.length) return true
  }
  return false
}

/** For each beginning of `lines` the length of its longest border: a shorter beginning that is its end too. */
function borders(lines: readonly string[]): readonly number[] {
  const lengths = [0]
  for (let at = 1, length = 0; at < lines.length; at += 1) {
    while (length > 0 && lines[at] !== lines[length]) length = lengths[length - 1] ?? 0
    if (lines[at] === lines[length]) length += 1
    lengths.push(length)
  }
  return lengths
}

/** Where the old or the new side of a hunk fits best in a file: the 1-based line that its first line would be. */
export type Fit = {
  readonly line: number
  readonly matched: number
  /** The first line that differs: its place in the file, what is there (null outside the file) and what the hunk has. */
  readonly mismatch: { readonly line: number; readonly found: string | null; readonly wanted: string } | null
}

/** A line that stands this often in a file (`endif`, an empty one) says nothing about where a hunk belongs. */
const tooCommon = 100

/** Votes counted at most: a hunk of a million lines is placed by the first of them. */
const mostVotes = 1_000_000

/**
 * Finds where a side of a hunk comes closest to a file: each of its lines votes for the places where it could stand; of
 * equals the one nearest to what the header says wins. Null where none of its lines is in the file. Linear in both.
 */
export function fitHunk(hunk: Hunk, side: 'old' | 'new', file: readonly string[]): Fit | null {
  const wanted = hunk.lines.filter(({ kind }) => kind !== (side === 'old' ? 'add' : 'delete')).map(({ text }) => text)
  const nominal = (side === 'old' ? hunk.oldStart : hunk.newStart) - 1
  const places = placesOf(new Set(wanted), file)
  const votes = new Map<number, number>()
  let cast = 0
  for (const [index, text] of wanted.entries()) {
    const at = places.get(text) ?? []
    for (const place of at.length > tooCommon ? [] : at) votes.set(place - index, (votes.get(place - index) ?? 0) + 1)
    if ((cast += at.length) > mostVotes) break
  }
  let best: number | null = null
  for (const [start, count] of votes) {
    const most = best === null ? 0 : (votes.get(best) ?? 0)
    if (best === null || count > most || (count === most && Math.abs(start - nominal) < Math.abs(best - nominal))) {
      best = start
    }
  }
  return best === null ? null : fitAt(wanted, file, best)
}

function placesOf(wanted: ReadonlySet<string>, file: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  file.forEach((text, index) => {
    if (!wanted.has(text)) return
    const known = places.get(text)
    if (known === undefined) places.set(text, [index])
    else known.push(index)
  })
  return places
}

function fitAt(wanted: readonly string[], file: readonly string[], start: number): Fit {
  const differs = wanted.findIndex((text, index) => file[start + index] !== text)
  const matched = wanted.filter((text, index) => file[start + index] === text).length
  const mismatch =
    differs === -1
      ? null
      : { line: start + differs + 1, found: file[start + differs] ?? null, wanted: wanted[differs] ?? '' }
  return { line: start + 1, matched, mismatch }
}
