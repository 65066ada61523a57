import { randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'

/**
 * A name for a directory or a group that says whose it is, so that what a killed process left can be told from what a living one
 * uses: process id, its start time, the namespace that the id counts in, and six random letters.
 */
export function newOwnName(): string {
  return `kbuild-review-sandbox-${process.pid}-${startOf(process.pid) ?? 0}-${namespace()}-${randomBytes(3).toString('hex')}`
}

const ownName = /^kbuild-review-sandbox-(\d{1,10})-(\d{1,20})-(\d{1,20})-\w{6}$/

/** Whether a name is one that `newOwnName` gave to a process of this namespace that is gone. */
export function isLeftBehind(name: string): boolean {
  const [, pid, start, where] = ownName.exec(name) ?? []
  return pid !== undefined && start !== undefined && where === namespace() && !isAlive(Number(pid), start)
}

/** Whether a process with this id and start time lives; where start times are unknown, one with the id. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
  }
  const now = startOf(pid)
  return start === '0' || now === null || now === start
}

/** In clock ticks since boot: field 22 of /proc/PID/stat (proc(5)); null where there is no such file. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

/** The inode of the process id namespace (namespaces(7)); 0 where there are none. */
function namespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}
