import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bot } from '../../../../src/app/bot/bot.ts'
import { ruleDisputes } from '../../../../src/app/bot/disputes.ts'
import { maintainersOf } from '../../../../src/app/bot/maintainers-of.ts'
import { openRepository } from '../../../../src/git/repository.ts'
import { openMailParser } from '../../../../src/app/wire.ts'
import type { Mailer, Parcel } from '../../../../src/ports.ts'
import { replies, type KeptReply } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld, drivers, type BotWorld } from '../../../support/bot.ts'
import { writeMail } from '../../../support/mails.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
let sent: Parcel[]
beforeEach(async () => {
  world = await createBotWorld(parser)
  sent = []
  configure()
})
afterEach(() => world.close())

const minute = 60_000
const trusted = 'mx.lists.example.org; dkim=pass header.d=example.org'

const trust = 'trust: [mx.lists.example.org]'
function configure(feedback = 'people: [carol@example.org]', more = `send: auto, ${trust}`): void {
  world.configure(
    `  smtp: { host: localhost, tls: none }\n  feedback: { ${feedback} }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), ${more} }\n    ${drivers}: { archive: ARCHIVE(${drivers}), send: auto }\n`,
  )
}
const mailer: Mailer = {
  send: (parcel) => {
    sent.push(parcel)
    return Promise.resolve({ kind: 'accepted', response: '250 taken', refused: [], postponed: [] })
  },
}
const later = async (ms = 3 * minute, change: Partial<Bot> = {}): Promise<void> => {
  world.now += ms
  await world.pass({ mailer, ...change })
}
const all = (): Promise<readonly KeptReply[]> => replies(world.store.records)
/** One title for each line, so that two versions are known for one series. */
const titleOf = (line = 'obj-z'): string => `boards: list ${line.replace(/.*= /, '')}`
/** Posts a patch, and gives the mail of ours that answers it. */
async function review(id = 'v1@x', line?: string): Promise<KeptReply> {
  world.post(boards, world.patch({ id, ...(line !== undefined && { line }), title: titleOf(line) }))
  await later()
  return (await all()).find(({ reply }) => reply.inReplyTo === id) ?? expect.fail('no reply')
}
type Asking = {
  readonly id?: string
  readonly from?: string
  readonly results?: string
  readonly list?: string
  readonly headers?: readonly string[]
}
function ask(to: KeptReply, body: string, asking: Asking = {}): void {
  const { id = 'ask@x', from, results = trusted, list = boards, headers = [] } = asking
  const mail = writeMail({
    id,
    subject: to.reply.subject,
    date: world.now,
    inReplyTo: to.messageId,
    ...(from !== undefined && { from }),
    headers: [`To: ${boards}`, `Authentication-Results: ${results}`, ...headers],
    body: `> ${to.reply.body.split('\n').join('\n> ')}\n${body}\n`,
  })
  world.post(list, mail)
}
const refused = (): readonly unknown[] =>
  world.events.filter(({ event }) => event === 'command-refused').map(({ fields }) => fields['why'])
const texts = (): readonly string[] => sent.map(({ bytes }) => Buffer.from(bytes).toString())

describe('a command by mail', { timeout: 120_000 }, () => {
  it('is named in the signature of our mails, where any is obeyed', async () => {
    expect((await review()).reply.body).toMatch(/^Obeys, on a line of its own: kbuild-review: retest/m)
    configure(undefined, 'send: auto')
    expect((await review('v2@x', 'obj-z += more.o')).reply.body).not.toContain('Obeys')
  })

  it('retests, and is answered by one mail of its own, once', async () => {
    const told = await review()
    ask(told, 'kbuild-review: retest')
    await later()
    await later()
    const mails = await all()
    expect(mails).toHaveLength(2)
    const answer = mails.find(({ reply }) => reply.inReplyTo === 'ask@x')
    expect(answer).toMatchObject({
      state: 'sent',
      reply: { to: [{ address: 'ada@example.org' }], findings: told.reply.findings },
    })
    expect(answer?.messageId).not.toBe(told.messageId)
    expect(answer?.reply.references).toEqual([told.messageId, 'ask@x'])
    expect(sent).toHaveLength(2)
    // the same mail over another list, and the same command in another mail
    world.post(
      'drivers@lists.example.org',
      writeMail({
        id: 'ask@x',
        inReplyTo: told.messageId,
        body: 'kbuild-review: retest\n',
        subject: 'Re: x',
        date: world.now,
        headers: [`Authentication-Results: ${trusted}`],
      }),
    )
    await later()
    expect(sent).toHaveLength(2)
    ask(told, 'kbuild-review: retest', { id: 'again@x' })
    await later()
    expect(sent).toHaveLength(3)
  })

  it('takes back what is called invalid, by the fingerprint, and tells it no more', async () => {
    const told = await review()
    ask(told, 'kbuild-review: invalid told-word')
    await later()
    expect(sent).toHaveLength(1)
    world.post(boards, world.patch({ id: 'v2@x', subject: '[PATCH v2]', title: titleOf() }))
    await later()
    expect(sent).toHaveLength(1)
    expect(await ruleDisputes(world.store.records, { feedback: world.bot().config.feedback })).toEqual([
      { rule: 'told-word', mailed: 1, disputed: 1, isMuted: false },
    ])
  })

  it('drops what waits, and what would be said later, when quiet is asked for; acknowledged only when asked', async () => {
    const told = await review()
    ask(told, 'kbuild-review: quiet')
    await later()
    world.post(boards, world.patch({ id: 'v2@x', subject: '[PATCH v2]', title: titleOf(), line: 'obj-z += more.o' }))
    await later()
    expect(sent).toHaveLength(1)
    ask(told, 'kbuild-review: quiet ack', { id: 'ack@x' })
    await later()
    expect(texts()[1]).toMatch(/^Noted: there will be no more mails about this series\.\r$/m)
  })

  it('explains a rule, also one that there is not', async () => {
    const told = await review()
    ask(told, 'kbuild-review: explain cc-arch-condition\nkbuild-review: explain no-such-rule')
    await later()
    expect(texts()[1]).toMatch(/^What cc-arch-condition reports:\r$/m)
    expect(texts()[1]).toMatch(/^There is no rule no-such-rule\.\r$/m)
    expect(sent).toHaveLength(2)
  })

  it('is obeyed from configured people and from maintainers of the files', async () => {
    const told = await review()
    ask(told, 'kbuild-review: quiet', { id: 'carol@x', from: 'carol@example.org' })
    await later()
    const obeyed = () => world.events.filter(({ event }) => event === 'command-obeyed').length
    expect(obeyed()).toBe(1)
    world.tree.commit('boards: who keeps them', {
      MAINTAINERS:
        'BOARDS\nM:\tMay Tainer <may@example.org>\nR:\trex@example.org\nF:\tdrivers/boards/\n\nTHE REST\nM:\teve@example.org\nF:\tfs/\n',
    })
    const opened = await openRepository(world.tree.path, { environment: world.tree.environment })
    if (opened.kind === 'none') expect.fail(opened.reason)
    const change = { maintainersOf: (paths: readonly string[]) => maintainersOf(opened.repository, paths) }
    for (const name of ['may', 'rex', 'eve'])
      ask(told, 'kbuild-review: quiet', { id: `${name}@x`, from: `${name}@example.org` })
    await later(3 * minute, change)
    await opened.repository.close()
    expect(obeyed()).toBe(3)
    expect(refused()).toEqual(['eve@example.org is neither the author, nor a maintainer of the files, nor configured'])
  })

  it.each([
    ['a stranger', { from: 'mallory@example.org' }, /neither the author/],
    ['a sender that nobody vouches for', { results: 'mx.lists.example.org; dkim=none' }, /no trusted server/],
    ['a server that is not trusted', { results: 'mx.evil.net; dkim=pass header.d=example.org' }, /no trusted server/],
  ])('is not obeyed from %s', async (_, asking, why) => {
    ask(await review(), 'kbuild-review: retest\nkbuild-review: quiet', asking)
    await later()
    expect(refused()).toEqual([expect.stringMatching(why)])
    expect(sent).toHaveLength(1)
  })

  it('is not obeyed for the word of a server of another list than that it came over', async () => {
    const told = await review()
    ask(told, 'kbuild-review: quiet', { list: drivers })
    await later()
    expect(refused()).toEqual([expect.stringMatching(/no trusted server of a list that has it/)])
    // of two copies that counts for which the server of its own list vouches
    ask(told, 'kbuild-review: retest', { id: 'both@x', list: drivers })
    ask(told, 'kbuild-review: quiet', { id: 'both@x' })
    await later()
    expect(world.events.filter(({ event }) => event === 'command-obeyed')).toMatchObject([
      { fields: { mail: 'both@x', command: 'quiet' } },
    ])
    expect(sent).toHaveLength(1)
  })

  it('is not obeyed where no server is trusted, from a program, in an answer to somebody else, or too often', async () => {
    configure(undefined, 'send: auto')
    const told = await review()
    ask(told, 'kbuild-review: retest')
    await later()
    expect(refused()).toEqual([expect.stringContaining('`trust` of a list')])
    configure()
    ask(told, 'kbuild-review: retest', { id: 'auto@x', headers: ['Auto-Submitted: auto-replied'] })
    ask({ ...told, messageId: 'v1@x' }, 'kbuild-review: retest', { id: 'else@x' })
    await later()
    expect(refused()).toHaveLength(1)
    configure('daily-limit: 2')
    for (const id of ['one@x', 'two@x', 'three@x']) ask(told, 'kbuild-review: quiet', { id })
    await later()
    expect(refused().slice(1)).toEqual(['ada@example.org has given 2 commands today'])
    expect(sent).toHaveLength(1)
  })

  it('is drafted where the list says so', async () => {
    configure(undefined, `send: draft, ${trust}`)
    ask(await review(), 'kbuild-review: explain cc-arch-condition')
    await later()
    expect(sent).toEqual([])
    expect((await all()).map(({ state }) => state)).toEqual(['drafted', 'drafted'])
  })
})
