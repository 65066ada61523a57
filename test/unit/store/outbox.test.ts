import { beforeEach, describe, expect, it } from 'vitest'
import {
  approveReply,
  beginSending,
  countSent,
  dropReply,
  dropUnsent,
  endSending,
  freeReplies,
  putReply,
  replies,
  repliesLike,
  replyById,
  takeReply,
  type NewReply,
  type TakenReply,
} from '../../../src/store/outbox.ts'
import type { Store } from '../../../src/store/store.ts'
import { haveVersion, replyTo, storeFiles } from '../../support/store.ts'

const files = storeFiles()
let store: Store
let version: number
beforeEach(async () => {
  store = await files.open()
  version = await haveVersion(store)
})

const keep = (id: string, change: Partial<NewReply> = {}): Promise<boolean> =>
  putReply(store.records, {
    reply: replyTo('v1-1@boards', id),
    version,
    state: 'approved',
    createdAt: 1,
    dueAt: 10,
    detail: '',
    lists: ['boards@lists.example.org'],
    rules: new Map([['key-1', 'missing-source']]),
    ...change,
  })
const take = (lease: string, now = 10): Promise<TakenReply | null> => takeReply(store, { lease, now, forMs: 100 })
const taken = async (lease: string, now = 10): Promise<TakenReply> =>
  (await take(lease, now)) ?? expect.fail('there is nothing to send')
const stateOf = async (id: string): Promise<string | undefined> => (await replyById(store.records, id))?.state

describe('the outbox', () => {
  it('keeps a mail once, whatever became of it', async () => {
    expect(await keep('kr.one@x')).toBe(true)
    await dropReply(store.records, 'kr.one@x', { detail: 'not now', now: 5 })
    expect(await keep('kr.one@x')).toBe(false)
    expect(await replyById(store.records, 'kr.one@x')).toMatchObject({ state: 'dropped', detail: 'not now' })
  })

  it('gives back the reply as it was, with its lists', async () => {
    await keep('kr.one@x')
    const kept = await replyById(store.records, 'kr.one@x')
    expect(kept?.reply).toEqual(replyTo('v1-1@boards', 'kr.one@x'))
    expect(kept?.lists).toEqual(['boards@lists.example.org'])
  })

  it('sends no draft before a person has approved it', async () => {
    await keep('kr.one@x', { state: 'drafted' })
    expect(await take('me')).toBeNull()
    expect(await approveReply(store.records, 'kr.one@x', { by: 'ida', dueAt: 20 })).toBe(true)
    expect(await approveReply(store.records, 'kr.one@x', { by: 'ida', dueAt: 20 })).toBe(false)
    expect(await take('me', 19)).toBeNull()
    expect(await take('me', 20)).toMatchObject({ messageId: 'kr.one@x', unclear: false })
  })

  it('gives a reply to one sender at a time', async () => {
    await keep('kr.one@x')
    await taken('first')
    expect(await take('second', 109)).toBeNull()
    expect(await take('second', 110)).toMatchObject({ messageId: 'kr.one@x', unclear: false })
  })

  it('says that a try may have succeeded when its sender was never heard of again', async () => {
    await keep('kr.one@x')
    const first = await taken('first')
    expect(await beginSending(store.records, first, { now: 11, againAt: 60 })).toEqual({ dated: 11 })
    await freeReplies(store.records, (lease) => lease === 'first')
    expect(await take('second', 59)).toBeNull()
    const second = await taken('second', 60)
    expect(second).toMatchObject({ unclear: true, attempts: 1, dated: 11 })
    const sent = { state: 'sent', detail: '250', dueAt: 0, sentAt: 13 } as const
    expect(await endSending(store.records, first, sent)).toBe(false)
    expect(await beginSending(store.records, second, { now: 500, againAt: 900 })).toEqual({ dated: 11 })
    expect(await endSending(store.records, second, sent)).toBe(true)
    expect(await take('third', 1e9)).toBeNull()
  })

  it('does not begin to send what was dropped meanwhile', async () => {
    await keep('kr.one@x')
    const mine = await taken('me')
    await dropUnsent(store.records, version, { detail: 'superseded by v2' })
    expect(await beginSending(store.records, mine, { now: 11, againAt: 60 })).toBeNull()
    expect(await stateOf('kr.one@x')).toBe('dropped')
  })

  it('does not drop what is just being sent, but what nobody knows the end of', async () => {
    await keep('kr.one@x')
    await beginSending(store.records, await taken('me'), { now: 11, againAt: 60 })
    expect(await dropReply(store.records, 'kr.one@x', { detail: 'no', now: 50 })).toBe(false)
    await dropUnsent(store.records, version, { detail: 'superseded' })
    expect(await stateOf('kr.one@x')).toBe('sending')
    expect(await dropReply(store.records, 'kr.one@x', { detail: 'no', now: 110 })).toBe(true)
  })

  it('counts what went out about a list since a time, and what may have', async () => {
    for (const [at, id] of ['kr.a@x', 'kr.b@x', 'kr.c@x'].entries()) {
      await keep(id)
      const mine = await taken('me', 10 + at)
      await beginSending(store.records, mine, { now: 100 + at, againAt: 900 })
      const state = at === 0 ? 'sent' : at === 1 ? 'sending' : 'approved'
      await endSending(store.records, mine, { state, detail: '', dueAt: 1e9, sentAt: null })
    }
    expect(await countSent(store.records, 'boards@lists.example.org', 0)).toBe(2)
    expect(await countSent(store.records, 'boards@lists.example.org', 101)).toBe(1)
    expect(await countSent(store.records, 'drivers@lists.example.org', 0)).toBe(0)
  })

  it('is listed by state and version, and found by the beginning of a Message-ID', async () => {
    await keep('kr.ab@x')
    await keep('kr.ac@x', { state: 'drafted' })
    const ids = async (list: ReturnType<typeof replies>): Promise<string[]> =>
      (await list).map(({ messageId }) => messageId)
    expect(await ids(replies(store.records, { states: ['drafted'] }))).toEqual(['kr.ac@x'])
    expect(await ids(replies(store.records, { version }))).toEqual(['kr.ab@x', 'kr.ac@x'])
    expect(await ids(repliesLike(store.records, 'kr.ab'))).toEqual(['kr.ab@x'])
    expect(await ids(repliesLike(store.records, 'kr.a'))).toHaveLength(2)
  })
})
