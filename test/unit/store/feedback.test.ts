import { beforeEach, describe, expect, it } from 'vitest'
import { disputedKeys, disputesByRule, isQuiet, putFeedback, type Feedback } from '../../../src/store/feedback.ts'
import { beginSending, endSending, putReply, takeReply } from '../../../src/store/outbox.ts'
import type { Store } from '../../../src/store/store.ts'
import { haveVersion, replyTo, storeFiles } from '../../support/store.ts'

const files = storeFiles()
let store: Store
let version: number
beforeEach(async () => {
  store = await files.open()
  version = await haveVersion(store)
  await send('kr.one@x', { 'key-1': 'missing-source', 'key-2': 'kc-use-kbuild-helper' })
  await send('kr.two@x', { 'key-3': 'missing-source' })
})

async function send(id: string, rules: Readonly<Record<string, string>>): Promise<void> {
  const reply = replyTo('v1-1@boards', id, Object.keys(rules))
  const kept = { reply, version, state: 'approved', createdAt: 1, dueAt: 1, detail: '', lists: [] } as const
  await putReply(store.records, { ...kept, rules: new Map(Object.entries(rules)) })
  const taken = (await takeReply(store, { lease: 'me', now: 10, forMs: 10 })) ?? expect.fail('nothing to send')
  await beginSending(store.records, taken, { now: 10, againAt: 90 })
  await endSending(store.records, taken, { state: 'sent', detail: '', dueAt: 0, sentAt: 10 })
}
const said = (change: Partial<Feedback>): Promise<boolean> =>
  putFeedback(store.records, {
    messageId: 'answer@x',
    ordinal: 0,
    version,
    reply: 'kr.one@x',
    sender: 'ada@example.org',
    command: 'invalid',
    argument: '',
    at: 20,
    ...change,
  })

describe('feedback', () => {
  it('is obeyed once, over however many lists it comes', async () => {
    expect(await said({})).toBe(true)
    expect(await said({})).toBe(false)
    expect(await said({ ordinal: 1, command: 'quiet' })).toBe(true)
  })

  it('disputes all that the answered mail tells, or what a rule found in it', async () => {
    await said({ argument: 'missing-source' })
    expect([...(await disputedKeys(store.records))]).toEqual(['key-1'])
    await said({ messageId: 'second@x' })
    expect([...(await disputedKeys(store.records))].sort()).toEqual(['key-1', 'key-2'])
  })

  it('is counted against each rule', async () => {
    await said({ argument: 'missing-source' })
    await said({ messageId: 'second@x', argument: 'missing-source' })
    expect(await disputesByRule(store.records)).toEqual([
      { rule: 'kc-use-kbuild-helper', mailed: 1, disputed: 0 },
      { rule: 'missing-source', mailed: 2, disputed: 1 },
    ])
  })

  it('quietens a series, not others', async () => {
    const other = await haveVersion(store, { head: 'other@x', mails: ['other@x'] })
    await said({ command: 'quiet' })
    expect(await isQuiet(store.records, 1)).toBe(true)
    expect(other).toBe(2)
    expect(await isQuiet(store.records, 2)).toBe(false)
  })
})
