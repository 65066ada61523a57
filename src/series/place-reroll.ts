import { pathOf } from '../diff/file-diff.ts'
import type { Posting, Slot } from './posting.ts'
import { titleLikeness } from './title.ts'

/** What a patch answers: directly, there or not, and the mails above it. */
export type Answers = { readonly answered: string | null; readonly above: ReadonlySet<string> }

/**
 * The patches of a posting at the places that they take in an earlier one; null where one of them is no new version of a patch of it,
 * or two are of the same one.
 */
export function placeReroll(
  posting: Posting,
  base: Posting,
  answersOf: (slot: Slot) => Answers,
): readonly Slot[] | null {
  if (posting.versioned && posting.version <= base.version) return null
  const replaces = posting.counted ? hasNumber : isNamed
  const placed = posting.slots.flatMap((slot) => {
    const answers = answersOf(slot)
    const replaced = base.slots.find((other) => replaces(slot, other, answers))
    return replaced === undefined ? [] : [{ ...slot, place: replaced.place }]
  })
  const places = new Set(placed.map(({ place }) => place))
  return placed.length === posting.slots.length && places.size === placed.length ? placed : null
}

/** `v2 2/3` in answer to `2/3`; without a version only where the title is about the same too. */
function hasNumber(slot: Slot, other: Slot, { above }: Answers): boolean {
  if (slot.place !== other.place || slot.entry.total !== other.entry.total || !above.has(other.entry.id)) return false
  if (slot.entry.version !== null) return true
  return other.entry.version === null && titleLikeness(slot.entry.title, other.entry.title) > 0.5
}

/** `v2` without a count: the title is that of the patch, or it answers the patch itself and changes the same files. */
function isNamed(slot: Slot, other: Slot, { answered, above }: Answers): boolean {
  if (slot.entry.title === other.entry.title) return slot.entry.version !== null || above.has(other.entry.id)
  return slot.entry.version !== null && answered === other.entry.id && shareFiles(slot, other)
}

function shareFiles(one: Slot, other: Slot): boolean {
  const paths = new Set(one.posted.patch.files.map(pathOf))
  return other.posted.patch.files.some((file) => paths.has(pathOf(file)))
}
