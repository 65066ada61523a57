import { areDisjoint, areNear, byHead, headOf, makeCluster, shareRun, type Cluster } from './cluster.ts'
import type { Entry } from './entry.ts'
import type { Threads } from './threads.ts'

/**
 * Joins clusters whose subjects disagree but which are one posting: a cover letter with another version or count, patches added
 * afterwards (`4/4` to three, `7/6`), patches without numbers below a cover letter, patches that were sent as from their authors.
 * All of these answer a mail of the posting directly. Clusters are joined in the order of sending until none can be.
 */
export function mergeClusters(clusters: readonly Cluster[], threads: Threads): readonly Cluster[] {
  const open = new Set([...clusters].sort(byHead))
  const owner = new Map<string, Cluster>()
  const own = (cluster: Cluster): void => cluster.entries.forEach(({ id }) => owner.set(id, cluster))
  open.forEach(own)
  for (let again = true; again;) {
    again = false
    for (const cluster of [...open]) {
      if (!open.has(cluster)) continue
      const found = findHost(cluster, owner, threads)
      if (found === null) continue
      const inferred = [...found.host.inferred, ...cluster.inferred, ...(found.reason === null ? [] : [found.reason])]
      const merged = makeCluster([...found.host.entries, ...cluster.entries], [...new Set(inferred)])
      open.delete(cluster)
      open.delete(found.host)
      open.add(merged)
      own(merged)
      again = true
    }
  }
  return [...open].sort(byHead)
}

type Host = { readonly host: Cluster; readonly reason: string | null }

/** The cluster that one belongs to: one that a mail of it answers, and that it may be joined with. */
function findHost(guest: Cluster, owner: ReadonlyMap<string, Cluster>, threads: Threads): Host | null {
  for (const entry of guest.entries) {
    const host = owner.get(threads.parent(entry.id) ?? '')
    if (host === undefined || host === guest) continue
    const reason = reasonToMerge(guest, host)
    if (reason !== null) return { host, reason: reason === 'said' ? null : reason }
  }
  return null
}

/** Why a guest is of the posting of its host: `said` where its subject says so, else a sentence; null where it is not. */
function reasonToMerge(guest: Cluster, host: Cluster): string | null {
  if (isUnnumbered(host)) return null
  const burst = shareRun(guest, host) || areNear(guest, host)
  if (isUnnumbered(guest))
    return isCoverAlone(host) && burst && sameSender(guest, host) ? numberByOrder(guest, host) : null
  if (!areDisjoint(guest, host)) return null
  if (isCoverAlone(guest) || isCoverAlone(host)) return coverReason(guest, host, burst)
  if (!sameSender(guest, host)) return forgedReason(guest, host, burst)
  return addedReason(guest, host)
}

/** A cover letter alone and patches: one posting where they left together, or where version and count say it. */
function coverReason(guest: Cluster, host: Cluster, burst: boolean): string | null {
  const agree = versionOf(guest) === versionOf(host) && totalOf(guest) === totalOf(host)
  if (!sameSender(guest, host)) return agree && burst ? sendersDiffer : null
  return burst || agree ? 'said' : null
}

/** Patches of a sender which came after the others: the count goes on, or fills a gap. */
function addedReason(guest: Cluster, host: Cluster): string | null {
  if (shareRun(guest, host)) return 'said'
  if (versionOf(guest) !== versionOf(host) || branchOf(guest) !== branchOf(host)) return null
  if (totalOf(guest) === totalOf(host)) return 'said'
  const goesOn = guest.entries.every(({ index }) => (index ?? 0) > Math.max(totalOf(host) ?? 0, lastIndex(host)))
  return goesOn ? `${placesOf(guest)} was added to a posting of ${totalOf(host) ?? 0}` : null
}

const sendersDiffer = 'the mails have several senders: put together by thread, version, count and time'

function forgedReason(guest: Cluster, host: Cluster, burst: boolean): string | null {
  const agree = versionOf(guest) === versionOf(host) && totalOf(guest) === totalOf(host)
  return agree && burst && branchOf(guest) === branchOf(host) ? sendersDiffer : null
}

function numberByOrder(guest: Cluster, host: Cluster): string | null {
  const versions = new Set(
    [...guest.entries, ...host.entries].map(({ version }) => version).filter((version) => version !== null),
  )
  return versions.size > 1 ? null : 'said'
}

const isUnnumbered = (cluster: Cluster): boolean => cluster.entries.every(({ index }) => index === null)
const isCoverAlone = (cluster: Cluster): boolean => cluster.entries.every(({ index }) => index === 0)
const sameSender = (one: Cluster, other: Cluster): boolean => headOf(one).sender === headOf(other).sender
const patchesOf = (cluster: Cluster): readonly Entry[] => cluster.entries.filter(({ index }) => index !== 0)
const typical = (cluster: Cluster): Entry => patchesOf(cluster)[0] ?? headOf(cluster)
const versionOf = (cluster: Cluster): number | null => typical(cluster).version
const totalOf = (cluster: Cluster): number | null => typical(cluster).total
const branchOf = (cluster: Cluster): string => typical(cluster).branch
const lastIndex = (cluster: Cluster): number => Math.max(...cluster.entries.map(({ index }) => index ?? 0))
const placesOf = (cluster: Cluster): string =>
  cluster.entries.map(({ index, total }) => `\`${String(index)}/${String(total)}\``).join(', ')
