import { pathOf } from '../diff/file-diff.ts'
import { bySending, compareIds, isRelease } from './entry.ts'
import { nameVersion, type Posting } from './posting.ts'
import { normalizeName } from './person.ts'
import { DisjointSets, type Threads } from './threads.ts'
import { normalizeTitle, titleLikeness } from './title.ts'

/** A posting and what ties it to others. */
export type Kin = { readonly posting: Posting; readonly rerollOf: string | null; readonly changeId: string | null }

/** The newest version that a posting was followed by, and what the guess rests on; null where nothing was guessed. */
export type Successor = { readonly id: string; readonly inferred: string | null }

/** With how many earlier postings of one person and title a posting is compared: the newest ones. */
const maxCompared = 20

/**
 * The successor of each posting that has one, by its id. Postings are versions of one series where they carry the same change-id, where
 * one rerolls a part of the other, or where the same people send patches of the same titles or, in one thread, of a higher version.
 */
export function findSuccessors(kin: readonly Kin[], threads: Threads): ReadonlyMap<string, Successor> {
  const sorted = kin
    .map((one) => withTraits(one, threads))
    .sort((a, b) => bySending(a.posting.head, b.posting.head) || compareIds(a.posting.id, b.posting.id))
  const sets = new DisjointSets()
  const byKey = new Map<string, Traits[]>()
  for (const traits of sorted) {
    const keys = keysOf(traits, threads)
    const earlier = new Set(keys.flatMap((key) => (byKey.get(key) ?? []).slice(-maxCompared)))
    for (const other of earlier) if (areVersions(other, traits, threads)) sets.join(other.posting.id, traits.posting.id)
    for (const key of keys) byKey.set(key, [...(byKey.get(key) ?? []), traits])
  }
  const families = Map.groupBy(sorted, ({ posting }) => sets.find(posting.id))
  return new Map([...families.values()].flatMap(successorsIn))
}

type Traits = Kin & {
  readonly people: ReadonlySet<string>
  readonly titles: ReadonlySet<string>
  readonly coverTitle: string | null
  readonly paths: ReadonlySet<string>
  /** The mails above the first one, nearest first. */
  readonly above: readonly string[]
}

function withTraits(kin: Kin, threads: Threads): Traits {
  const { posting } = kin
  const patches = posting.slots.filter(({ own }) => own)
  const addresses = [posting.head.envelope.from, ...patches.map(({ posted }) => posted.patch.author)]
  const people = addresses.flatMap(({ name, address }) => [address.toLowerCase(), normalizeName(name)])
  return {
    ...kin,
    people: new Set(people.filter((person) => person !== '')),
    titles: new Set(patches.map(({ posted }) => normalizeTitle(posted.patch.title))),
    coverTitle: posting.cover?.title ?? null,
    paths: new Set(patches.flatMap(({ posted }) => posted.patch.files.map(pathOf))),
    above: threads.ancestors(kin.posting.head.id),
  }
}

/** What two versions of a series have in common at least one of. */
function keysOf({ posting, changeId, rerollOf, titles, coverTitle }: Traits, threads: Threads): readonly string[] {
  return [
    ...(changeId === null ? [] : [`change ${changeId}`]),
    ...(rerollOf === null ? [] : [`posting ${rerollOf}`]),
    `posting ${posting.id}`,
    `thread ${threads.root(posting.head.id)}`,
    ...[...titles, ...(coverTitle === null ? [] : [coverTitle, normalizeTitle(coverTitle)])].map(
      (title) => `title ${title}`,
    ),
  ]
}

/** Whether a later posting is a version of the same series as an earlier one. */
function areVersions(earlier: Traits, later: Traits, threads: Threads): boolean {
  if (later.rerollOf === earlier.posting.id) return true
  if (earlier.changeId !== null && later.changeId !== null) return earlier.changeId === later.changeId
  if (forOtherRelease(earlier.posting, later.posting) || !meet(earlier.people, later.people)) return false
  if (later.posting.version < earlier.posting.version) return false
  return haveSameTitles(earlier, later) || answersAsNewer(earlier, later, threads)
}

/** Backports to different releases, and a backport and its original, are no versions of each other. */
function forOtherRelease(one: Posting, other: Posting): boolean {
  const releases = ({ branch }: Posting): string => branch.split(' ').filter(isRelease).sort().join(' ')
  return releases(one) !== releases(other)
}

function haveSameTitles(earlier: Traits, later: Traits): boolean {
  if (bearsName(earlier, later)) return true
  const [few, many] = [earlier.posting.expected, later.posting.expected].sort((a, b) => a - b)
  if ((few ?? 0) * 3 < (many ?? 0)) return false
  const common = [...earlier.titles].filter((title) => later.titles.has(title)).length
  // A repost that does not count on has most of the patches; a part of them, sent by somebody, is no new version.
  if (later.posting.version === earlier.posting.version && common > 0) {
    return earlier.posting.head.sender === later.posting.head.sender && common * 2 > earlier.titles.size
  }
  if (common > 0 && common * 2 >= Math.min(earlier.titles.size, later.titles.size)) return true
  if (earlier.coverTitle === null && later.coverTitle === null)
    return later.posting.version > earlier.posting.version && firstOf(earlier.titles) === firstOf(later.titles)
  const sameCover = earlier.coverTitle !== null && earlier.coverTitle === later.coverTitle
  return sameCover && (earlier.titles.size === 0 || later.titles.size === 0)
}

/** A higher version whose cover letter has the title of the earlier one's, or of the one patch that it was: however many patches it has by now. */
function bearsName(earlier: Traits, later: Traits): boolean {
  if (later.coverTitle === null || later.posting.version <= earlier.posting.version) return false
  if (earlier.coverTitle !== null) return earlier.coverTitle === later.coverTitle
  return earlier.posting.expected === 1 && firstOf(earlier.titles) === normalizeTitle(later.coverTitle)
}

function firstOf(titles: ReadonlySet<string>): string | undefined {
  return [...titles][0]
}

/** A retitled version: it answers the posting or its discussion, and changes the same files. */
function answersAsNewer(earlier: Traits, later: Traits, threads: Threads): boolean {
  const members = new Set(
    [earlier.posting.cover, ...earlier.posting.slots.map(({ entry }) => entry)].map((entry) => entry?.id),
  )
  if (!later.above.some((id) => members.has(id))) return false
  const likeness = titleLikeness(titleOf(earlier), titleOf(later))
  const related = meet(earlier.paths, later.paths) ? likeness >= 0.2 : likeness >= 0.5
  if (later.posting.versioned && later.posting.version > earlier.posting.version) return related
  const direct = members.has(threads.answered(later.posting.head.id) ?? '')
  return !later.posting.versioned && related && (direct || likeness >= 0.6)
}

const titleOf = ({ coverTitle, titles }: Traits): string => coverTitle ?? [...titles][0] ?? ''

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((item) => other.has(item))
}

/** The members of one family that are followed by its newest one. */
function successorsIn(family: readonly Traits[]): readonly (readonly [id: string, successor: Successor])[] {
  const newest = [...family].sort(byVersion).at(-1)
  if (newest === undefined) return []
  return family
    .filter((member) => member !== newest && member.posting.head.date <= newest.posting.head.date)
    .map((member) => [member.posting.id, { id: newest.posting.id, inferred: explain(member, newest) }])
}

const byVersion = (a: Traits, b: Traits): number =>
  a.posting.version - b.posting.version || bySending(a.posting.head, b.posting.head)

function explain(member: Traits, newest: Traits): string | null {
  if (member.changeId !== null && member.changeId === newest.changeId) return null
  const what = haveSameTitles(member, newest) ? 'the same people and titles' : 'its thread and earlier versions'
  return `taken to be superseded by ${nameVersion(newest.posting.version)} <${newest.posting.id}> by ${what}`
}
