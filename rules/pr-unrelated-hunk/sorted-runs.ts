/** An entry that stands where a sorted list does not want it. */
export type Misplaced = {
  /** The variable of the list. */
  readonly name: string
  readonly word: string
  /** Offsets of the word. */
  readonly at: { readonly start: number; readonly end: number }
  /** The entry that it belongs before; null for the end. */
  readonly before: string | null
}

type Entry = { readonly word: string; readonly start: number; readonly line: number }

/** Fewer entries may be in order by chance: five are so once in 120 times. */
const fewest = 5

/** Lists whose order decides something: what is linked, included, searched or passed on first. */
const ordered =
  /^(obj|lib|libs|core|head|drivers|net|virt|subdir|always|hostprogs)\b|-(objs|y|m)$|-\$|flags|libs|include|path|deps|dirs?$/i

/**
 * The entries for which `isNew` holds of their line and that are out of place in a run of one entry a line: `NAME += entry` line
 * after line, or the lines of one list that goes on with `\`. The others have to be sorted, with or without regard to case.
 */
export function sortedRuns(text: string, isNew: (line: number) => boolean): readonly Misplaced[] {
  return runsOf(text).flatMap(({ name, entries }) => {
    const old = entries.filter(({ line }) => !isNew(line))
    if (ordered.test(name) || old.length < fewest || old.length === entries.length) return []
    const fold = [(word: string) => word, (word: string) => word.toLowerCase()].find((each) => isSorted(old, each))
    return fold === undefined ? [] : misplaced(name, entries, { isNew, fold })
  })
}

type Fold = (word: string) => string
type Run = { readonly name: string; readonly entries: readonly Entry[] }

function isSorted(entries: readonly Entry[], fold: Fold): boolean {
  return entries.every(({ word }, at) => at === 0 || fold(entries[at - 1]?.word ?? '') <= fold(word))
}

function misplaced(
  name: string,
  entries: readonly Entry[],
  { isNew, fold }: { readonly isNew: (line: number) => boolean; readonly fold: Fold },
): readonly Misplaced[] {
  const old = entries.filter(({ line }) => !isNew(line))
  return entries
    .filter(({ line }) => isNew(line))
    .flatMap(({ word, start, line }) => {
      const above = old.filter((each) => each.line < line)
      const below = old.filter((each) => each.line > line)
      const isAfter = above.every((each) => fold(each.word) <= fold(word))
      const isBefore = below.every((each) => fold(word) <= fold(each.word))
      if (isAfter && isBefore) return []
      const next = old.find((each) => fold(each.word) > fold(word))
      return [{ name, word, at: { start, end: start + word.length }, before: next?.word ?? null }]
    })
}

/** Runs of lines with one entry each. */
function runsOf(text: string): readonly Run[] {
  const runs: { name: string; entries: Entry[] }[] = []
  let open: string | null = null
  let offset = 0
  let last: string | null = null
  for (const [index, line] of text.split('\n').entries()) {
    const [, head, body = ''] = /^([\w.-]+(?:\$\([\w-]+\))?)\s*[:+?]?=(.*)$/.exec(line) ?? []
    const name: string | null = head ?? open
    const rest = head === undefined ? line : body
    const [word, ...more] = rest.replace(/\\$/, '').trim().split(/\s+/)
    if (name !== null && word !== undefined && word !== '' && more.length === 0) {
      const start = offset + line.lastIndexOf(word)
      const run = runs.at(-1)
      const entry = { word, start, line: index + 1 }
      if (run !== undefined && last === name) run.entries.push(entry)
      else runs.push({ name, entries: [entry] })
      last = name
    } else if (name === null || more.length > 0) last = null
    open = name !== null && line.endsWith('\\') ? name : null
    offset += line.length + 1
  }
  return runs
}
