import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeDirectory } from '../processes/remove-directory.ts'
import { lock, ownerOf } from './own-lock.ts'
import { isAbandoned, keepFresh } from './own-marks.ts'
import { isLeftBehind, newOwnName } from './own-names.ts'

/** A directory that was made once and is not changed any more. Nobody removes it until it is released. */
export type CacheEntry = { readonly path: string; release(): void }

/** What making an entry gave: nothing is kept where it says so, with a reason. */
export type Made = { readonly kind: 'made' } | { readonly kind: 'failed'; readonly reason: string }

export type CacheOutcome =
  | { readonly kind: 'entry'; readonly entry: CacheEntry; readonly how: 'found' | 'made' }
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Directories that take long to make: kernel trees laid out, builds of bases. Several processes may use one cache at once: an entry is made by one of them
 * while the others wait, is put in place whole, and the ones not used for longest go first when all together are too large.
 */
export type BuildCache = {
  /** The entry of a name, made by `make` in a fresh directory where there is none. */
  get(name: string, make: (directory: string) => Promise<Made>, signal?: AbortSignal): Promise<CacheOutcome>
  /** Removes every entry that nobody uses; the number of them. */
  clear(): number
}

export type BuildCacheOptions = {
  /** Bytes of all entries together. */
  readonly maxBytes: number
  /** The bytes that a directory takes on the disk. */
  readonly measure: (directory: string) => Promise<number>
  readonly clock: () => number
  /** Called with the name of an entry that somebody else is making, once, where that is waited for. */
  readonly onWait?: (name: string) => void
}

/** A name of an entry: what it is, and a hash of what it was made of. */
const entryName = /^(?:source|base|boot)-[\da-f]{40,64}$/

/** The cache in a directory, which only we can read and which is made where it is missing. */
export function openBuildCache(directory: string, options: BuildCacheOptions): BuildCache {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const { clock, onWait } = options
  sweep(directory, clock)
  return {
    get: async (name, make, signal) => {
      if (!entryName.test(name)) throw new Error(`no name of an entry: ${name}`)
      const found = use(directory, name, clock)
      if (found !== null) return { kind: 'entry', entry: found, how: 'found' }
      const unlock = await lock(join(directory, `${name}.lock`), clock, {
        ...(signal && { signal }),
        onWait: () => onWait?.(name),
      })
      try {
        const now = use(directory, name, clock)
        if (now !== null) return { kind: 'entry', entry: now, how: 'found' }
        return await makeEntry(name, make, { directory, options })
      } finally {
        unlock()
      }
    },
    clear: () => entriesIn(directory).filter(({ name }) => removeUnused(directory, name, clock) === 'removed').length,
  }
}

type Place = { readonly directory: string; readonly options: BuildCacheOptions }

async function makeEntry(
  name: string,
  make: (directory: string) => Promise<Made>,
  { directory, options }: Place,
): Promise<CacheOutcome> {
  const temporary = join(directory, `${newOwnName()}.tmp`)
  mkdirSync(join(temporary, 'users'), { recursive: true })
  try {
    const made = await make(temporary)
    if (made.kind === 'failed') return made
    writeFileSync(join(temporary, 'bytes'), String(await options.measure(temporary)))
    putInPlace(temporary, join(directory, name))
  } finally {
    removeDirectory(temporary)
  }
  const entry = use(directory, name, options.clock)
  if (entry === null) return { kind: 'failed', reason: `the entry \`${name}\` was removed while it was made` }
  try {
    tidy(directory, options)
  } catch (error) {
    entry.release()
    throw error
  }
  return { kind: 'entry', entry, how: 'made' }
}

/** Whoever was faster wins: a lock that two processes took for left behind lets both of them work. */
function putInPlace(temporary: string, path: string): void {
  try {
    renameSync(temporary, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')))
      throw error
  }
}

/** Marks an entry as used, now and until it is released; null where there is none. */
function use(directory: string, name: string, clock: () => number): CacheEntry | null {
  const path = join(directory, name)
  const mark = join(path, 'users', newOwnName())
  try {
    writeFileSync(mark, '')
    const now = new Date(clock())
    utimesSync(join(path, 'bytes'), now, now)
  } catch (error) {
    // Not there, or on its way out.
    rmSync(mark, { force: true })
    if (isGone(error)) return null
    throw error
  }
  const stop = keepFresh(mark, clock)
  const release = (): void => {
    stop()
    rmSync(mark, { force: true })
  }
  return { path, release }
}

/** Whether a step over the disk failed as another process moved away what it was about. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

type Stored = { readonly name: string; readonly bytes: number; readonly usedAt: number }

function entriesIn(directory: string): readonly Stored[] {
  const names = readdirSync(directory).filter((name) => entryName.test(name))
  return names.flatMap((name) => {
    const path = join(directory, name, 'bytes')
    try {
      return [{ name, bytes: Number(readFileSync(path, 'utf8')), usedAt: statSync(path).mtimeMs }]
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  })
}

/** Removes what was not used for longest until the rest is small enough. What somebody uses stays, and counts. */
function tidy(directory: string, { maxBytes, clock }: BuildCacheOptions): void {
  const entries = [...entriesIn(directory)].sort((left, right) => left.usedAt - right.usedAt)
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { name, bytes } of entries) {
    if (total > maxBytes && removeUnused(directory, name, clock) !== 'used') total -= bytes
  }
}

/**
 * Removes an entry unless a living process uses it; `gone` where another process did that already. It is moved away first, so that nobody finds half of
 * it, and back where somebody began to use it before that.
 */
function removeUnused(directory: string, name: string, clock: () => number): 'removed' | 'used' | 'gone' {
  const path = join(directory, name)
  const away = join(directory, `${newOwnName()}.tmp`)
  try {
    if (isUsed(path, clock)) return 'used'
    renameSync(path, away)
  } catch (error) {
    if (isGone(error)) return 'gone'
    throw error
  }
  if (isUsed(away, clock)) {
    putInPlace(away, path)
    return 'used'
  }
  removeDirectory(away)
  return 'removed'
}

function isUsed(path: string, clock: () => number): boolean {
  const users = join(path, 'users')
  return readdirSync(users).some((user) => !isAbandoned(join(users, user), user, clock))
}

/** Removes what processes that were killed left: half-made entries, half-removed ones, locks. */
function sweep(directory: string, clock: () => number): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name)
    if (name.endsWith('.tmp') && isLeftBehind(name.slice(0, -'.tmp'.length))) removeDirectory(path)
    if (name.endsWith('.lock') && isAbandoned(path, ownerOf(path), clock)) rmSync(path, { force: true })
  }
}
