import { readFileSync, readlinkSync } from 'node:fs'

/** Whether a process with this id lives, ours or another's; false for what is no id. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and is somebody else's (kill(2)).
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Tells this process from every other one, also from a later one with its id: process id, start time, and the namespace that the id counts in, as
 * `4711-3632350-4026531836`.
 */
export function nameThisProcess(): string {
  return `${process.pid}-${startOf(process.pid) ?? 0}-${namespace()}`
}

/** What `nameThisProcess` gives, for larger patterns; no groups. */
export const processName = String.raw`\d{1,10}-\d{1,20}-\d{1,20}`

/** Whether the process of such a name is known to be gone. One of another namespace never is; where start times are unknown, the id alone counts. */
export function isProcessGone(name: string): boolean {
  const [pid = '', start = '', where = ''] = name.split('-')
  if (where !== namespace()) return false
  if (!isAlive(Number(pid))) return true
  const now = startOf(Number(pid))
  return start !== '0' && now !== null && now !== start
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
