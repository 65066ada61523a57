import { describe, expect, it } from 'vitest'
import {
  joinSeries,
  kinOf,
  mailsOf,
  setVersion,
  versionById,
  versionOf,
  versionsIn,
} from '../../../src/store/versions.ts'
import { haveVersion, storeFiles } from '../../support/store.ts'

const files = storeFiles()

describe('the versions of series', () => {
  it('are one whichever of their mails came first', async () => {
    const store = await files.open()
    const early = await haveVersion(store, { head: 'v1-2@boards', mails: ['v1-2@boards'], state: 'incomplete' })
    const whole = await haveVersion(store, { mails: ['v1-0@boards', 'v1-1@boards', 'v1-2@boards'] })
    expect(whole).toBe(early)
    expect(await versionById(store.records, whole)).toMatchObject({ head: 'v1-0@boards', state: 'queued' })
    expect(await mailsOf(store.records, whole)).toEqual(['v1-0@boards', 'v1-1@boards', 'v1-2@boards'])
    expect(await versionOf(store.records, ['nobody@x', 'v1-1@boards'])).toMatchObject({ id: whole })
    expect(await versionOf(store.records, ['nobody@x'])).toBeNull()
  })

  it('are counted to one series once that is known', async () => {
    const store = await files.open()
    const first = await haveVersion(store)
    const second = await haveVersion(store, { head: 'v2-0@boards', version: 2, mails: ['v2-0@boards'] })
    await joinSeries(store.records, second, first)
    await joinSeries(store.records, second, first)
    const series = (await versionById(store.records, first))?.series
    expect((await versionById(store.records, second))?.series).toBe(series)
  })

  it('are found by their sender or change-id, newest first', async () => {
    const store = await files.open()
    const add = (head: string, postedAt: number, change: object): Promise<number> =>
      haveVersion(store, { head, postedAt, mails: [head], ...change })
    await add('old@x', 10, {})
    const mine = await add('mine@x', 100, {})
    const tied = await add('tied@x', 200, { sender: 'bob@example.org', changeId: 'switch-7' })
    await add('other@x', 300, { sender: 'bob@example.org' })
    const traits = { sender: 'ada@example.org', changeId: 'switch-7', release: '', subject: 'boards: another' }
    const kin = await kinOf(store.records, { ...traits, since: 50, most: 9 })
    expect(kin.map(({ id }) => id)).toEqual([tied, mine])
  })

  it('are found by their subject before others of a sender who posts a lot', async () => {
    const store = await files.open()
    const traits = { sender: 'ada@example.org', changeId: null, release: '', subject: 'boards: list the lamp' }
    const first = await haveVersion(store, { head: 'lamp@x', postedAt: 100, mails: ['lamp@x'], ...traits })
    for (const at of [200, 300, 400]) await haveVersion(store, { head: `${at}@x`, postedAt: at, mails: [`${at}@x`] })
    const kin = await kinOf(store.records, { ...traits, since: 0, most: 2 })
    expect(kin.map(({ id, head }) => (id === first ? 'first' : head))).toEqual(['first', '400@x'])
  })

  it('are not found by their sender where they are for another stable release', async () => {
    const store = await files.open()
    const traits = { sender: 'ada@example.org', changeId: null, subject: 'boards: list the lamp' }
    const add = (head: string, release: string | null): Promise<number> =>
      haveVersion(store, { head, mails: [head], ...traits, release })
    await add('other@x', '6.6')
    await add('original@x', '')
    const ids = [await add('old@x', null), await add('same@x', '6.1')]
    const kin = await kinOf(store.records, { ...traits, release: '6.1', since: 0, most: 9 })
    expect(kin.map(({ id }) => id).sort()).toEqual(ids)
  })

  it('keep the whole part of a number such as 2.2', async () => {
    const store = await files.open()
    const id = await haveVersion(store, { version: 2.2 })
    expect((await versionById(store.records, id))?.version).toBe(2)
  })

  it('are listed by where they stand', async () => {
    const store = await files.open()
    const id = await haveVersion(store)
    await setVersion(store.records, id, { state: 'incomplete', detail: 'patch 2 of 3 is missing' })
    expect(await versionsIn(store.records, 'queued')).toEqual([])
    expect(await versionsIn(store.records, 'incomplete')).toMatchObject([{ id, detail: 'patch 2 of 3 is missing' }])
  })
})
