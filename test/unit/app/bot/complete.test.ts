import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { siblingIds } from '../../../../src/app/bot/complete.ts'
import { openMailParser } from '../../../../src/app/wire.ts'
import type { MailSource } from '../../../../src/ports.ts'
import type { Envelope, Patch } from '../../../../src/series/series.ts'
import { createMailList } from '../../../../src/sources/mail-list.ts'
import { UnavailableError } from '../../../../src/sources/unavailable.ts'
import { versionOf } from '../../../../src/store/versions.ts'
import { boards, createBotWorld, type BotWorld, type PatchParts } from '../../../support/bot.ts'
import { readMail } from '../../../support/mails.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld

const later = async (completers: readonly MailSource[]): Promise<void> => {
  world.now += 3 * 60_000
  await world.pass({ completers })
}
const held = async (...mails: readonly string[]): Promise<MailSource> => {
  const messages = await Promise.all(mails.map(readMail))
  return createMailList(
    'all',
    messages.map((message) => ({ kind: 'message', message })),
  )
}
const state = async (mail: string) => (await versionOf(world.store.records, [mail]))?.state
const one: PatchParts = { id: '20250115-board-v1-1-ab@x', subject: '[PATCH 1/2]', title: 'boards: the lamp' }
const two: PatchParts = {
  id: '20250115-board-v1-2-ab@x',
  subject: '[PATCH 2/2]',
  title: 'boards: the switch',
  line: 'obj-y += lamp.o',
  to: 'elsewhere@lists.example.org',
  inReplyTo: one.id,
}

describe('a series that lacks a patch on its lists', { timeout: 120_000 }, () => {
  beforeEach(async () => {
    world = await createBotWorld(parser)
  })
  afterEach(() => world.close())

  it('is completed with the thread that another server has, and judged once', async () => {
    world.post(boards, world.patch(one))
    const all = await held(world.patch(one), world.patch(two))
    await later([all])
    await later([all])
    expect(await state(one.id)).toBe('judged')
    expect(await state(two.id)).toBe('judged')
    expect(world.events.filter(({ event }) => event === 'series-judged')).toHaveLength(1)
    expect(world.events).toContainEqual({
      event: 'series-complete',
      fields: expect.objectContaining({ patches: 2 }) as unknown,
    })
  })

  it('is completed by the Message-ID that a missing patch must have', async () => {
    world.post(boards, world.patch(two))
    const all = await held(world.patch(one))
    await later([all])
    expect(await state(two.id)).toBe('judged')
  })

  it('waits, and is named incomplete in the end, where no server has the patch or answers', async () => {
    world.post(boards, world.patch(one))
    const away: MailSource = {
      ...(await held()),
      name: 'away',
      thread: () => Promise.reject(new UnavailableError('https://away/: status 503')),
      find: () => Promise.reject(new UnavailableError('https://away/: status 503')),
    }
    await later([away])
    expect(await state(one.id)).toBeUndefined()
    expect(world.events).toContainEqual({
      event: 'completer-failed',
      fields: { source: 'away', reason: 'https://away/: status 503' },
    })
    world.now += 2 * 3_600_000
    await later([await held(world.patch(one))])
    expect(await state(one.id)).toBe('incomplete')
  })

  it('asks nobody for a series that is whole', async () => {
    world.post(boards, world.patch({ id: 'v1@x' }))
    const never: MailSource = { ...(await held()), thread: () => Promise.reject(new Error('asked')) }
    await later([never])
    expect(await state('v1@x')).toBe('judged')
    expect(world.events.filter(({ event }) => event === 'completer-failed')).toEqual([])
  })
})

describe('the ids of missing patches', () => {
  const patch = (id: string, index: number): Patch =>
    // siblingIds looks at nothing else
    ({ envelope: { id } as Envelope, index }) as Patch
  it.each([
    ['20240827123052.9002-2-lhruska@x', 1, [2], ['20240827123052.9002-3-lhruska@x']],
    [
      '20240827123052.9002-2-lhruska@x',
      2,
      [1, 3],
      ['20240827123052.9002-1-lhruska@x', '20240827123052.9002-3-lhruska@x'],
    ],
    ['20250115-board-v2-1-0a1b2c@x', 1, [2], ['20250115-board-v2-2-0a1b2c@x']],
    ['a1b2c3d4@x', 1, [2], []],
    ['20240827123052.9002-7-lhruska@x', 1, [2], []],
  ])('beside %s, the %i., are made of its number', (id, index, missing, ids) => {
    expect(siblingIds({ patches: [patch(id, index)], missing })).toEqual(ids)
  })

  it('are few, however many are missing', () => {
    const missing = Array.from({ length: 5000 }, (_, at) => at + 2)
    expect(siblingIds({ patches: [patch('2025.1-1-1-1-1-a@x', 1)], missing })).toHaveLength(40)
  })
})
