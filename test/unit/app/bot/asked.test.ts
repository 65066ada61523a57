import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bot } from '../../../../src/app/bot/bot.ts'
import { openMailParser } from '../../../../src/app/wire.ts'
import type { Mailer } from '../../../../src/ports.ts'
import { approveReply, replies, type KeptReply } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld, drivers, type BotWorld } from '../../../support/bot.ts'
import { writeMail } from '../../../support/mails.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
beforeEach(async () => (world = await createBotWorld(parser)))
afterEach(() => world.close())

const minute = 60_000
const mailer: Mailer = {
  send: () => Promise.resolve({ kind: 'accepted', response: '250 taken', refused: [], postponed: [] }),
}
const later = async (ms = 3 * minute, change: Partial<Bot> = {}): Promise<void> => {
  world.now += ms
  await world.pass({ mailer, ...change })
}
const configure = (send: string): void => {
  const lists = [boards, drivers].map(
    (list) => `    ${list}: { archive: ARCHIVE(${list}), send: ${send}, trust: [mx.lists.example.org] }\n`,
  )
  world.configure(`  smtp: { host: localhost, tls: none }\n  lists:\n${lists.join('')}`)
}
const answerTo = async (id: string): Promise<KeptReply | undefined> =>
  (await replies(world.store.records)).find(({ reply }) => reply.inReplyTo === id)
const ask = (told: KeptReply | undefined, id: string, command: string): void => {
  const headers = [`To: ${boards}`, 'Authentication-Results: mx.lists.example.org; dkim=pass header.d=example.org']
  const inReplyTo = told?.messageId ?? expect.fail('no reply')
  world.post(boards, writeMail({ id, subject: 'Re: x', date: world.now, inReplyTo, headers, body: `${command}\n` }))
}

describe('what people asked for', { timeout: 60_000 }, () => {
  it('is done when the list of the series is back, whichever others answer meanwhile', async () => {
    configure('auto')
    world.post(drivers, world.patch({ id: 'other@x', to: drivers, title: 'drivers: lamp', line: 'obj-z += lamp.o' }))
    world.post(boards, world.patch({ id: 'v1@x' }))
    await later()
    ask(await answerTo('v1@x'), 'ask@x', 'kbuild-review: retest')
    // the command is obeyed, and the disk is full when it is to be judged
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    await later(3 * minute, { judge: () => Promise.reject(full) })
    const archive = join(world.directory, 'boards')
    renameSync(archive, `${archive}.away`)
    await later(6 * minute)
    renameSync(`${archive}.away`, archive)
    for (let hours = 0; hours < 3; hours++) await later(60 * minute)
    expect(world.events).toContainEqual({
      event: 'series-tested-again',
      fields: expect.objectContaining({ asked: 'ask@x' }) as object,
    })
    expect(await answerTo('ask@x')).toMatchObject({ state: 'sent' })
  })

  it('is told to be lost where its mails are gone for ever', async () => {
    configure('auto')
    world.post(boards, world.patch({ id: 'v1@x' }))
    await later()
    ask(await answerTo('v1@x'), 'ask@x', 'kbuild-review: retest')
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    await later(3 * minute, { judge: () => Promise.reject(full) })
    const sources = [...world.bot().sources].map(
      ([list, source]) => [list, { ...source, thread: () => Promise.resolve([]) }] as const,
    )
    await later(6 * minute, { sources: new Map(sources) })
    const fields = { kind: 'retest', key: 'ask@x', reason: 'no archive has its mails any longer' }
    expect(world.events).toContainEqual({ event: 'work-dead', fields })
  })

  it('is answered though a newer version is posted', async () => {
    configure('approve')
    world.post(boards, world.patch({ id: 'v1@x' }))
    await later()
    const told = await answerTo('v1@x')
    await approveReply(world.store.records, told?.messageId ?? '', { by: 'carol', dueAt: world.now })
    await later()
    ask(told, 'explain@x', 'kbuild-review: explain told-word')
    await later()
    ask(told, 'retest@x', 'kbuild-review: retest')
    world.post(boards, world.patch({ id: 'v2@x', subject: '[PATCH v2]' }))
    await later()
    expect(world.events.map(({ event }) => event)).toContain('series-superseded')
    expect(await answerTo('explain@x')).toMatchObject({ state: 'drafted' })
    expect(await answerTo('retest@x')).toMatchObject({ state: 'drafted' })
  })
})
