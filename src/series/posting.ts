import { headOf, type Cluster } from './cluster.ts'
import { compareIds, type Entry, type Letter, type PostedPatches } from './entry.ts'
import type { PostedPatch } from './posted.ts'

/** A patch at its place in a posting. `own` is false where a partial reroll took it over from the version before. */
export type Slot = {
  readonly place: number
  readonly entry: Entry
  readonly posted: PostedPatch
  readonly own: boolean
}

/** What one author posted at once as one version, with everything that the subjects and the thread say of it. */
export type Posting = {
  /** The Message-ID of the cover letter, else of the first patch. */
  readonly id: string
  readonly head: Entry
  readonly cover: Entry | null
  /** By place, each place once. */
  readonly slots: readonly Slot[]
  readonly version: number
  /** Whether a subject says the version. */
  readonly versioned: boolean
  readonly expected: number
  /** Whether the subjects count. */
  readonly counted: boolean
  readonly branch: string
  readonly inferred: readonly string[]
}

/** The posting that a cluster is; null where it holds no patch and no cover letter. */
export function toPosting(cluster: Cluster): Posting | null {
  const head = headOf(cluster)
  const cover = cluster.entries.find(({ index, posted }) => index === 0 && posted.kind === 'letter') ?? null
  const slots = placePatches(cluster)
  if (cover === null && slots.length === 0) return null
  const version = resolveVersion(cluster)
  const count = resolveCount(cluster, slots)
  const id = cover?.id ?? slots[0]?.entry.id ?? head.id
  const inferred = [
    ...cluster.inferred,
    ...[cover, ...slots.map(({ entry }) => entry)].flatMap((entry) => entry?.inferred ?? []),
    ...version.inferred,
    ...count.inferred,
    ...lost(cluster),
  ]
  return {
    id,
    head: cover ?? slots[0]?.entry ?? head,
    cover,
    slots,
    version: version.version,
    versioned: version.said,
    expected: count.expected,
    counted: count.said,
    branch: (slots[0]?.entry ?? head).branch,
    inferred: [...new Set(inferred)],
  }
}

const isPatch = (entry: Entry): entry is Entry & { posted: PostedPatches } => entry.posted.kind === 'patches'
const isLetter = (entry: Entry): entry is Entry & { posted: Letter } => entry.posted.kind === 'letter'

/** The patches at their places: as counted, else in the order of sending, and those of one mail one after the other. */
function placePatches(cluster: Cluster): readonly Slot[] {
  const entries = cluster.entries.filter(isPatch)
  const several = entries.find(({ posted }) => posted.patches.length > 1)
  if (several !== undefined && entries.length === 1) {
    return several.posted.patches.map((posted, at) => ({ place: at + 1, entry: several, posted, own: true }))
  }
  return entries
    .flatMap((entry, at) => {
      const [posted] = entry.posted.patches
      return posted === undefined ? [] : [{ place: entry.index ?? at + 1, entry, posted, own: true }]
    })
    .sort((a, b) => a.place - b.place || compareIds(a.entry.id, b.entry.id))
}

type Version = { readonly version: number; readonly said: boolean; readonly inferred: readonly string[] }

/** The highest version that a subject of the posting says: authors forget to raise some, never to lower one. */
function resolveVersion(cluster: Cluster): Version {
  const written = cluster.entries.map((entry) => entry.version)
  const said = [...new Set(written.filter((version) => version !== null))].sort((a, b) => b - a)
  const [version] = said
  if (version === undefined) return { version: 1, said: false, inferred: [] }
  const others = [...said.slice(1).map(nameVersion), ...(written.includes(null) ? ['none'] : [])]
  const inferred =
    others.length === 0
      ? []
      : [`the subjects say ${nameVersion(version)} and ${others.join(', ')}: taken as ${nameVersion(version)}`]
  return { version, said: true, inferred }
}

/** A version as subjects write it. */
export const nameVersion = (version: number): string => `v${version}`

type Count = { readonly expected: number; readonly said: boolean; readonly inferred: readonly string[] }

function resolveCount(cluster: Cluster, slots: readonly Slot[]): Count {
  const patchTotals = totalsOf(cluster.entries.filter(({ index }) => index !== 0))
  const coverTotals = totalsOf(cluster.entries.filter(({ index }) => index === 0))
  const last = Math.max(0, ...slots.map(({ place }) => place))
  // Of totals that disagree, the one that the patches fill is right.
  const filled = slots.length === last ? [...patchTotals, ...coverTotals].find((total) => total === last) : undefined
  const said = filled ?? patchTotals[0] ?? coverTotals[0]
  if (said === undefined) {
    const inferred =
      slots.length > 1 && cluster.entries.length > 1
        ? [`${slots.length} patches without numbers are taken in the order of sending`]
        : []
    return { expected: Math.max(1, last), said: false, inferred }
  }
  const expected = Math.max(said, last)
  const others = [...new Set([...patchTotals, ...coverTotals])]
    .filter((total) => total !== expected)
    .sort((a, b) => a - b)
  const counted = cluster.entries.some(({ index }) => index !== null && index !== 0)
  const inferred = [
    ...(others.length === 0
      ? []
      : [`the subjects count ${[...others, expected].join(' and ')} patches: taken as ${expected}`]),
    ...(counted || slots.length === 0
      ? []
      : [`patches without numbers are taken in the order of sending, ${slots.length} of ${expected}`]),
  ]
  return { expected, said: true, inferred }
}

/** The totals that subjects say, the most frequent first, then the greatest. */
function totalsOf(entries: readonly Entry[]): readonly number[] {
  const totals = entries.map(({ total }) => total).filter((total) => total !== null)
  const counts = Map.groupBy(totals, (total) => total)
  return [...counts].sort(([a, x], [b, y]) => y.length - x.length || b - a).map(([total]) => total)
}

/** Mails that say they are a patch of the series and hold none. */
function lost(cluster: Cluster): readonly string[] {
  return cluster.entries
    .filter(isLetter)
    .filter(({ index }) => index !== 0 && index !== null)
    .map(({ id, index, total }) => `\`${String(index)}/${String(total)}\` in <${id}> holds no diff`)
}
