import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Lines of /proc/PID/cmdline of living processes, of all of the machine, that hold a word. */
export function processesWith(word: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => read(join('/proc', pid, 'cmdline')).replaceAll('\0', ' '))
    .filter((line) => line.includes(word))
}

/** What of a process of ours runs or is mounted still: it has its name, `kbuild-review-sandbox-PID-`. */
export function runningOf(pid: number): readonly string[] {
  const name = nameOf(pid)
  const mounts = read('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line.includes(name))
  return [...processesWith(name), ...mounts.map((line) => `mounted: ${line}`)]
}

/** Directories and control groups of a process of ours, which hold nothing: one that was killed while it made them leaves them to the next run. */
export function placesOf(pid: number): readonly string[] {
  const stages = readdirSync(tmpdir()).filter((name) => name.startsWith(nameOf(pid)))
  return [...stages, ...groupsWith(nameOf(pid))]
}

const nameOf = (pid: number): string => `kbuild-review-sandbox-${pid}-`

/** Waits until nothing is left; what is there after `ms` milliseconds. */
export async function awaitNothing(find: () => readonly string[], ms: number): Promise<readonly string[]> {
  const end = Date.now() + ms
  while (Date.now() < end && find().length > 0) await sleep(50)
  return find()
}

/** Control groups of the first levels, of version 1 and 2. */
function groupsWith(name: string): readonly string[] {
  const below = (directory: string, depth: number): readonly string[] => {
    if (depth === 0 || !existsSync(directory)) return []
    const own = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const found = own
      .filter((entry) => entry.name.startsWith(name))
      .map((entry) => `group ${join(directory, entry.name)}`)
    return [...found, ...own.flatMap((entry) => below(join(directory, entry.name), depth - 1))]
  }
  return below('/sys/fs/cgroup', maxDepth)
}

const maxDepth = 3

/** Empty where the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
