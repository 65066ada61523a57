import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery, Mailer } from '../../../../src/ports.ts'
import { replies, type KeptReply } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld, type BotWorld } from '../../../support/bot.ts'
import { testNow, writeMail } from '../../../support/mails.ts'

const minute = 60_000
const hour = 60 * minute

let world: BotWorld
/** What the server says, one after the other. */
let deliveries: Delivery[]
let tries: number
beforeEach(async () => {
  world = await createBotWorld()
  world.configure(
    `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto }\n`,
  )
  deliveries = [{ kind: 'unclear', reason: 'connection closed' }]
  tries = 0
})
afterEach(() => world.close())

const mailer: Mailer = {
  send: () => {
    tries += 1
    return Promise.resolve(deliveries.shift() ?? { kind: 'accepted', response: '250', refused: [], postponed: [] })
  },
}
const later = async (ms: number): Promise<void> => {
  world.now += ms
  await world.pass({ mailer })
}
const only = async (): Promise<KeptReply> => (await replies(world.store.records))[0] ?? expect.fail('no reply')
const chat = (): void => world.post(boards, writeMail({ id: `chat-${world.now}@x`, subject: 'lunch', date: world.now }))

describe('a mail that may have gone out, of a list whose mirror others keep', { timeout: 120_000 }, () => {
  it('is sent again when the mirror has mails of an hour later, and not it', async () => {
    world.post(boards, world.patch({ id: 'v1@x' }))
    await later(3 * minute)
    await later(2 * hour)
    expect(tries).toBe(1)
    const detail = `the archive of ${boards} has nothing newer than ${new Date(testNow).toISOString()}`
    expect(await only()).toMatchObject({ state: 'sending', detail })
    chat()
    await later(hour)
    expect(tries).toBe(2)
    expect(await only()).toMatchObject({ state: 'sent' })
  })

  it('is counted from its last try, not from its first', async () => {
    deliveries.unshift({ kind: 'later', reason: '451 greylisted' })
    world.post(boards, world.patch({ id: 'v1@x' }))
    await later(3 * minute)
    world.now += 2 * hour
    chat()
    await later(minute)
    expect(tries).toBe(2)
    await later(2 * hour)
    expect(tries).toBe(2)
    expect(await only()).toMatchObject({ state: 'sending' })
  })

  it('is left to a person where the mirror gets no mails for a day', async () => {
    world.post(boards, world.patch({ id: 'v1@x' }))
    await later(3 * minute)
    await later(25 * hour)
    expect(tries).toBe(1)
    expect(await only()).toMatchObject({
      state: 'drafted',
      detail: expect.stringMatching(/^it may have gone out, and the archive of .* has nothing newer than /) as string,
    })
  })
})
