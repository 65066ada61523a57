import { closeSync, constants, fstatSync, openSync, readSync, type Dirent } from 'node:fs'
import { opendirSync } from 'node:fs'
import { join } from 'node:path'
import { readSavedCommand } from './command-changes.ts'
import type { Evidence } from './evidence.ts'
import { readLivepatchModule, type LivepatchModule } from './livepatch-module.ts'
import { shortenPaths } from './log-paths.ts'
import { readSymvers } from './symvers.ts'

/** What is read at most: a hostile build wrote the files. */
const limits = {
  files: 100_000,
  depth: 40,
  /** Of a `.cmd` file only the first line counts, which the dependencies follow. */
  commandBytes: 1 << 20,
  symversBytes: 64 << 20,
  moduleBytes: 64 << 20,
  /** Of all modules together. */
  allModuleBytes: 512 << 20,
} as const

type Collected = {
  readonly commands: Map<string, string>
  readonly modules: Map<string, LivepatchModule>
  symvers: string | null
  files: number
  moduleBytes: number
  isCut: boolean
}

/**
 * Reads what a build left: `output/` and `source/` below a directory, as `GoalRun.outputDirectory`. Regular files alone are opened, links are not
 * followed, and what cannot be read is left out. `paths` are what the build called the two.
 */
export function readEvidence(directory: string, paths: { readonly source: string; readonly output: string }): Evidence {
  const collected: Collected = {
    commands: new Map(),
    modules: new Map(),
    symvers: null,
    files: 0,
    moduleBytes: 0,
    isCut: false,
  }
  for (const root of ['output', 'source']) walk(join(directory, root), '', { collected, paths })
  const symbols = collected.symvers === null ? null : readSymvers(collected.symvers)
  const { commands, modules, isCut } = collected
  return { commands, modules, symbols: symbols?.size === 0 ? null : symbols, isCut }
}

type Walk = { readonly collected: Collected; readonly paths: { readonly source: string; readonly output: string } }

/** Goes through directories without recursion: how deep they go is up to a stranger. */
function walk(top: string, start: string, { collected, paths }: Walk): void {
  const open = [{ path: start, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of entriesOf(join(top, next.path))) {
      const path = next.path === '' ? entry.name : `${next.path}/${entry.name}`
      if (collected.files >= limits.files) return void (collected.isCut = true)
      if (entry.isDirectory() && next.depth < limits.depth) open.push({ path, depth: next.depth + 1 })
      if (entry.isFile()) readOne(top, path, { collected, paths })
    }
  }
}

function entriesOf(directory: string): readonly Dirent[] {
  const entries: Dirent[] = []
  try {
    const open = opendirSync(directory)
    try {
      for (let entry = open.readSync(); entry && entries.length <= limits.files; entry = open.readSync())
        entries.push(entry)
    } finally {
      open.closeSync()
    }
  } catch {
    // A directory that is gone or closed to us holds nothing that could be compared.
    return entries
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function readOne(top: string, path: string, { collected, paths }: Walk): void {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name.startsWith('.') && name.endsWith('.cmd')) {
    collected.files++
    bookCommand(readBytes(join(top, path), limits.commandBytes), { collected, paths })
  } else if (path === 'Module.symvers') {
    const bytes = readBytes(join(top, path), limits.symversBytes)
    if (bytes) collected.symvers ??= bytes.toString('latin1')
  } else if (name.endsWith('.ko')) {
    collected.files++
    bookModule(join(top, path), path, collected)
  }
}

function bookCommand(bytes: Buffer | null, { collected, paths }: Walk): void {
  const saved = bytes && readSavedCommand(bytes.toString('latin1'))
  if (!saved) return
  const roots = [
    { directory: paths.output, root: 'output', at: '' },
    { directory: paths.source, root: 'source', at: '' },
  ] as const
  collected.commands.set(shortenPaths(saved.target, roots), shortenPaths(saved.command, roots))
}

function bookModule(file: string, path: string, collected: Collected): void {
  const room = limits.allModuleBytes - collected.moduleBytes
  const bytes = room > 0 ? readBytes(file, Math.min(limits.moduleBytes, room)) : null
  if (bytes === null) return void (collected.isCut = true)
  collected.moduleBytes += bytes.length
  const module = readLivepatchModule(bytes)
  if (module) collected.modules.set(path, module)
}

/** A regular file, whole or not at all but for `.cmd` files, whose beginning is enough; null where it cannot be read or is larger. */
function readBytes(file: string, most: number): Buffer | null {
  let descriptor: number
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
  try {
    const status = fstatSync(descriptor)
    if (!status.isFile() || (status.size > most && !file.endsWith('.cmd'))) return null
    const bytes = Buffer.alloc(Math.min(status.size, most))
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(descriptor)
  }
}
