import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../ports.ts'

/**
 * What was worked out before, kept in files: for speed alone. Nothing here throws for what a disk or a file does: what cannot be
 * read is not there, what cannot be written is not kept. Several processes may use one directory at once.
 */
export type Snapshots = {
  /** The bytes that were kept, whole and unchanged; null where there are none. */
  readonly read: (key: SnapshotKey) => Uint8Array | null
  readonly write: (key: SnapshotKey, bytes: Uint8Array) => void
  /** The ids of a group, used last first. */
  readonly recent: (group: string) => readonly string[]
}

/** `group` says what the bytes are and which program made them, in any words; `id` is hexadecimal, as ids of git are. */
export type SnapshotKey = { readonly group: string; readonly id: string }

export type SnapshotOptions = {
  readonly clock: Clock
  /** Bytes of all files together; the ones not used for longest go first. */
  readonly maxBytes?: number
}

/** A model of Linux 6.12 has 5 MB: this holds some fifty. */
const defaultMaxBytes = 256 * 1024 * 1024

/** No snapshot is larger: it would be read into memory at once. */
const maxFileBytes = 64 * 1024 * 1024

/** What is written takes some milliseconds: a file under a temporary name for longer is of a process that was killed. */
const staleAfterMs = 60 * 60 * 1000

/** The first bytes of a file; the number goes up when what follows them changes: the SHA-256 of the rest, and the rest. */
const magic = Buffer.from('kbuild-review snapshot 1\n')
const hashBytes = 32

/** The snapshots in a directory, which is made when the first is written. */
export function openSnapshots(directory: string, options: SnapshotOptions): Snapshots {
  const { clock, maxBytes = defaultMaxBytes } = options
  const pathOf = ({ group, id }: SnapshotKey): string | null =>
    /^[\da-f]{1,64}$/.test(id) ? join(directory, `${prefixOf(group)}${id}`) : null
  return {
    read: (key) => {
      const path = pathOf(key)
      const file = path === null ? null : unlessFailing(() => readOwn(path, clock))
      return file === null ? null : unsealed(file)
    },
    write: (key, bytes) => {
      const path = pathOf(key)
      if (path === null || bytes.length > maxFileBytes - magic.length - hashBytes) return
      unlessFailing(() => {
        mkdirSync(directory, { recursive: true, mode: 0o700 })
        replaceFile(path, sealed(bytes))
        tidy(directory, { now: clock(), maxBytes })
      })
    },
    recent: (group) => {
      const prefix = prefixOf(group)
      const files = unlessFailing(() => filesIn(directory)) ?? []
      const own = files.filter(({ name }) => name.startsWith(prefix) && !isTemporary(name))
      return own.sort((left, right) => right.usedAt - left.usedAt).map(({ name }) => name.slice(prefix.length))
    },
  }
}

/** A group as the start of a file name; names of files hold no more of it, as it can be any text. */
function prefixOf(group: string): string {
  return `${createHash('sha256').update(group).digest('hex').slice(0, 16)}-`
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function sealed(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([magic, hashOf(bytes), bytes])
}

function unsealed(file: Buffer): Uint8Array | null {
  const start = magic.length + hashBytes
  if (file.length < start || !file.subarray(0, magic.length).equals(magic)) return null
  const bytes = file.subarray(start)
  return hashOf(bytes).equals(file.subarray(magic.length, start)) ? bytes : null
}

/** The content of a file that nobody else can write, now marked as used; null for any other. */
function readOwn(path: string, clock: Clock): Buffer | null {
  // A link leads elsewhere, and a pipe would never end.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const status = fstatSync(descriptor)
    const isOwn = process.getuid === undefined || status.uid === process.getuid()
    const isPrivate = (status.mode & 0o022) === 0
    if (!status.isFile() || !isOwn || !isPrivate || status.size > maxFileBytes) return null
    const now = new Date(clock())
    unlessFailing(() => futimesSync(descriptor, now, now))
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Puts a file in place whole, whoever else does the same now. */
function replaceFile(path: string, bytes: Uint8Array): void {
  const temporary = `${path}${temporaryEnding()}`
  try {
    writeFileSync(temporary, bytes, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

const temporaryEnding = (): string => `.${randomBytes(8).toString('hex')}.tmp`

const isTemporary = (name: string): boolean => name.endsWith('.tmp')

/** A name that this module gives; whatever else is in the directory is not ours to remove. */
const ownName = /^[\da-f]{16}-[\da-f]{1,64}(?:\.[\da-f]{16}\.tmp)?$/

type StoredFile = { readonly name: string; readonly bytes: number; readonly usedAt: number }

function filesIn(directory: string): StoredFile[] {
  return readdirSync(directory)
    .filter((name) => ownName.test(name))
    .flatMap((name) => {
      const status = lstatSync(join(directory, name), { throwIfNoEntry: false })
      return status === undefined ? [] : [{ name, bytes: status.size, usedAt: status.mtimeMs }]
    })
}

/** Removes what processes that were killed left behind, and what was not used for longest beyond the size that is allowed. */
function tidy(directory: string, { now, maxBytes }: { readonly now: number; readonly maxBytes: number }): void {
  let total = 0
  for (const { name, bytes, usedAt } of filesIn(directory).sort((left, right) => right.usedAt - left.usedAt)) {
    total += bytes
    const goes = isTemporary(name) ? Math.abs(now - usedAt) > staleAfterMs : total > maxBytes
    if (goes) unlessFailing(() => rmSync(join(directory, name), { force: true }))
  }
}

/** What some work with files gives; null where the system refuses: no such file, no right, no space, a medium that is gone. */
function unlessFailing<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}
