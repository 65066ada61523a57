import { hourMs, makeCluster, type Cluster } from './cluster.ts'
import { bySending, type Entry } from './entry.ts'
import type { Threads } from './threads.ts'

/** How strongly a mail belongs to a group of the same sender, version, total and tree; 0 not at all. */
type Strength = 0 | 1 | 2 | 3 | 4

/** A group so far; the sets say what `entries` do, so that a mail is compared with a group at once. */
type Group = {
  readonly entries: Entry[]
  readonly indices: Set<number | null>
  readonly ids: Set<string>
  readonly parents: Set<string | null>
  readonly roots: Set<string>
  readonly runs: Set<string | null>
  guessed: boolean
}

/** A mail and where it stands in its thread; `below` says that it answers a cover letter. */
type Candidate = {
  readonly entry: Entry
  readonly parent: string | null
  readonly root: string
  readonly below: boolean
}

/**
 * Puts numbered mails together whose subjects agree: same sender, version, total and tree, each place once. Among several
 * groups a mail goes where its sending run is, where the mail is that it answers, to its thread, or, where threading is broken,
 * to what was sent within the hour. A place that is taken makes a new group: the next version by one who does not count versions.
 */
export function groupNumbered(entries: readonly Entry[], threads: Threads): readonly Cluster[] {
  const buckets = Map.groupBy([...entries].sort(bySending), keyOf)
  const covers = new Set(entries.filter(({ index }) => index === 0).map(({ id }) => id))
  return [...buckets.values()].flatMap((bucket) => groupBucket(bucket, covers, threads))
}

const keyOf = (entry: Entry): string => JSON.stringify([entry.sender, entry.version, entry.total, entry.branch])

function groupBucket(bucket: readonly Entry[], covers: ReadonlySet<string>, threads: Threads): readonly Cluster[] {
  const groups: Group[] = []
  for (const entry of bucket) {
    const parent = threads.parent(entry.id)
    const candidate = { entry, parent, root: threads.root(entry.id), below: parent !== null && covers.has(parent) }
    let best: Group | null = null
    let strength: Strength = 0
    for (const group of groups) {
      const found = group.indices.has(entry.index) ? 0 : strengthOf(candidate, group, threads)
      if (found > 0 && found >= strength) [best, strength] = [group, found]
    }
    if (best === null) groups.push((best = newGroup()))
    else if (strength === 1) best.guessed = true
    add(best, candidate)
  }
  return groups.map(({ entries, guessed }) =>
    makeCluster(
      entries,
      guessed ? ['the mails are not threaded: put together by sender, version, count and time'] : [],
    ),
  )
}

function newGroup(): Group {
  const sets = { indices: new Set<number | null>(), ids: new Set<string>(), parents: new Set<string | null>() }
  return { entries: [], ...sets, roots: new Set(), runs: new Set(), guessed: false }
}

function add(group: Group, { entry, parent, root }: Candidate): void {
  group.entries.push(entry)
  group.indices.add(entry.index)
  group.ids.add(entry.id)
  group.parents.add(parent)
  group.roots.add(root)
  group.runs.add(entry.run)
}

function strengthOf({ entry, parent, root, below }: Candidate, group: Group, threads: Threads): Strength {
  if (entry.run !== null && group.runs.has(entry.run)) return 4
  if (group.ids.has(parent ?? '') || group.parents.has(entry.id)) return 3
  // The cover letter that a patch answers says more than the thread, unless the others of the group answer it too.
  if (below && !group.parents.has(parent)) return 0
  if (group.roots.has(root)) return 2
  // Entries come by date: the last one is the nearest.
  const near = entry.date - (group.entries.at(-1)?.date ?? 0) <= hourMs
  return near && threadingIsBroken([entry, ...group.entries], threads) ? 1 : 0
}

/**
 * Whether mails may be of one posting although their threads differ: none answers anything, or the patches answer a mail that
 * there is not while the cover letter answers nothing, as where a relay gave it another Message-ID.
 */
function threadingIsBroken(entries: readonly Entry[], threads: Threads): boolean {
  const answering = entries.filter(({ id }) => threads.answered(id) !== null)
  if (answering.length === 0) return true
  if (answering.some(({ id, index }) => index === 0 || threads.parent(id) !== null)) return false
  const roots = new Set(answering.map(({ id }) => threads.root(id)))
  return roots.size === 1 && entries.length - answering.length === 1 && entries.some(({ index }) => index === 0)
}
