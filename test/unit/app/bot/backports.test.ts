import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { openMailParser } from '../../../../src/app/wire.ts'
import { versionOf } from '../../../../src/store/versions.ts'
import type { Message } from '../../../../src/mail/message.ts'
import type { MailSource } from '../../../../src/ports.ts'
import { boards, createBotWorld, type BotWorld } from '../../../support/bot.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
beforeEach(async () => {
  world = await createBotWorld(parser)
})
afterEach(() => world.close())

const releases = ['6.9', '6.6', '6.1', '5.15', '5.10', '5.4', '4.19']

async function post(day: number): Promise<void> {
  for (const release of releases)
    world.post(boards, world.patch({ id: `${release}-${day}@x`, subject: `[PATCH AUTOSEL ${release}]` }))
  world.now += 3 * 60_000
  await world.pass()
}

it('backports of a patch to many releases, sent again a day later, are each a version of its own release', async () => {
  await post(1)
  world.now += 24 * 3_600_000
  await post(2)
  const seriesOn = (day: number): Promise<readonly (number | undefined)[]> =>
    Promise.all(
      releases.map(async (release) => (await versionOf(world.store.records, [`${release}-${day}@x`]))?.series),
    )
  const first = await seriesOn(1)
  expect(new Set(first).size).toBe(releases.length)
  expect(await seriesOn(2)).toEqual(first)
})

/** As a public-inbox server has it: mails of one subject stand in the threads of each other. */
function withTwins(source: MailSource, twins: readonly string[]): MailSource {
  const thread = async (id: string): Promise<readonly Message[]> => {
    const own = await source.thread(id)
    if (!own.some((message) => twins.includes(message.id))) return own
    const results = await Promise.all(twins.map((twin) => source.find(twin)))
    const found = results.flatMap((result) => (result?.kind === 'message' ? [result.message] : []))
    return [...own, ...found.filter((twin) => !own.some((message) => message.id === twin.id))]
  }
  return { ...source, thread }
}

it('a part of a series that is sent again is a version of its own, though a server has the first mails of both in one thread', async () => {
  const plain = world.bot().sources.get(boards)
  const sources = new Map(plain === undefined ? [] : [[boards, withTwins(plain, ['1-40@x', '2-40@x'])]])
  for (const day of [1, 2]) {
    for (const number of [40, 41]) {
      const parts = { title: `boards: list switch ${number}`, inReplyTo: `${day}-0@x` }
      world.post(
        boards,
        world.patch({ ...parts, id: `${day}-${number}@x`, subject: `[PATCH AUTOSEL 6.9 ${number}/44]` }),
      )
    }
    for (const hours of [0, 2, 24]) {
      world.now += hours * 3_600_000
      await world.pass({ sources })
    }
  }
  const [first, second] = await Promise.all([1, 2].map((day) => versionOf(world.store.records, [`${day}-41@x`])))
  expect(first).toMatchObject({ head: '1-40@x', state: 'superseded', series: second?.series })
  expect(second).toMatchObject({ head: '2-40@x', state: 'incomplete' })
})
