import { expect, it } from 'vitest'
import type { Mailer, Parcel } from '../../../../src/ports.ts'
import { replies } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld } from '../../../support/bot.ts'
import { writeMail } from '../../../support/mails.ts'

it('a list that writes itself into From is neither written to as the author, nor obeyed as him', async () => {
  const world = await createBotWorld()
  const sent: Parcel[] = []
  const mailer: Mailer = {
    send: (parcel) => {
      sent.push(parcel)
      return Promise.resolve({ kind: 'accepted', response: '250 taken', refused: [], postponed: [] })
    },
  }
  const pass = async (): Promise<void> => {
    world.now += 180_000
    await world.pass({ mailer })
  }
  world.configure(
    `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto, to: author, trust: [mx.lists.example.org] }\n`,
  )
  const ada = 'Reply-To: Ada Byron <ada@example.org>'
  world.post(boards, world.patch({ id: 'v1@x', from: `Ada Byron via boards <${boards}>`, headers: [ada] }))
  await pass()
  expect(sent.map(({ to }) => to)).toEqual([['ada@example.org']])
  const [told] = await replies(world.store.records)
  const asking = writeMail({
    id: 'ask@x',
    subject: 'Re: boards',
    date: world.now,
    inReplyTo: told?.messageId ?? '',
    from: `Mallory via boards <${boards}>`,
    headers: [`To: ${boards}`, 'Authentication-Results: mx.lists.example.org; dkim=pass header.d=lists.example.org'],
    body: 'kbuild-review: quiet\n',
  })
  world.post(boards, asking)
  await pass()
  const events = world.events.filter(({ event }) => event.startsWith('command'))
  expect(events).toMatchObject([
    { event: 'command-refused', fields: { why: expect.stringContaining('its own address') as string } },
  ])
  await world.close()
}, 120_000)
