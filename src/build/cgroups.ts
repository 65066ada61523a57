import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isLeftBehind, newOwnName } from './own-names.ts'

/** Where groups with limits can be made: one place in cgroup v2, one a controller in v1. */
export type CgroupPlace =
  | { readonly kind: 'cgroup2'; readonly directory: string }
  | { readonly kind: 'cgroup1'; readonly memory: string; readonly pids: string }

export type CgroupLimits = { readonly memoryBytes: number; readonly processes: number }

/** How often a limit was met since the group was made. */
export type CgroupEvents = { readonly memory: number; readonly processes: number }

/** A group of processes with limits. Who writes `0` to `cgroup.procs` of each directory enters it. */
export type Cgroup = {
  readonly directories: readonly string[]
  events(): CgroupEvents
  /** Kills what is left in it and removes it. */
  remove(): void
}

type Mount = { readonly root: string; readonly at: string; readonly type: string; readonly options: string }

/**
 * The place for groups below the one that this process is in (cgroups(7)); null where the system lets us have none. v2 is taken
 * where its controllers are there for children of our group, or of one above it that we may use (systemd: a delegated scope).
 */
export function findCgroups(): CgroupPlace | null {
  const mounts = readMounts()
  const own = readOwnGroups()
  const place = findVersion2(mounts, own) ?? findVersion1(mounts, own)
  if (place === null) return null
  sweep(place)
  return place
}

/** Makes a group; null where the system refuses it, or refuses a limit. */
export function makeCgroup(place: CgroupPlace, limits: CgroupLimits): Cgroup | null {
  const name = newOwnName()
  const directories = parentsOf(place).map((parent) => join(parent, name))
  try {
    for (const directory of directories) mkdirSync(directory)
    setLimits(place, name, limits)
  } catch {
    for (const directory of directories) removeGroup(directory)
    return null
  }
  return {
    directories,
    events: () => readEvents(place, name),
    remove: () => {
      for (const directory of directories) removeGroup(directory)
    },
  }
}

function parentsOf(place: CgroupPlace): readonly string[] {
  return place.kind === 'cgroup2' ? [place.directory] : [...new Set([place.memory, place.pids])]
}

function setLimits(place: CgroupPlace, name: string, { memoryBytes, processes }: CgroupLimits): void {
  if (place.kind === 'cgroup2') {
    const set = (file: string, value: number): void => writeFileSync(join(place.directory, name, file), String(value))
    set('memory.max', memoryBytes)
    set('pids.max', processes)
    if (existsSync(join(place.directory, name, 'memory.swap.max'))) set('memory.swap.max', 0)
    return
  }
  writeFileSync(join(place.memory, name, 'memory.limit_in_bytes'), String(memoryBytes))
  const withSwap = join(place.memory, name, 'memory.memsw.limit_in_bytes')
  if (existsSync(withSwap)) writeFileSync(withSwap, String(memoryBytes))
  writeFileSync(join(place.pids, name, 'pids.max'), String(processes))
}

/** `oom_kill` and `max` of memory.events and pids.events (v2), of memory.oom_control and pids.events (v1). */
function readEvents(place: CgroupPlace, name: string): CgroupEvents {
  const [memory, pids] =
    place.kind === 'cgroup2'
      ? [join(place.directory, name, 'memory.events'), join(place.directory, name, 'pids.events')]
      : [join(place.memory, name, 'memory.oom_control'), join(place.pids, name, 'pids.events')]
  return { memory: readCount(memory, 'oom_kill'), processes: readCount(pids, 'max') }
}

function readCount(path: string, key: string): number {
  const line = readText(path)
    .split('\n')
    .find((text) => text.startsWith(`${key} `))
  return Number(line?.slice(key.length + 1) ?? 0)
}

/** Kills what is in a group, and removes it; it goes only when all are dead, which the kernel tells by EBUSY. */
function removeGroup(directory: string): void {
  for (let attempt = 0; attempt < 100 && existsSync(directory); attempt += 1) {
    for (const pid of readText(join(directory, 'cgroup.procs')).split('\n')) killProcess(Number(pid))
    try {
      rmdirSync(directory)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

/** 0 is a process of another namespace, as cgroup.procs shows it. */
function killProcess(pid: number): void {
  if (!Number.isInteger(pid) || pid <= 1) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

/** Removes the groups of processes that were killed before they could. */
function sweep(place: CgroupPlace): void {
  for (const parent of parentsOf(place)) {
    const left = readdirSync(parent, { withFileTypes: true }).filter(
      (each) => each.isDirectory() && isLeftBehind(each.name),
    )
    for (const { name } of left) removeGroup(join(parent, name))
  }
}

/** From our own group upwards, the first whose children have both controllers, and that we may enter a child of. */
function findVersion2(mounts: readonly Mount[], own: ReadonlyMap<string, string>): CgroupPlace | null {
  const mount = mounts.find(({ type }) => type === 'cgroup2')
  const path = own.get('')
  if (mount === undefined || path === undefined) return null
  const parts = relative(mount.root, path)
    .split('/')
    .filter((part) => part !== '')
  for (let length = parts.length; length >= 0; length -= 1) {
    const directory = join(mount.at, ...parts.slice(0, length))
    const controllers = readText(join(directory, 'cgroup.subtree_control')).trim().split(' ')
    if (!controllers.includes('memory') || !controllers.includes('pids')) continue
    const place: CgroupPlace = { kind: 'cgroup2', directory }
    if (isUsable(place)) return place
  }
  return null
}

function findVersion1(mounts: readonly Mount[], own: ReadonlyMap<string, string>): CgroupPlace | null {
  const directoryOf = (controller: string): string | null => {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.split(',').includes(controller))
    const path = own.get(controller)
    return mount === undefined || path === undefined ? null : join(mount.at, relative(mount.root, path))
  }
  const [memory, pids] = [directoryOf('memory'), directoryOf('pids')]
  if (memory === null || pids === null) return null
  const place: CgroupPlace = { kind: 'cgroup1', memory, pids }
  return isUsable(place) ? place : null
}

/** Tries it: a group with limits, and a process that enters it. */
function isUsable(place: CgroupPlace): boolean {
  const group = makeCgroup(place, { memoryBytes: 64 * 2 ** 20, processes: 16 })
  if (group === null) return false
  const script = 'for group in "$@"; do echo 0 > "$group/cgroup.procs" || exit 1; done'
  const { status } = spawnSync('sh', ['-c', script, 'sh', ...group.directories], { stdio: 'ignore', timeout: 5000 })
  group.remove()
  return status === 0
}

/** Lines `8:pids:/path` of /proc/self/cgroup, by controller; v2 has none (`0::/path`). */
function readOwnGroups(): ReadonlyMap<string, string> {
  const lines = readText('/proc/self/cgroup').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
      return controllers === undefined || path === undefined ? [] : controllers.split(',').map((each) => [each, path])
    }),
  )
}

/** The cgroup mounts of /proc/self/mountinfo (proc(5)): `36 35 0:30 ROOT AT OPTIONS ... - TYPE SOURCE SUPER-OPTIONS`. */
function readMounts(): readonly Mount[] {
  const lines = readText('/proc/self/mountinfo').split('\n')
  return lines.flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root, at] = before.split(' ')
    const [type = '', , options = ''] = after.split(' ')
    return root === undefined || at === undefined || !type.startsWith('cgroup') ? [] : [{ root, at, type, options }]
  })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
