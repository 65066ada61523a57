import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { openMailParser } from '../../../../src/app/wire.ts'
import { versionOf } from '../../../../src/store/versions.ts'
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
