import { expect, it } from 'vitest'
import { mendClock } from '../../../src/store/clock.ts'
import { enqueue, nextDue } from '../../../src/store/jobs.ts'
import { lastSeen, moveCursor, noteFailure, recordMail, sourceState } from '../../../src/store/mails.ts'
import { putReply, replyById } from '../../../src/store/outbox.ts'
import { haveVersion, replyTo, storeFiles } from '../../support/store.ts'

const { open } = storeFiles()
const year = 365 * 24 * 3_600_000
const minute = 60_000
const now = 1_000_000_000
const mend = { now, unclearUntil: now + 60 * minute }

it('makes due again what a clock put off that was a year ahead', async () => {
  const store = await open()
  const { records } = store
  await moveCursor(records, 'boards', { cursor: 'c', at: now + year })
  await noteFailure(records, 'boards', { at: now + year, retryAt: now + year + minute, reason: 'away' })
  await recordMail(records, {
    source: 'boards',
    key: 'v1-1@boards',
    at: now + year,
    outcome: 'done',
    detail: 'patch',
    retryAt: null,
  })
  await enqueue(records, { kind: 'judge', key: '1', version: null, priority: 0, dueAt: now + year })
  const version = await haveVersion(store, { postedAt: now + year })
  for (const id of ['kr.approved@x', 'kr.sending@x']) {
    const reply = replyTo('v1-1@boards', id)
    const times = { createdAt: now + year, dueAt: now + year }
    await putReply(records, { reply, version, state: 'approved', ...times, detail: '', lists: [], rules: new Map() })
  }
  await records
    .updateTable('replies')
    .set({ state: 'sending', dated: now + year })
    .where('message_id', '=', 'kr.sending@x')
    .execute()
  expect(await mendClock(store, mend)).toBe(year)
  expect(await sourceState(records, 'boards')).toMatchObject({ cursor: 'c', retryAt: 0 })
  expect(await lastSeen(records, ['v1-1@boards'])).toBe(now)
  expect(await nextDue(records, 'judge')).toBe(now)
  expect(await replyById(records, 'kr.approved@x')).toMatchObject({ dueAt: now })
  // it may have gone out: the archives are given the time to show it
  expect(await replyById(records, 'kr.sending@x')).toMatchObject({ dueAt: now + 60 * minute, dated: now })
  expect(await mendClock(store, mend)).toBe(0)
})

it('leaves alone what is put off by a clock that is right, or set right by seconds', async () => {
  const store = await open()
  await moveCursor(store.records, 'boards', { cursor: 'c', at: now + 4 * minute })
  await enqueue(store.records, { kind: 'judge', key: '1', version: null, priority: 0, dueAt: now + 60 * minute })
  expect(await mendClock(store, mend)).toBe(0)
  expect(await nextDue(store.records, 'judge')).toBe(now + 60 * minute)
})
