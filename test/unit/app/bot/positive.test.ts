import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMailParser } from '../../../../src/app/wire.ts'
import { replies, type KeptReply } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld, drivers, type BotWorld, type PatchParts } from '../../../support/bot.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
beforeEach(async () => {
  world = await createBotWorld(parser)
})
afterEach(() => world.close())

const allow = (): void =>
  world.configure(
    `  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), positive: author }\n    ${drivers}: { archive: ARCHIVE(${drivers}) }\n`,
  )
async function posted(parts: PatchParts): Promise<readonly KeptReply[]> {
  world.post(boards, world.patch(parts))
  world.now += 3 * 60_000
  await world.pass()
  return replies(world.store.records)
}
const clean = { id: 'v1@x', line: 'obj-y += lamp.o' }

describe('a series in which nothing is found', { timeout: 120_000 }, () => {
  it('is answered to its author alone where its lists say so, and once', async () => {
    allow()
    const [told, ...more] = await posted(clean)
    expect(more).toEqual([])
    expect(told?.reply).toMatchObject({ to: [{ address: 'ada@example.org' }], cc: [], findings: [], inReplyTo: 'v1@x' })
    expect(told?.reply.body).toMatch(/^Nothing was found in the patch\.$/m)
    expect(told?.reply.body).not.toMatch(/reviewed-by|acked-by|tested-by/i)
    world.now += 3 * 60_000
    await world.pass()
    expect(await replies(world.store.records)).toHaveLength(1)
  })

  it('is not where one of its lists does not say so', async () => {
    allow()
    expect(await posted({ ...clean, to: `${boards}, ${drivers}` })).toEqual([])
  })

  it('is not where something is kept back', async () => {
    world.configure(
      `  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), positive: author, quiet: { paths: [drivers/boards/] } }\n`,
    )
    expect(await posted({ id: 'v1@x' })).toEqual([])
  })
})
