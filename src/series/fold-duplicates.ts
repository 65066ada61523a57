import { pathOf } from '../diff/file-diff.ts'
import type { Posting, Slot } from './posting.ts'

/** Postings without those that only repeat some patches of another: a patch that was sent again under a new Message-ID. */
export function foldDuplicates(postings: readonly Posting[]): readonly Posting[] {
  const byPatch = Map.groupBy(
    postings.flatMap((posting) => posting.slots.map((slot) => ({ posting, slot }))),
    ({ posting, slot }) => keyOf(posting, slot),
  )
  const repeated = new Map<Posting, string[]>()
  const kept = postings.filter((posting) => {
    const [first] = posting.slots
    const twins = first === undefined || posting.cover !== null ? [] : (byPatch.get(keyOf(posting, first)) ?? [])
    const original = twins.find((twin) => repeats(posting, twin.posting))?.posting
    if (original === undefined) return true
    const said = posting.slots.map(({ place, entry }) => `patch ${place} is also there as <${entry.id}>, unchanged`)
    repeated.set(original, [...(repeated.get(original) ?? []), ...said])
    return false
  })
  return kept.map((posting) => ({ ...posting, inferred: [...posting.inferred, ...(repeated.get(posting) ?? [])] }))
}

function keyOf(posting: Posting, { place, entry }: Slot): string {
  return JSON.stringify([entry.sender, posting.version, entry.total, place, entry.title])
}

/** Whether all patches of a posting are, unchanged, in a larger one. */
function repeats(posting: Posting, other: Posting): boolean {
  if (other === posting || other.slots.length <= posting.slots.length) return false
  return posting.slots.every((slot) => {
    const twin = other.slots.find(({ place }) => place === slot.place)
    return twin !== undefined && diffOf(slot) === diffOf(twin)
  })
}

/** What a patch changes, as a text to compare. */
function diffOf({ posted }: Slot): string {
  const lines = posted.patch.files.flatMap((file) => [
    pathOf(file),
    ...file.hunks.flatMap((hunk) => hunk.lines.map(({ kind, text }) => `${kind} ${text}`)),
  ])
  return lines.join('\n')
}
