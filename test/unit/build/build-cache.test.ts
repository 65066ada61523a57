import {
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { openBuildCache, type BuildCache, type CacheEntry, type Made } from '../../../src/build/build-cache.ts'
import { diskUsage } from '../../../src/build/disk-usage.ts'

const parent = mkdtempSync(join(tmpdir(), 'builds-'))
afterAll(() => removeDirectory(parent))

let directory: string
let cache: BuildCache
let now = 0

beforeEach(() => {
  directory = mkdtempSync(join(parent, 'cache-'))
  now = 1_700_000_000_000
  cache = open()
})

/** A cache for 1000 bytes, where every file of an entry says how large it is; the clock ticks a second a look. */
function open(): BuildCache {
  const measure = (path: string) => Promise.resolve(Number(readFileSync(join(path, 'size'), 'utf8')))
  return openBuildCache(directory, { maxBytes: 1000, measure, clock: () => (now += 1000) })
}

const nameOf = (digit: string) => `base-${digit.repeat(40)}`

const writing =
  (size: number) =>
  (path: string): Promise<Made> => {
    writeFileSync(join(path, 'size'), String(size))
    return Promise.resolve({ kind: 'made' })
  }

async function get(digit: string, size = 400): Promise<{ entry: CacheEntry; how: string }> {
  const outcome = await cache.get(nameOf(digit), writing(size))
  if (outcome.kind === 'failed') throw new Error(outcome.reason)
  return outcome
}

const kept = () =>
  readdirSync(directory)
    .filter((name) => name.startsWith('base-'))
    .map((name) => name[5])

describe('a cache of builds', () => {
  it('makes an entry once', async () => {
    const first = await get('a')
    first.entry.release()
    const second = await get('a')
    expect([first.how, second.how]).toEqual(['made', 'found'])
    expect(readFileSync(join(second.entry.path, 'size'), 'utf8')).toBe('400')
  })

  it('removes what was not used for longest when all is too large', async () => {
    for (const digit of ['a', 'b', 'a', 'c']) (await get(digit)).entry.release()
    expect(kept()).toEqual(['a', 'c'])
  })

  it('keeps what is in use, also beyond its size', async () => {
    const { entry } = await get('a')
    for (const digit of ['b', 'c', 'd']) (await get(digit)).entry.release()
    expect(kept()).toEqual(['a', 'd'])
    entry.release()
    expect(cache.clear()).toBe(2)
    expect(kept()).toEqual([])
  })

  it('keeps nothing of what could not be made, and tries again', async () => {
    const refuse = (path: string): Promise<Made> => {
      writeFileSync(join(path, 'half'), '')
      return Promise.resolve({ kind: 'failed', reason: 'no compiler' })
    }
    expect(await cache.get(nameOf('a'), refuse)).toEqual({ kind: 'failed', reason: 'no compiler' })
    await expect(cache.get(nameOf('a'), () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    expect(readdirSync(directory)).toEqual([])
    expect((await get('a')).how).toBe('made')
  })

  it('lets one make an entry while others wait for it', async () => {
    let times = 0
    const slow = async (path: string): Promise<Made> => {
      times += 1
      await sleep(150)
      return writing(1)(path)
    }
    const outcomes = await Promise.all([cache, open(), open()].map((each) => each.get(nameOf('a'), slow)))
    expect(outcomes.map((outcome) => outcome.kind === 'entry' && outcome.how)).toEqual(['made', 'found', 'found'])
    expect(times).toBe(1)
  })

  it('stops waiting when it is interrupted', async () => {
    const never = cache.get(nameOf('a'), () => sleep(400, { kind: 'failed', reason: 'late' }))
    await expect(open().get(nameOf('a'), writing(1), AbortSignal.timeout(50))).rejects.toThrow()
    expect(await never).toEqual({ kind: 'failed', reason: 'late' })
  })

  it('clears up after processes that are gone', async () => {
    const { entry } = await get('a')
    const namespace = /-(\d+)-\w{6}$/.exec(readdirSync(join(entry.path, 'users'))[0] ?? '')?.[1] ?? ''
    entry.release()
    const gone = `kbuild-review-sandbox-4194304-1-${namespace}-abcdef`
    mkdirSync(join(directory, `${gone}.tmp`))
    symlinkSync(gone, join(directory, `${nameOf('b')}.lock`))
    writeFileSync(join(entry.path, 'users', gone), '')
    cache = open()
    expect(readdirSync(directory)).toEqual([nameOf('a')])
    symlinkSync(gone, join(directory, `${nameOf('b')}.lock`))
    expect((await get('b')).how).toBe('made')
    for (const digit of ['c', 'd']) (await get(digit)).entry.release()
    expect(existsSync(entry.path)).toBe(false)
  })

  it('takes over from a process of another namespace that has not shown for a minute that it lives', async () => {
    const waited: string[] = []
    cache = openBuildCache(directory, {
      maxBytes: 1000,
      measure: () => Promise.resolve(400),
      clock: () => now,
      onWait: (name) => waited.push(name),
    })
    const elsewhere = 'kbuild-review-sandbox-7-12345-1-abc123'
    const held = join(directory, `${nameOf('a')}.lock`)
    symlinkSync(elsewhere, held)
    lutimesSync(held, new Date(now - 59_000), new Date(now - 59_000))
    const getting = get('a')
    await sleep(150)
    expect(readlinkSync(held)).toBe(elsewhere)
    now += 2000
    const { entry, how } = await getting
    expect([how, waited]).toEqual(['made', [nameOf('a')]])
    entry.release()
    const mark = join(entry.path, 'users', elsewhere)
    writeFileSync(mark, '')
    lutimesSync(mark, new Date(now), new Date(now))
    expect(cache.clear()).toBe(0)
    now += 61_000
    expect(cache.clear()).toBe(1)
  })

  it('leaves an entry that was moved away by another process to it', async () => {
    const { entry } = await get('a')
    entry.release()
    removeDirectory(join(entry.path, 'users'))
    expect(cache.clear()).toBe(0)
    expect((await get('b', 900)).how).toBe('made')
  })

  it('knows what a directory takes on the disk', async () => {
    const path = mkdtempSync(join(parent, 'usage-'))
    writeFileSync(join(path, 'object'), 'x'.repeat(100_000))
    expect(await diskUsage(path)).toBeGreaterThanOrEqual(100_000)
    expect(await diskUsage(join(path, 'missing'))).toBe(Infinity)
  })
})
