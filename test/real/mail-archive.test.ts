import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import type { AddressObject } from 'mailparser'
import { beforeAll, expect, it } from 'vitest'
import { createMailParser } from '../../src/mail/parser.ts'
import { readMessage } from '../../src/mail/read.ts'
import type { Message } from '../../src/mail/message.ts'
import { rawMails } from './archive.ts'
import type { RawMail } from './archive.ts'
import { describeReal } from './support.ts'

const options = { now: Date.now(), origin: { kind: 'none' } } as const

describeReal('all mails of the archives', ['KBUILD_REVIEW_LORE'], (lore) => {
  let mails: readonly RawMail[] = []
  beforeAll(async () => {
    mails = (await Promise.all(['linux-kbuild', 'live-patching'].map((list) => rawMails(join(lore, list))))).flat()
  })

  it('are read, none is refused, 800 and more in a second of processor time', async ({ annotate }) => {
    const refused: string[] = []
    const ids = new Map<string, number>()
    const started = process.cpuUsage()
    for (const { raw, commit } of mails) {
      const result = await readMessage(raw, options)
      if (result.kind === 'refused') refused.push(`${commit} ${result.code}: ${result.reason}`)
      else ids.set(result.message.id, (ids.get(result.message.id) ?? 0) + 1)
    }
    const { user, system } = process.cpuUsage(started)
    const perSecond = Math.round((mails.length / (user + system)) * 1e6)
    const twice = [...ids.values()].filter((count) => count > 1).length
    const missing = [...ids.keys()].filter((id) => id.startsWith('missing-')).length
    await annotate(`${mails.length} mails, ${perSecond} a second, ${twice} ids twice, ${missing} without an id`)
    expect(refused).toEqual([])
    expect(missing).toBe(0)
    expect(mails.length).toBeGreaterThan(11_000)
    expect(perSecond).toBeGreaterThan(800)
  })

  it('have headers as mailparser reads them', async ({ annotate }) => {
    const wrong: string[] = []
    let compared = 0
    for (const { raw, commit } of mails) {
      const result = await readMessage(raw, options)
      if (result.kind === 'refused') continue
      compared++
      const theirs = await simpleParser(raw, {
        skipTextToHtml: true,
        skipHtmlToText: true,
        skipTextLinks: true,
        skipImageLinks: true,
      })
      const difference = differences(result.message, theirs)
      if (difference.length > 0 && commit !== nameless) wrong.push(`${commit} ${difference.join('; ')}`)
    }
    await annotate(`${compared} mails compared, ${wrong.length} differ`)
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(11_000)
  })

  it('give in threads what they give here', async () => {
    const parser = createMailParser({ workers: 2, timeoutMs: 60_000 })
    const some = mails.filter((_, index) => index % 10 === 0)
    const there = await Promise.all(some.map(({ raw }) => parser.parse(raw, options)))
    await parser.close()
    for (const [index, { raw }] of some.entries())
      expect(plain(there[index])).toEqual(plain(await readMessage(raw, options)))
  })
})

/** Spam whose From has no address, but an encoded word in its place: its text is the name for us, nothing for mailparser. */
const nameless = 'd720f771e0aad798cf6162763c8a2e2612412fbe'

/** A result with its bytes as text, which compares faster. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

type Parsed = Awaited<ReturnType<typeof simpleParser>>

function differences(ours: Message, theirs: Parsed): string[] {
  const squeeze = (text: string | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim()
  const addresses = (value: AddressObject | AddressObject[] | undefined): string[] =>
    [value ?? []]
      .flat()
      .flatMap(({ value: list }) => list.flatMap((one) => one.group ?? [one]).flatMap(({ address }) => address || []))
  const pairs: [string, unknown, unknown][] = [
    ['id', `<${ours.id}>`, theirs.messageId],
    ['subject', ours.subject, squeeze(theirs.subject)],
    ['from', ours.from.address, theirs.from?.value[0]?.address],
    ['name', ours.from.name, squeeze(theirs.from?.value[0]?.name)],
    ['to', ours.to.map(({ address }) => address).join(), addresses(theirs.to).join()],
    ['cc', ours.cc.map(({ address }) => address).join(), addresses(theirs.cc).join()],
  ]
  return pairs
    .filter(([, one, other]) => one !== other)
    .map(([what, one, other]) => `${what}: ${String(one)} | ${String(other)}`)
}
