import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bot } from '../../../../src/app/bot/bot.ts'
import type { Mailer, Parcel } from '../../../../src/ports.ts'
import { replies, type KeptReply } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld, drivers, type BotWorld } from '../../../support/bot.ts'

const hour = 3_600_000

let world: BotWorld
let sent: Parcel[]
/** Whom the server puts off. */
let busy: readonly string[]
beforeEach(async () => {
  world = await createBotWorld()
  sent = []
  busy = []
})
afterEach(() => world.close())

const mailer: Mailer = {
  send: async (parcel) => {
    const postponed = parcel.to.filter((address) => busy.includes(address))
    await parcel.onEnvelope?.(postponed)
    sent.push({ ...parcel, to: parcel.to.filter((address) => !busy.includes(address)) })
    return { kind: 'accepted', response: '250 taken', refused: [], postponed }
  },
}
function allow(lists: Readonly<Record<string, string>>): void {
  const lines = Object.entries(lists).map(([list, more]) => `    ${list}: { archive: ARCHIVE(${list}), ${more} }\n`)
  world.configure(`  smtp: { host: localhost, tls: none }\n  lists:\n${lines.join('')}`)
}
const carl = (change: Partial<Bot> = {}): Partial<Bot> => ({
  writer: { ...world.bot().writer, cc: ['carl@example.org'] },
  ...change,
})
const later = async (ms: number, change: Partial<Bot> = {}): Promise<void> => {
  world.now += ms
  await world.pass({ mailer, ...change })
}
const only = async (): Promise<KeptReply> => (await replies(world.store.records))[0] ?? expect.fail('no reply')
const textOf = (mail: Parcel | undefined): string => Buffer.from(mail?.bytes ?? []).toString()
const auto = 'send: auto'
const slow = 'send: auto, embargo: 2h'

describe('a reply whose lists say something else when it goes out', { timeout: 120_000 }, () => {
  it('goes to those who are still written to, and to nobody else later', async () => {
    allow({ [boards]: slow, [drivers]: auto })
    const patch = world.patch({ id: 'v1@x', to: `${boards}, ${drivers}, Carl <carl@example.org>` })
    for (const list of [boards, drivers]) world.post(list, patch)
    await later(hour, carl())
    expect(await only()).toMatchObject({ state: 'approved', reply: { cc: [{}, {}, { address: 'carl@example.org' }] } })
    allow({ [boards]: slow })
    busy = ['ada@example.org']
    await later(2 * hour)
    allow({ [boards]: slow, [drivers]: auto })
    busy = []
    await later(hour, carl())
    expect(sent.map(({ to }) => to)).toEqual([[boards], ['ada@example.org']])
    expect(textOf(sent[0])).toMatch(new RegExp(`^Cc: ${boards}\r$`, 'm'))
  })

  it('goes to its author alone where they say so by then', async () => {
    allow({ [boards]: slow })
    world.post(boards, world.patch({ id: 'v1@x', to: `${boards}, Carl <carl@example.org>` }))
    await later(hour, carl())
    allow({ [boards]: `${slow}, to: author` })
    await later(2 * hour, carl())
    expect(sent.map(({ to }) => to)).toEqual([['ada@example.org']])
    expect(textOf(sent[0])).not.toMatch(/^Cc:/m)
  })

  it('does not go to a list that was put off, and is not written to by then', async () => {
    allow({ [boards]: auto })
    world.post(boards, world.patch({ id: 'v1@x' }))
    busy = [boards]
    await later(hour)
    busy = []
    allow({ [boards]: `${auto}, to: author` })
    await later(hour)
    expect(sent.map(({ to }) => to)).toEqual([['ada@example.org']])
    const detail = `the lists no longer let ${boards} have it`
    expect(await only()).toMatchObject({ state: 'sent', detail, postponed: [] })
  })

  it('is dropped where it says that nothing was found, and nobody wants to hear that by then', async () => {
    allow({ [boards]: `${slow}, positive: author` })
    world.post(boards, world.patch({ id: 'v1@x', line: 'obj-y += lamp.o' }))
    await later(hour)
    expect(await only()).toMatchObject({ state: 'approved' })
    allow({ [boards]: slow })
    await later(2 * hour)
    expect(sent).toEqual([])
    const detail = 'a list that it went to does not say `positive: author`'
    expect(await only()).toMatchObject({ state: 'dropped', detail })
  })
})
