import { makeCluster, type Cluster } from './cluster.ts'
import { bySending, type Entry } from './entry.ts'
import type { Threads } from './threads.ts'

/** Patches of one posting leave a mail program within minutes. */
const burstMs = 10 * 60 * 1000

/**
 * Puts patches without a count together where they are one posting: same sender, version and tree, threaded to each other or to
 * one mail, sent in one run or within minutes, and each another patch. All others stand alone.
 */
export function groupUnnumbered(entries: readonly Entry[], threads: Threads): readonly Cluster[] {
  const buckets = Map.groupBy([...entries].sort(bySending), keyOf)
  return [...buckets.values()].flatMap((bucket) => groupBucket(bucket, threads))
}

const keyOf = (entry: Entry): string => JSON.stringify([entry.sender, entry.version, entry.branch])

function groupBucket(bucket: readonly Entry[], threads: Threads): readonly Cluster[] {
  const groups: Entry[][] = []
  for (const entry of bucket) {
    const parent = threads.parent(entry.id)
    const group = groups.findLast((candidate) => belongs({ entry, parent }, candidate, threads))
    if (group === undefined) groups.push([entry])
    else group.push(entry)
  }
  return groups.map((group) => makeCluster(group))
}

type Candidate = { readonly entry: Entry; readonly parent: string | null }

function belongs({ entry, parent }: Candidate, group: readonly Entry[], threads: Threads): boolean {
  const last = group.at(-1)
  if (
    last === undefined ||
    holdsSeveral(entry) ||
    group.some((other) => holdsSeveral(other) || other.title === entry.title)
  )
    return false
  const threaded =
    group.some(({ id }) => id === parent) || (parent !== null && group.every(({ id }) => threads.parent(id) === parent))
  const together = entry.run === null || last.run === null ? entry.date - last.date <= burstMs : entry.run === last.run
  return threaded && together
}

/** A mail with several patches attached is a posting by itself. */
const holdsSeveral = ({ posted }: Entry): boolean => posted.kind === 'patches' && posted.patches.length > 1
