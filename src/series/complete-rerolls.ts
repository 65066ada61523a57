import { bySending } from './entry.ts'
import { nameVersion, type Posting, type Slot } from './posting.ts'
import { placeReroll, type Answers } from './place-reroll.ts'
import type { Threads } from './threads.ts'

/** A posting, completed where it rerolls a part of an earlier one, and that one. */
export type Rerolled = { readonly posting: Posting; readonly base: Rerolled | null }

/** A posting as far as it is completed. Later ones may add to it, so it stands in for what it will become. */
type Draft = { posting: Posting; readonly base: Draft | null }

/** With how many earlier postings of its thread a posting is compared, the newest first. Hostile threads have thousands. */
const maxBases = 20

/**
 * Completes postings that bring new versions of some patches of an earlier posting of the same sender: `v2 2/3` or `v2` without a
 * count in answer to `2/3`, directly or through its discussion. Their other patches are those of the earlier posting, rerolls of it
 * included. A posting that only lacks patches because they went to other lists answers no patch of its number, and stays as it is.
 */
export function completeRerolls(postings: readonly Posting[], threads: Threads): readonly Rerolled[] {
  const drafts: Draft[] = []
  const byMail = new Map<string, Set<Draft>>()
  for (const posting of [...postings].sort((a, b) => bySending(a.head, b.head))) {
    const draft = complete(posting, byMail, threads)
    const twin = draft.base === null ? undefined : drafts.find((other) => areTwins(other, draft))
    if (twin === undefined) drafts.push(draft)
    else twin.posting = joinTwins(twin.posting, draft.posting)
    for (const id of mailsOf(draft.posting)) byMail.set(id, (byMail.get(id) ?? new Set()).add(twin ?? draft))
  }
  for (const draft of drafts) if (draft.base !== null) draft.posting = withSentence(draft.posting, draft.base.posting)
  return drafts
}

const mailsOf = ({ cover, slots }: Posting): readonly string[] => [
  ...new Set([...(cover === null ? [] : [cover.id]), ...slots.map(({ entry }) => entry.id)]),
]

/** The posting with the patches of the newest earlier one of its thread that it rerolls a part of, if there is one. */
function complete(posting: Posting, byMail: ReadonlyMap<string, ReadonlySet<Draft>>, threads: Threads): Draft {
  const [first] = posting.slots
  if (posting.cover !== null || first === undefined) return { posting, base: null }
  const { id, sender } = first.entry
  if (posting.slots.some(({ entry }) => entry.sender !== sender)) return { posting, base: null }
  const answers = new Map(posting.slots.map(({ entry }) => [entry.id, answersOf(entry.id, threads)]))
  const above = new Set(threads.ancestors(id).flatMap((mail) => [...(byMail.get(mail) ?? [])]))
  const candidates = [...above]
    .filter((base) => base.posting.head.sender === sender && base.posting.expected > posting.slots.length)
    .sort((a, b) => b.posting.version - a.posting.version || bySending(b.posting.head, a.posting.head))
  for (const base of candidates.slice(0, maxBases)) {
    const placed = placeReroll(
      posting,
      base.posting,
      ({ entry }) => answers.get(entry.id) ?? answersOf(entry.id, threads),
    )
    if (placed !== null) return { posting: fillUp(posting, placed, base.posting), base }
  }
  return { posting, base: null }
}

const answersOf = (id: string, threads: Threads): Answers => ({
  answered: threads.answered(id),
  above: new Set(threads.ancestors(id)),
})

/** What a reroll counts holds: `v4 1/6` leaves out a `v3 7/6`. */
function fillUp(posting: Posting, placed: readonly Slot[], base: Posting): Posting {
  const version = posting.versioned ? posting.version : base.version + 1
  const last = Math.max(...placed.map(({ place, entry }) => Math.max(place, entry.total ?? base.expected)))
  const taken = base.slots.filter(({ place }) => place <= last && !placed.some((slot) => slot.place === place))
  const slots = [...placed, ...taken.map((slot) => ({ ...slot, own: false }))].sort((a, b) => a.place - b.place)
  const guess = `no version is written: taken as ${nameVersion(version)}, since it answers ${nameVersion(base.version)}`
  const inferred = [...posting.inferred, ...(posting.versioned ? [] : [guess])]
  return { ...posting, slots, version, expected: last, counted: true, inferred }
}

const ownPlaces = ({ slots }: Posting): readonly number[] => slots.filter(({ own }) => own).map(({ place }) => place)

/** Whether both reroll patches of one posting as one version: authors answer each reviewed patch with its new version. */
function areTwins(one: Draft, other: Draft): boolean {
  if (one.base !== other.base || one.posting.version !== other.posting.version) return false
  const places = new Set(ownPlaces(other.posting))
  return !ownPlaces(one.posting).some((place) => places.has(place))
}

function joinTwins(twin: Posting, other: Posting): Posting {
  const fresh = other.slots.filter(({ own }) => own)
  const slots = twin.slots.map((slot) => fresh.find(({ place }) => place === slot.place) ?? slot)
  const id = slots.find(({ own }) => own)?.entry.id ?? twin.id
  return { ...twin, id, slots, inferred: [...new Set([...twin.inferred, ...other.inferred])] }
}

/** Says which patches a reroll brings. */
function withSentence(posting: Posting, base: Posting): Posting {
  const places = ownPlaces(posting)
  const brought = `${places.length === 1 ? 'patch' : 'patches'} ${places.join(', ')}`
  const others = `the others are those of ${nameVersion(base.version)} <${base.id}>`
  const sentence = `${nameVersion(posting.version)} brings ${brought} alone: ${others}`
  return { ...posting, inferred: [...posting.inferred, sentence] }
}
