import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A directory of our own that is gone after `close()`, or swept by the next process that opens one. */
export type Scratch = {
  readonly path: string
  close(): void
}

/**
 * Makes a directory below `parent` that only we can read. Its name says whose it is, so that what a killed process left
 * can be told from what a living one uses: process id, its start time, and the namespace that the id counts in.
 */
export function openScratch(parent: string): Scratch {
  mkdirSync(parent, { recursive: true })
  sweep(parent)
  const path = mkdtempSync(join(parent, `kbuild-review-${process.pid}-${startOf(process.pid) ?? 0}-${namespace()}-`))
  return { path, close: () => rmSync(path, { recursive: true, force: true }) }
}

const ownName = /^kbuild-review-(\d{1,10})-(\d{1,20})-(\d{1,20})-\w{6}$/

/** Removes the directories of processes that are gone. Others' directories, and those of other containers, stay. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const match = ownName.exec(name)
    if (match === null || match[3] !== namespace()) continue
    const path = join(parent, name)
    if (isAlive(Number(match[1]), match[2] ?? '') || !isOwnDirectory(path)) continue
    rmSync(path, { recursive: true, force: true })
  }
}

function isOwnDirectory(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === process.getuid?.()
}

/** A process with the id and the start time; where start times are unknown, one with the id. */
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
