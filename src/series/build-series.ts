import { readMailHint, type MailHint } from './base-hint.ts'
import { withoutRepeated, type Given } from './collect-trailers.ts'
import { isRelease, namesBranch } from './entry.ts'
import type { Successor } from './lineage.ts'
import type { Posting, Slot } from './posting.ts'
import type { BaseHint, Cover, Patch, Series } from './series.ts'

/** What is known of a posting besides its own mails. */
export type Surroundings = {
  /** What a partial reroll was completed from, nearest first. */
  readonly bases: readonly Posting[]
  readonly successor: Successor | null
  readonly given: ReadonlyMap<string, Given>
  /** More patches than this are left out, and said. */
  readonly maxPatches: number
}

/** The series that a posting is. */
export function buildSeries(posting: Posting, around: Surroundings): Series {
  const slots = posting.slots.slice(0, around.maxPatches)
  const patches = slots.map((slot) => toPatch(slot, posting, around.given))
  const hint = readHint([posting, ...around.bases])
  const taken = new Set(posting.slots.map(({ place }) => place))
  const places = Array.from({ length: posting.expected }, (_, at) => at + 1)
  const givers = [
    ...new Set([...(posting.cover === null ? [] : [posting.cover.id]), ...slots.map(({ entry }) => entry.id)]),
  ]
  const inferred = [
    ...posting.inferred,
    ...(slots.length < posting.slots.length
      ? [`${posting.slots.length} patches: those past the first ${slots.length} are left out`]
      : []),
    ...hint.inferred,
    ...[around.successor?.inferred ?? null].filter((sentence) => sentence !== null),
    ...givers.flatMap((id) => around.given.get(id)?.inferred ?? []),
  ]
  return {
    id: posting.id,
    version: posting.version,
    subject: subjectOf([posting, ...around.bases]),
    prefixes: posting.head.posted.subject.prefixes,
    expected: posting.expected,
    cover: toCover(posting),
    patches,
    missing: places.filter((place) => !taken.has(place)),
    base: hint.base,
    changeId: hint.changeId,
    rerollOf: around.bases[0]?.id ?? null,
    supersededBy: around.successor?.id ?? null,
    inferred: [...new Set(inferred)],
  }
}

/** The title of the cover letter, of a partial reroll that of the posting it is of; else of the first patch. */
function subjectOf(postings: readonly Posting[]): string {
  const cover = postings.map((posting) => posting.cover).find((letter) => letter !== null)
  return cover?.posted.subject.title ?? postings[0]?.slots[0]?.posted.patch.title ?? ''
}

function toCover({ cover }: Posting): Cover | null {
  if (cover?.posted.kind !== 'letter') return null
  return { envelope: cover.envelope, title: cover.posted.subject.title, text: cover.posted.text }
}

/** What replies gave the cover letter is for all patches that came with it. */
function toPatch(
  { place, entry, posted, own }: Slot,
  { cover, expected }: Posting,
  given: ReadonlyMap<string, Given>,
): Patch {
  const all = own && cover !== null ? (given.get(cover.id)?.trailers ?? []) : []
  const trailers = [...posted.patch.trailers, ...(given.get(entry.id)?.trailers ?? []), ...all]
  return { ...posted.patch, trailers: withoutRepeated(trailers), index: place, total: entry.total ?? expected }
}

/** The change-id of a posting: that of its cover letter, else of the first patch that has one. */
export function changeIdOf(posting: Posting): string | null {
  return hintsOf(posting).find(({ changeId }) => changeId !== null)?.changeId ?? null
}

/** The hints of the cover letter and of the patches that the posting brings, in order. */
function hintsOf({ cover, slots }: Posting): readonly MailHint[] {
  const texts = slots.filter(({ own }) => own).map(({ posted }) => posted.patch.text)
  return [...(cover?.posted.kind === 'letter' ? [cover.posted.text] : []), ...texts].map(readMailHint)
}

type Hint = { readonly base: BaseHint; readonly changeId: string | null; readonly inferred: readonly string[] }

/** What a posting says, and where it says nothing, what the ones say that it was completed from. */
function readHint(postings: readonly Posting[]): Hint {
  const [own = [], ...others] = postings.map(hintsOf)
  const hints = [...own, ...others.flat()]
  const commits = new Set(own.map(({ commit }) => commit).filter((commit) => commit !== null))
  const base: BaseHint = {
    commit: hints.find(({ commit }) => commit !== null)?.commit ?? null,
    prerequisitePatchIds: [...new Set(hints.flatMap((hint) => hint.prerequisitePatchIds))],
    prerequisites: [...new Set(hints.flatMap((hint) => hint.prerequisites))],
    branch: branchOf(postings),
  }
  const inferred = commits.size > 1 ? [`the mails name ${commits.size} base commits: the first is taken`] : []
  return { base, changeId: hints.find(({ changeId }) => changeId !== null)?.changeId ?? null, inferred }
}

/** The one tree that the brackets name; a release only where no branch is named, and none where there are several. */
function branchOf(postings: readonly Posting[]): string | null {
  const entries = postings.flatMap(({ head, slots }) => [head, ...slots.map(({ entry }) => entry)])
  const words = new Set(entries.flatMap(({ posted }) => posted.subject.prefixes.filter(namesBranch)))
  const branches = [...words].filter((word) => !isRelease(word))
  const [named, ...others] = branches.length > 0 ? branches : [...words]
  return named === undefined || others.length > 0 ? null : named
}
