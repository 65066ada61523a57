import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagnoseBot } from '../../../../src/app/bot/diagnose.ts'
import type { MailSource, Mailer, Parcel } from '../../../../src/ports.ts'
import { openLoreHttp } from '../../../../src/sources/lore-http.ts'
import { createWeb } from '../../../../src/sources/web.ts'
import { replies } from '../../../../src/store/outbox.ts'
import { startArchiveServer, type ArchiveServer } from '../../../support/archive-server.ts'
import { boards, createBotWorld, type BotWorld } from '../../../support/bot.ts'

let world: BotWorld
let server: ArchiveServer
let sent: Parcel[]
beforeEach(async () => {
  world = await createBotWorld()
  server = await startArchiveServer()
  sent = []
  world.configure(
    `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto }\n`,
  )
})
afterEach(async () => {
  await server.close()
  await world.close()
})

const mailer: Mailer = {
  send: (parcel) => {
    sent.push(parcel)
    return Promise.resolve({ kind: 'accepted', response: '250 taken', refused: [], postponed: [] })
  },
}
/** The list, whose mails are looked up over HTTP. */
function lists(): ReadonlyMap<string, MailSource> {
  const { signal } = new AbortController()
  const clock = (): number => world.now
  const web = createWeb({ userAgent: 'test', pauseMs: 0, clock, signal, directory: world.directory })
  const options = { url: server.url, name: boards, web, clock, everyMs: 0, cacheDirectory: world.directory }
  const http = openLoreHttp(options)
  const mirror = world.bot().sources.get(boards) ?? expect.fail('no list')
  return new Map([[boards, { ...mirror, find: (id) => http.find(id) }]])
}
const later = async (ms = 3 * 60_000): Promise<void> => {
  world.now += ms
  await world.pass({ mailer, sources: lists() })
}
const answerRaw = (status: number, body = ''): void => {
  server.trouble = ({ url }, response) => {
    if (url?.endsWith('/raw') !== true) return false
    response.writeHead(status).end(body)
    return true
  }
}

describe('a reply whose archive is read over HTTP', { timeout: 60_000 }, () => {
  it.each([
    ['lets nobody read', 403, ''],
    ['makes nothing of the question', 400, ''],
    ['has another mail in its place', 200, 'From mboxrd@z Thu Jan  1 00:00:00 1970\nMessage-ID: <other@x>\n\n'],
  ])('waits while the server %s, and goes out then', async (_, status, body) => {
    answerRaw(status, body)
    world.post(boards, world.patch({ id: 'v1@x' }))
    await later()
    expect(sent).toEqual([])
    expect(await replies(world.store.records)).toMatchObject([{ state: 'approved', attempts: 0 }])
    server.trouble = () => false
    await later(60 * 60_000)
    expect(sent).toHaveLength(1)
    expect(await replies(world.store.records)).toMatchObject([{ state: 'sent', detail: '250 taken' }])
  })

  it('has a list that doctor calls broken where the server does not let its mails be read', async () => {
    for (const status of [403, 400]) {
      answerRaw(status)
      const found = await diagnoseBot(world.bot().config, { lists: lists(), smtp: () => Promise.resolve(null) })
      expect(found.find(({ what }) => what === `bot: list ${boards}`)).toMatchObject({
        state: 'broken',
        detail: expect.stringContaining(`status ${status}`) as string,
      })
    }
  })
})
