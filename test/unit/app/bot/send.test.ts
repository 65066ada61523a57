import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bot } from '../../../../src/app/bot/bot.ts'
import { openMailParser } from '../../../../src/app/wire.ts'
import { createSmtpMailer } from '../../../../src/outlets/smtp.ts'
import type { Delivery, Mailer } from '../../../../src/ports.ts'
import { approveReply, replies, type KeptReply } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld, drivers, type BotWorld } from '../../../support/bot.ts'
import { readMail, writeMail } from '../../../support/mails.ts'
import { answer, startSink, type Sink } from '../../../support/smtp.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
let sink: Sink
let refusal: Error | undefined
beforeEach(async () => {
  world = await createBotWorld(parser)
  refusal = undefined
  sink = await startSink({ accept: () => refusal })
  allow('send: auto')
})
afterEach(async () => {
  await sink.close()
  await world.close()
})

const minute = 60_000
const hour = 60 * minute

function allow(more: string): void {
  world.configure(
    `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), ${more} }\n`,
  )
}
const mailer = (): Mailer =>
  createSmtpMailer({
    host: '127.0.0.1',
    port: sink.port,
    tls: 'none',
    caFile: null,
    login: null,
    signal: new AbortController().signal,
  })
const later = async (ms = 3 * minute, change: Partial<Bot> = {}): Promise<void> => {
  world.now += ms
  await world.pass({ mailer: mailer(), ...change })
}
const post = (id: string, change: Parameters<BotWorld['patch']>[0] = { id }): void =>
  world.post(boards, world.patch(change))
const only = async (): Promise<KeptReply> => (await replies(world.store.records))[0] ?? expect.fail('no reply')
/** A mail that comes to the list so long from now: by it the archive is known to be up to date. */
const chat = (ms: number): void => {
  world.now += ms
  world.post(boards, writeMail({ id: `chat-${world.now}@x`, subject: 'lunch', date: world.now }))
  world.now -= ms
}
/** A mailer that says the same each time, and counts. */
const saying = (delivery: Delivery): Mailer & { times: number } => {
  const fake = {
    times: 0,
    send: () => {
      fake.times += 1
      return Promise.resolve(delivery)
    },
  }
  return fake
}

describe('a reply that may go out', () => {
  it('goes out once, into the thread, with the headers that lists want', async () => {
    post('v1@x')
    await later()
    await later()
    expect(sink.taken).toHaveLength(1)
    const [mail] = sink.taken
    expect(mail).toMatchObject({ from: 'review@example.org', to: ['ada@example.org', boards] })
    const read = await readMail(mail?.text ?? '')
    expect(read).toMatchObject({ inReplyTo: 'v1@x', references: ['v1@x'], date: world.now - 3 * minute })
    expect(mail?.text).toMatch(/^Content-Transfer-Encoding: 7bit\r$/m)
    expect(mail?.text).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(await only()).toMatchObject({ state: 'sent', attempts: 1, sentAt: world.now - 3 * minute })
  })

  it('is not answered by the bot when it comes back over the list', async () => {
    post('v1@x')
    await later()
    world.post(boards, sink.taken[0]?.text ?? '')
    await later()
    await later()
    expect(sink.taken).toHaveLength(1)
  })

  it('waits for a person where the list says so, and goes when one has approved', async () => {
    allow('send: approve')
    post('v1@x')
    await later()
    expect(await only()).toMatchObject({ state: 'drafted' })
    await approveReply(world.store.records, (await only()).messageId, { by: 'ida', dueAt: world.now })
    await later()
    expect(sink.taken).toHaveLength(1)
  })

  it('goes nowhere where a list says draft, whoever approves it', async () => {
    allow('send: draft')
    post('v1@x')
    await later()
    await approveReply(world.store.records, (await only()).messageId, { by: 'ida', dueAt: world.now })
    await later()
    expect(await only()).toMatchObject({ state: 'drafted', detail: 'a list that it went to says `draft`' })
    expect(sink.taken).toEqual([])
  })

  it('waits as long as the list asks, and follows a policy that became stricter meanwhile', async () => {
    allow('send: auto, embargo: 2h')
    post('v1@x')
    await later()
    expect(await only()).toMatchObject({ state: 'approved' })
    await later(hour)
    expect(sink.taken).toEqual([])
    allow('send: approve')
    await later(hour)
    expect(await only()).toMatchObject({ state: 'drafted', detail: 'a person must approve it' })
    expect(sink.taken).toEqual([])
  })

  it('waits for tomorrow when the list has had its mails of today', async () => {
    allow('send: auto, daily-limit: 1')
    post('v1@x')
    post('second@x', { id: 'second@x', title: 'boards: the lamp', line: 'obj-z += lamp.o' })
    await later()
    expect(sink.taken).toHaveLength(1)
    await later(2 * hour)
    expect(sink.taken).toHaveLength(1)
    await later(24 * hour)
    expect(sink.taken).toHaveLength(2)
  })

  it('is dropped when a newer version, a person or another robot was faster', async () => {
    const faster: readonly [string, string, RegExp][] = [
      ['v2@x', world.patch({ id: 'v2@x', subject: '[PATCH v2]' }), /newer version/],
      [
        'person@x',
        writeMail({
          id: 'person@x',
          subject: 'Re: [PATCH]',
          inReplyTo: 'v1@x',
          body: '> +obj-z += extra.o\nA typo?\n',
        }),
        /said it: person@x/,
      ],
      [
        'robot@x',
        writeMail({
          id: 'robot@x',
          from: 'lkp@intel.com',
          subject: 'Re: [PATCH]',
          inReplyTo: 'v1@x',
          body: 'drivers/boards/Makefile:2: error\n',
        }),
        /said it: robot@x/,
      ],
    ]
    for (const [, mail, why] of faster) {
      await world.close()
      world = await createBotWorld(parser)
      allow('send: auto, embargo: 1h')
      post('v1@x')
      await later()
      world.post(boards, mail)
      await later(hour)
      expect(await only()).toMatchObject({ state: 'dropped', detail: expect.stringMatching(why) as string })
    }
    expect(sink.taken.filter(({ text }) => text.includes('In-Reply-To: <v1@x>'))).toEqual([])
  })

  it('is dropped when it would come after a week', async () => {
    allow('send: approve')
    post('v1@x')
    await later()
    await approveReply(world.store.records, (await only()).messageId, { by: 'ida', dueAt: world.now })
    await later(8 * 24 * hour)
    expect(await only()).toMatchObject({ state: 'dropped', detail: 'posted 8 days ago' })
    expect(sink.taken).toEqual([])
  })

  it('waits while the archive of its list cannot be asked', async () => {
    post('v1@x')
    await later(3 * minute, { mailer: null })
    const archive = join(world.directory, 'boards')
    renameSync(archive, `${archive}.away`)
    await later()
    expect(await only()).toMatchObject({ state: 'approved', attempts: 0 })
    expect(sink.taken).toEqual([])
    renameSync(`${archive}.away`, archive)
    await later(hour)
    expect(sink.taken).toHaveLength(1)
  })

  it('is tried again after a 4yz, with the same Date and Message-ID, and dropped after a 5yz', async () => {
    post('v1@x')
    refusal = answer(451, 'greylisted')
    await later()
    expect(await only()).toMatchObject({
      state: 'approved',
      attempts: 1,
      detail: expect.stringContaining('451') as string,
    })
    const dated = (await only()).dated
    refusal = undefined
    await later(hour)
    expect(await only()).toMatchObject({ state: 'sent', attempts: 2, dated })
    refusal = answer(550, 'no such list')
    post('second@x', { id: 'second@x', title: 'boards: the lamp', line: 'obj-z += lamp.o' })
    await later()
    const [, second] = await replies(world.store.records)
    expect(second).toMatchObject({ state: 'dropped', detail: expect.stringContaining('550') as string })
  })

  it('goes later to whom the server put off, once, and not again to the others', async () => {
    let busy = ['ada@example.org']
    await sink.close()
    sink = await startSink({
      onRcptTo: ({ address }, _, done) => done(busy.includes(address) ? answer(450, 'mailbox busy') : null),
    })
    post('v1@x')
    await later()
    expect(sink.taken).toMatchObject([{ to: [boards] }])
    const first = await only()
    expect(first).toMatchObject({ state: 'sent', postponed: ['ada@example.org'] })
    expect(first.detail).toContain('later for ada@example.org')
    await later(31 * minute)
    expect(sink.taken).toHaveLength(1)
    busy = []
    await later(31 * minute)
    await later(2 * hour)
    expect(sink.taken).toMatchObject([{ to: [boards] }, { to: ['ada@example.org'] }])
    expect(new Set(sink.taken.map(({ text }) => text)).size).toBe(1)
    expect(await only()).toMatchObject({ state: 'sent', postponed: [], sentAt: first.sentAt })
  })

  it('is given up for whom the server puts off for five days, or whose list forbids it by then', async () => {
    await sink.close()
    sink = await startSink({
      onRcptTo: ({ address }, _, done) => done(address === boards ? null : answer(450, 'mailbox busy')),
    })
    post('v1@x')
    await later()
    await later(4 * 24 * hour)
    expect(await only()).toMatchObject({ state: 'sent', postponed: ['ada@example.org'] })
    await later(25 * hour)
    expect(await only()).toMatchObject({ state: 'sent', detail: 'never taken for ada@example.org', postponed: [] })
    post('second@x', { id: 'second@x', title: 'boards: the lamp', line: 'obj-z += lamp.o' })
    await later()
    allow('send: never')
    await later(hour)
    const [, second] = await replies(world.store.records)
    expect(second).toMatchObject({ state: 'sent', detail: 'the lists say `never` now', postponed: [] })
  })

  it('goes on where a process ended in the middle, with those who certainly do not have it', async () => {
    post('v1@x')
    const ends: Mailer = {
      send: async ({ onEnvelope }) => {
        await onEnvelope?.([boards])
        return { kind: 'unclear', reason: 'connection closed' }
      },
    }
    await later(3 * minute, { mailer: ends })
    expect(await only()).toMatchObject({ state: 'sending', postponed: [boards] })
    await later(2 * hour)
    await later(minute)
    expect(sink.taken).toMatchObject([{ to: [boards] }])
    expect(await only()).toMatchObject({ state: 'sent', postponed: [] })
  })

  it('is sent to the others alone again where only they may have it, and no archive shows it', async () => {
    post('v1@x')
    const ends: Mailer = {
      send: async ({ onEnvelope }) => {
        await onEnvelope?.(['ada@example.org'])
        return { kind: 'unclear', reason: 'connection closed' }
      },
    }
    await later(3 * minute, { mailer: ends })
    chat(2 * hour)
    await later(2 * hour)
    await later(hour)
    expect(sink.taken).toMatchObject([{ to: [boards] }, { to: ['ada@example.org'] }])
  })

  it('is not sent again when the archive has it, and is when the archive has had an hour and has not', async () => {
    post('v1@x')
    const broken = saying({ kind: 'unclear', reason: 'connection closed' })
    await later(3 * minute, { mailer: broken })
    expect(await only()).toMatchObject({ state: 'sending' })
    await later(30 * minute, { mailer: broken })
    expect(broken.times).toBe(1)
    chat(31 * minute)
    await later(31 * minute)
    expect(sink.taken).toHaveLength(1)
    expect(await only()).toMatchObject({ state: 'sent', attempts: 2 })

    post('second@x', { id: 'second@x', title: 'boards: the lamp', line: 'obj-z += lamp.o' })
    await later(3 * minute, { mailer: broken })
    const second = (await replies(world.store.records, { states: ['sending'] }))[0]
    world.post(
      boards,
      writeMail({ id: second?.messageId ?? '', subject: 'Re: x', headers: ['X-Kbuild-Review-Run: kr.x'] }),
    )
    await later(2 * hour)
    expect(sink.taken).toHaveLength(1)
    expect((await replies(world.store.records))[1]).toMatchObject({
      state: 'sent',
      detail: `it is in the archive of ${boards}`,
    })
  })

  it('is left to a person where no archive would show whether it went out', async () => {
    allow('send: auto, to: author')
    post('v1@x')
    await later(3 * minute, { mailer: saying({ kind: 'unclear', reason: 'connection closed' }) })
    await later(2 * hour)
    expect(await only()).toMatchObject({
      state: 'drafted',
      detail: expect.stringContaining('may have gone out') as string,
    })
    expect(sink.taken).toEqual([])
  })

  it('is sent to the lists of the configuration alone', async () => {
    world.post(boards, world.patch({ id: 'v1@x', to: `${boards}, ${drivers}, Carl <carl@example.org>` }))
    await later()
    expect(sink.taken).toMatchObject([{ to: ['ada@example.org', boards] }])
  })
})
