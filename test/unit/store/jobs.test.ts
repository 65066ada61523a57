import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  buryJobs,
  cancelJobs,
  countJobs,
  endJob,
  enqueue,
  freeJobs,
  holdsJob,
  nextDue,
  prolongJobs,
  reopenJob,
  retryJob,
  settleJobs,
  takeJob,
  type NewJob,
  type TakenJob,
} from '../../../src/store/jobs.ts'
import { findingsOf } from '../../../src/store/reviews.ts'
import type { Store } from '../../../src/store/store.ts'
import { haveVersion, storeFiles } from '../../support/store.ts'

const files = storeFiles()
const job = (key: string, change: Partial<NewJob> = {}): NewJob => ({
  kind: 'judge',
  key,
  version: null,
  priority: 0,
  dueAt: 10,
  ...change,
})
const take = (store: Store, lease: string, now = 10): Promise<TakenJob | null> =>
  takeJob(store, { kind: 'judge', lease, now, forMs: 100 })
const taken = async (store: Store, lease: string, now = 10): Promise<TakenJob> =>
  (await take(store, lease, now)) ?? expect.fail('there is no work')

describe('the queue', () => {
  it('takes the same work once', async () => {
    const { records } = await files.open()
    expect(await enqueue(records, job('one'))).toBe(true)
    expect(await enqueue(records, job('one', { dueAt: 5 }))).toBe(false)
    expect(await enqueue(records, job('one', { kind: 'assemble' }))).toBe(true)
  })

  it('gives what is due, urgent work first, then what has waited longest, each to one', async () => {
    const store = await files.open()
    const works = [
      job('late', { dueAt: 11 }),
      job('two', { dueAt: 9 }),
      job('one', { dueAt: 8 }),
      job('low', { priority: -1 }),
    ]
    for (const each of works) await enqueue(store.records, each)
    expect(await nextDue(store.records, 'judge')).toBe(8)
    const keys = []
    for (let work = await take(store, 'me'); work !== null; work = await take(store, 'me')) keys.push(work.key)
    expect(keys).toEqual(['one', 'two', 'low'])
  })

  it('gives work whose lease ran out to another, and the first has no say any more', async () => {
    const store = await files.open()
    await enqueue(store.records, job('one'))
    const first = await taken(store, 'first')
    expect(await take(store, 'second', 109)).toBeNull()
    await prolongJobs(store.records, first.lease, 150)
    expect(await take(store, 'second', 149)).toBeNull()
    const second = await taken(store, 'second', 150)
    expect(second.attempts).toBe(2)
    expect(await holdsJob(store.records, first)).toBe(false)
    expect(await endJob(store.records, first, { state: 'done', detail: '' })).toBe(false)
    expect(await endJob(store.records, second, { state: 'done', detail: '' })).toBe(true)
    expect(await take(store, 'third', 1000)).toBeNull()
  })

  it('gives up work that ends whoever takes it', async () => {
    const store = await files.open()
    await enqueue(store.records, job('one'))
    for (const now of [10, 110, 210]) {
      expect(await buryJobs(store.records, { now, mostAttempts: 3 })).toEqual([])
      await taken(store, `at-${now}`, now)
    }
    const buried = { kind: 'judge', key: 'one', version: null, attempts: 3 }
    expect(await buryJobs(store.records, { now: 310, mostAttempts: 3 })).toEqual([buried])
    expect(await take(store, 'at-310', 310)).toBeNull()
    expect(await countJobs(store.records)).toEqual([{ kind: 'judge', state: 'dead', count: 1 }])
  })

  it('frees the work of a process that is gone without waiting', async () => {
    const store = await files.open()
    await enqueue(store.records, job('one'))
    await taken(store, 'gone')
    await freeJobs(store.records, (lease) => lease === 'other')
    expect(await take(store, 'next', 11)).toBeNull()
    await freeJobs(store.records, (lease) => lease === 'gone')
    expect(await take(store, 'next', 11)).toMatchObject({ key: 'one', attempts: 2 })
  })

  it('puts work back until a time', async () => {
    const store = await files.open()
    await enqueue(store.records, job('one'))
    expect(await retryJob(store.records, await taken(store, 'me'), { dueAt: 50, detail: 'a full disk' })).toBe(true)
    expect(await take(store, 'me', 49)).toBeNull()
    expect(await take(store, 'me', 50)).toMatchObject({ attempts: 2 })
  })

  it('cancels what is queued and running for a version, so that no result of it is kept', async () => {
    const store = await files.open()
    const version = await haveVersion(store)
    for (const key of ['one', 'two']) await enqueue(store.records, job(key, { version }))
    await enqueue(store.records, job('other'))
    const running = await taken(store, 'me')
    await cancelJobs(store.records, version, 'superseded by v2')
    expect(await holdsJob(store.records, running)).toBe(false)
    expect(await take(store, 'me')).toMatchObject({ key: 'other' })
    expect(await take(store, 'me')).toBeNull()
  })

  it('ends work that other work has done, but not what somebody has taken', async () => {
    const store = await files.open()
    for (const key of ['one', 'two']) await enqueue(store.records, job(key))
    const running = await taken(store, 'me')
    await settleJobs(store.records, { kind: 'judge', keys: ['one', 'two', 'none'], detail: 'with one' })
    expect(await take(store, 'me')).toBeNull()
    expect(await holdsJob(store.records, running)).toBe(true)
  })

  it('does work again that somebody asks for', async () => {
    const store = await files.open()
    await enqueue(store.records, job('one'))
    expect(await reopenJob(store.records, 'judge', 'one', 20)).toBe(false)
    await endJob(store.records, await taken(store, 'me'), { state: 'done', detail: '' })
    expect(await reopenJob(store.records, 'judge', 'one', 20)).toBe(true)
    expect(await take(store, 'me', 20)).toMatchObject({ key: 'one', attempts: 1 })
  })

  it('loses and repeats nothing when its workers are killed', async () => {
    const path = files.path()
    const store = await files.open(path)
    const count = 80
    const version = await haveVersion(store)
    for (let at = 0; at < count; at++) await enqueue(store.records, job(`key-${at}`, { version, dueAt: 0 }))
    const program = new URL('work-program.ts', import.meta.url).pathname
    let kills = 0
    const open = async (): Promise<boolean> =>
      (await countJobs(store.records)).some(({ state }) => state === 'queued' || state === 'running')
    while (await open()) {
      const workers = [1, 2].map(() =>
        spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] }),
      )
      let begun = 0
      for (const worker of workers) {
        worker.stdout.on('data', (dots: Buffer) => {
          begun += dots.length
          // at another moment of another piece of work each time
          if (begun > 10) setTimeout(() => worker.kill('SIGKILL'), (kills++ * 3) % 8)
        })
      }
      await Promise.all(workers.map((worker) => once(worker, 'exit')))
      await freeJobs(store.records, () => true)
    }
    expect(kills).toBeGreaterThan(2)
    expect(await countJobs(store.records)).toEqual([{ kind: 'judge', state: 'done', count }])
    // each piece of work wrote one finding in the transaction in which it ended
    const written = await findingsOf(store.records, version)
    expect(written.map(({ key }) => key).sort()).toEqual(Array.from({ length: count }, (_, at) => `key-${at}`).sort())
    expect(written.every(({ line }) => line === 1)).toBe(true)
  })
})
