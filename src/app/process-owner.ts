import { hostname } from 'node:os'
import { isAlive } from '../processes/life.ts'

/** Names this process in leases: `host:pid:nonce`. The nonce tells it from a later process of the same number. */
export function nameOwner(nonce: string): string {
  return `${hostname()}:${process.pid}:${nonce}`
}

/**
 * Whether the process that a name stands for is known to be gone. One of another host never is, nor one whose number another
 * process has now: their leases run out by themselves.
 */
export function isOwnerGone(owner: string, self: string): boolean {
  if (owner === self) return false
  const found = /^(.*):(\d+):[^:]*$/.exec(owner)
  const pid = Number(found?.[2])
  if (found === null || found[1] !== hostname() || !Number.isSafeInteger(pid) || pid <= 0) return false
  return pid === process.pid || !isAlive(pid)
}
