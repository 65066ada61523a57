import { bySending, type Entry } from './entry.ts'

/** Mails taken to be one posting so far, at most one a place. Built up by the grouping steps, then turned into a Posting. */
export type Cluster = {
  readonly entries: readonly Entry[]
  /** Why mails are in it that nothing but a guess put there. */
  readonly inferred: readonly string[]
}

export const hourMs = 60 * 60 * 1000

/** The cluster of some mails, in the order of sending. */
export function makeCluster(entries: readonly Entry[], inferred: readonly string[] = []): Cluster {
  return { entries: [...entries].sort(bySending), inferred }
}

/** The mail of a cluster that stands for it: the cover letter, else the one sent first. Clusters are never empty. */
export function headOf(cluster: Cluster): Entry {
  const head = cluster.entries.find((entry) => entry.index === 0) ?? cluster.entries[0]
  if (head === undefined) throw new Error('a cluster without mails')
  return head
}

/** Clusters by their head, in the order of sending. */
export const byHead = (a: Cluster, b: Cluster): number => bySending(headOf(a), headOf(b))

/** Whether no place that one has is taken in the other. */
export function areDisjoint(one: Cluster, other: Cluster): boolean {
  return !one.entries.some((a) => other.entries.some((b) => a.index === b.index))
}

/** Whether both were sent by one run of a sending program. */
export function shareRun(one: Cluster, other: Cluster): boolean {
  return one.entries.some(({ run }) => run !== null && other.entries.some((entry) => entry.run === run))
}

/** Whether some mail of one was sent within an hour of one of the other. */
export function areNear(one: Cluster, other: Cluster): boolean {
  return one.entries.some((a) => other.entries.some((b) => Math.abs(a.date - b.date) <= hourMs))
}
