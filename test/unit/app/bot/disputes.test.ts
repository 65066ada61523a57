import { describe, expect, it } from 'vitest'
import { ruleDisputes, toldAgain } from '../../../../src/app/bot/disputes.ts'
import { putFeedback } from '../../../../src/store/feedback.ts'
import { beginSending, endSending, putReply, takeReply } from '../../../../src/store/outbox.ts'
import type { Store } from '../../../../src/store/store.ts'
import { haveVersion, replyTo, storeFiles } from '../../../support/store.ts'

const files = storeFiles()
const config = (least: number) => ({
  feedback: { people: [], 'daily-limit': 20, 'dispute-share': 0.4, 'dispute-least': least },
})

/** Sends a mail with findings `KEY` of the rule before its dash. */
async function mail(store: Store, version: number, messageId: string, keys: readonly string[]): Promise<void> {
  await putReply(store.records, {
    reply: replyTo('v1-1@boards', messageId, keys),
    version,
    state: 'approved',
    createdAt: 0,
    dueAt: 0,
    detail: '',
    lists: [],
    rules: new Map(keys.map((key) => [key, key.replace(/-.*/, '')])),
  })
  const taken = await takeReply(store, { lease: 'a', now: 1, forMs: 10 })
  if (taken === null) expect.fail('nothing to send')
  await beginSending(store.records, taken, { now: 1, againAt: 2 })
  await endSending(store.records, taken, { state: 'sent', detail: '', dueAt: 1, sentAt: 1 })
}

describe('what people called invalid', () => {
  it('is not told again, and mutes a rule by its share, where enough was mailed', async () => {
    const store = await files.open()
    const version = await haveVersion(store)
    await mail(store, version, 'kr.one@x', ['cells-1', 'cells-2', 'words-1'])
    await mail(store, version, 'kr.two@x', ['cells-3', 'words-2', 'words-3'])
    const feedback = { version, sender: 'ada@example.org', command: 'invalid', at: 1 } as const
    await putFeedback(store.records, {
      ...feedback,
      messageId: 'a@x',
      ordinal: 0,
      reply: 'kr.one@x',
      argument: 'cells',
    })
    await putFeedback(store.records, {
      ...feedback,
      messageId: 'b@x',
      ordinal: 0,
      reply: 'kr.two@x',
      argument: 'words',
    })
    await putFeedback(store.records, {
      ...feedback,
      messageId: 'b@x',
      ordinal: 1,
      reply: 'kr.two@x',
      argument: 'other',
    })
    expect(await ruleDisputes(store.records, config(3))).toEqual([
      { rule: 'cells', mailed: 3, disputed: 2, isMuted: true },
      { rule: 'words', mailed: 3, disputed: 2, isMuted: true },
    ])
    const isTold = await toldAgain(store.records, config(4))
    const keys = ['cells-1', 'cells-2', 'cells-3', 'words-1', 'words-2', 'words-3']
    expect(keys.filter((key) => isTold({ key, rule: key.replace(/-.*/, '') }))).toEqual(['cells-3', 'words-1'])
    const isMuted = await toldAgain(store.records, config(3))
    expect(isMuted({ key: 'cells-9', rule: 'cells' })).toBe(false)
    expect(isMuted({ key: 'links-1', rule: 'links' })).toBe(true)
  })
})
