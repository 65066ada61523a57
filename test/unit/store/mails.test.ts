import { describe, expect, it } from 'vitest'
import {
  mailOutcome,
  mailsToRetry,
  mailsWith,
  moveCursor,
  noteFailure,
  noteSuccess,
  recordMail,
  sourceState,
  sourcesOf,
} from '../../../src/store/mails.ts'
import { storeFiles } from '../../support/store.ts'

const files = storeFiles()
const mail = { source: 'boards', key: 'one@x', at: 5, outcome: 'done', detail: 'a patch', retryAt: null } as const

describe('the mails that were seen', () => {
  it('begin at the start of a source that was never read', async () => {
    const { records } = await files.open()
    expect(await sourceState(records, 'boards')).toEqual({ cursor: null, failures: 0, retryAt: 0, reason: null })
  })

  it('keep what became of each, and count its tries', async () => {
    const { records } = await files.open()
    const retry = { ...mail, outcome: 'retry', detail: 'the archive is away', retryAt: 100 } as const
    await recordMail(records, retry)
    await recordMail(records, { ...retry, retryAt: 200 })
    expect(await mailsToRetry(records, 199)).toEqual([])
    expect(await mailsToRetry(records, 200)).toMatchObject([{ key: 'one@x', attempts: 2, retryAt: 200 }])
    await recordMail(records, mail)
    expect(await mailsToRetry(records, 1000)).toEqual([])
    expect(await mailOutcome(records, 'boards', 'one@x')).toEqual({ ...mail, attempts: 3 })
  })

  it('list the dead ones with the reason, newest first', async () => {
    const { records } = await files.open()
    for (const at of [1, 3, 2])
      await recordMail(records, { ...mail, key: `${at}@x`, at, outcome: 'dead', detail: 'too large' })
    expect((await mailsWith(records, 'dead', 2)).map(({ key, detail }) => [key, detail])).toEqual([
      ['3@x', 'too large'],
      ['2@x', 'too large'],
    ])
  })

  it('are known by every list that they came over', async () => {
    const { records } = await files.open()
    for (const source of ['drivers', 'boards']) await recordMail(records, { ...mail, source })
    expect(await sourcesOf(records, ['one@x', 'two@x'])).toEqual(['boards', 'drivers'])
    expect(await sourcesOf(records, [])).toEqual([])
  })
})

describe('the state of a source', () => {
  it('counts failures in a row and keeps the cursor meanwhile', async () => {
    const { records } = await files.open()
    await moveCursor(records, 'boards', { cursor: 'at-7', at: 1 })
    await noteFailure(records, 'boards', { at: 2, retryAt: 20, reason: 'the list is away' })
    await noteFailure(records, 'boards', { at: 3, retryAt: 30, reason: 'the list is away' })
    const away = { cursor: 'at-7', failures: 2, retryAt: 30, reason: 'the list is away' }
    expect(await sourceState(records, 'boards')).toEqual(away)
    await noteSuccess(records, 'boards', 4)
    expect(await sourceState(records, 'boards')).toEqual({ cursor: 'at-7', failures: 0, retryAt: 0, reason: null })
  })

  it('can fail before it was ever read', async () => {
    const { records } = await files.open()
    await noteFailure(records, 'boards', { at: 2, retryAt: 20, reason: 'no such directory' })
    expect(await sourceState(records, 'boards')).toMatchObject({ cursor: null, failures: 1 })
  })
})
