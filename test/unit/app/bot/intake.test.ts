import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bot } from '../../../../src/app/bot/bot.ts'
import { openMailParser } from '../../../../src/app/wire.ts'
import { refuse } from '../../../../src/mail/limits.ts'
import type { RefusalCode } from '../../../../src/mail/message.ts'
import type { MailSource } from '../../../../src/ports.ts'
import { UnavailableError } from '../../../../src/sources/unavailable.ts'
import { mailOutcome } from '../../../../src/store/mails.ts'
import { boards, createBotWorld, drivers, type BotWorld } from '../../../support/bot.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
beforeEach(async () => {
  world = await createBotWorld(parser)
  world.post(boards, world.patch({ id: 'patch@x' }))
})
afterEach(() => world.close())

const minute = 60_000
const outcome = async (): Promise<string | undefined> =>
  (await mailOutcome(world.store.records, boards, 'patch@x'))?.outcome
const pass = async (change: Partial<MailSource> = {}): Promise<void> => {
  const { sources } = world.bot()
  const source = sources.get(boards) ?? expect.fail('no list')
  await world.pass({ sources: new Map([...sources, [boards, { ...source, ...change }]]) } satisfies Partial<Bot>)
  world.now += 20 * minute
}
/** The archive, whose mails are refused by who reads them. */
const refusing = (code: RefusalCode): Partial<MailSource> => {
  const refusal = refuse(code, 'the machine stood still')
  const source = world.bot().sources.get(boards) ?? expect.fail('no list')
  return {
    async *since(window) {
      for await (const arrival of source.since(window)) yield { ...arrival, result: refusal }
    },
    find: () => Promise.resolve(refusal),
  }
}

describe('a mail that its archive showed', () => {
  it('is asked for again where the archive does not hand out its thread yet', async () => {
    await pass({ thread: () => Promise.resolve([]) })
    expect(world.events).toContainEqual({
      event: 'work-failed',
      fields: expect.objectContaining({ reason: 'no archive hands out the mail, which was read' }) as unknown,
    })
    await pass()
    expect(world.events).toContainEqual(expect.objectContaining({ event: 'series-judged' }))
  })
})

describe('a mail that could not be read', () => {
  it.each(['timeout', 'parser-failed'] as const)('is read again, where that says nothing of it (%s)', async (code) => {
    await pass(refusing(code))
    expect(await outcome()).toBe('retry')
    await pass()
    expect(await outcome()).toBe('done')
    expect(world.events).toContainEqual(expect.objectContaining({ event: 'series-judged' }))
  })

  it('is dead when it failed five times, with the reason', async () => {
    for (let tries = 1; tries < 5; tries++) {
      await pass(refusing('timeout'))
      expect(await outcome()).toBe('retry')
    }
    await pass(refusing('timeout'))
    const kept = await mailOutcome(world.store.records, boards, 'patch@x')
    expect(kept).toMatchObject({ outcome: 'dead', detail: 'the machine stood still', attempts: 5 })
  })

  it('is dead at once where it is over a limit', async () => {
    await pass(refusing('too-large'))
    expect(await outcome()).toBe('dead')
  })

  it('waits while its archive is away, and nothing else does', async () => {
    await pass(refusing('timeout'))
    world.post(drivers, world.patch({ id: 'other@x', to: drivers, title: 'drivers: lamp', line: 'obj-z += lamp.o' }))
    await pass({ find: () => Promise.reject(new UnavailableError('the server is away')) })
    expect(await outcome()).toBe('retry')
    expect(world.events.map(({ event }) => event)).toEqual(expect.arrayContaining(['retry-postponed', 'series-judged']))
    await pass()
    expect(await outcome()).toBe('done')
  })
})
