import { expect, it } from 'vitest'
import type { Delivery, Mailer } from '../../../../src/ports.ts'
import { approveReply, replies } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld } from '../../../support/bot.ts'

it('a reply waits for a person where the server takes none from us, and goes out when he has seen to that', async () => {
  const world = await createBotWorld()
  world.configure(
    `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto }\n`,
  )
  let delivery: Delivery = { kind: 'barred', reason: '530 5.7.0 Authentication required' }
  let tries = 0
  const mailer: Mailer = {
    send: () => {
      tries += 1
      return Promise.resolve(delivery)
    },
  }
  const pass = async (): Promise<void> => {
    world.now += 3_600_000
    await world.pass({ mailer })
  }
  world.post(boards, world.patch({ id: 'v1@x' }))
  await pass()
  await pass()
  const [held] = await replies(world.store.records)
  expect(held).toMatchObject({ state: 'drafted', detail: '530 5.7.0 Authentication required', attempts: 1 })
  expect(tries).toBe(1)
  delivery = { kind: 'accepted', response: '250 taken', refused: [], postponed: [] }
  await approveReply(world.store.records, held?.messageId ?? '', { by: 'ida', dueAt: world.now })
  await pass()
  expect(await replies(world.store.records)).toMatchObject([{ state: 'sent', attempts: 2, dated: held?.dated }])
  await world.close()
}, 120_000)
