import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Arrival, MailSource } from '../../../src/ports.ts'
import { openLoreHttp } from '../../../src/sources/lore-http.ts'
import { createWeb } from '../../../src/sources/web.ts'
import { startArchiveServer, type ArchiveServer } from '../../support/archive-server.ts'
import { testNow, writeMail } from '../../support/mails.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-http-'))
afterAll(() => removeDirectory(top))
let server: ArchiveServer
let cacheDirectory: string
let now: number
beforeEach(async () => {
  server = await startArchiveServer()
  cacheDirectory = mkdtempSync(join(top, 'case-'))
  now = testNow
})
afterEach(() => server.close())

const open = (everyMs = 0): MailSource => {
  const { signal } = new AbortController()
  const web = createWeb({ userAgent: 'test', pauseMs: 0, clock: () => now, signal, directory: cacheDirectory })
  return openLoreHttp({ url: server.url, name: 'boards', web, clock: () => now, everyMs, cacheDirectory })
}
const post = (id: string, receivedAt = now): void => {
  server.mails.push({ id, receivedAt, mail: writeMail({ id, subject: `[PATCH] ${id}`, date: receivedAt }) })
}
const read = async (cursor?: string, source = open()): Promise<readonly Arrival[]> =>
  Array.fromAsync(source.since(cursor === undefined ? {} : { cursor }))
const ids = (mails: readonly Arrival[]): readonly (string | null)[] => mails.map(({ id }) => id)

describe('a list read over HTTP', () => {
  it('asks for the feed no more than it may, and with the ETag of the last answer', async () => {
    post('one@x')
    const [one] = await read(undefined, open(60_000))
    const asked = server.asked.length
    now += 59_000
    expect(await read(one?.cursor, open(60_000))).toEqual([])
    expect(server.asked).toHaveLength(asked)
    now += 1000
    const statuses: number[] = []
    server.trouble = (_, response) => {
      response.on('finish', () => statuses.push(response.statusCode))
      return false
    }
    expect(await read(one?.cursor, open(60_000))).toEqual([])
    expect(statuses).toEqual([304])
  })

  it('asks for all again where what the last answer listed was not dealt with', async () => {
    post('one@x')
    post('two@x', now + 1000)
    for await (const { id } of open().since({})) {
      expect(id).toBe('one@x')
      break
    }
    expect(ids(await read())).toEqual(['one@x', 'two@x'])
  })

  it('finds all mails where hundreds came in one second', async () => {
    post('first@x', now - 8 * 3_600_000)
    const [first] = await read()
    for (let at = 0; at < 432; at++) post(`bomb-${at}@x`)
    post('last@x', now + 1000)
    const found = await read(first?.cursor)
    expect(new Set(ids(found)).size).toBe(433)
    expect(found.at(-1)?.id).toBe('last@x')
  })

  it('reads a list of thousands in pieces, in order, and nothing twice', async () => {
    for (let at = 0; at < 1200; at++) post(`mail-${at}@x`, now + at * 60_000)
    now += 1200 * 60_000
    const first = await read()
    expect(first.length).toBeLessThan(1200)
    const second = await read(first.at(-1)?.cursor)
    expect([...ids(first), ...ids(second)]).toEqual(server.mails.map(({ id }) => id))
  })

  it('gives a mail that the archive got late, once, and no older ones again', async () => {
    post('one@x', now)
    const [one] = await read()
    post('late@x', now - 5 * 3_600_000)
    const late = await read(one?.cursor)
    expect(ids(late)).toEqual(['late@x'])
    expect(await read(late[0]?.cursor)).toEqual([])
  })

  it('gives a mail that a list of few mails got days late, and holds as little of a list of many as it needs', async () => {
    post('one@x', now)
    const [one] = await read()
    post('late@x', now - 70 * 3_600_000)
    const late = await read(one?.cursor)
    expect(ids(late)).toEqual(['late@x'])
    expect(await read(late[0]?.cursor)).toEqual([])
    for (let at = 0; at < 800; at++) post(`mail-${at}@x`, now + at * 60_000)
    now += 800 * 60_000
    const many = await read(late[0]?.cursor)
    expect(many).toHaveLength(800)
    expect(many.at(-1)?.cursor.length).toBeLessThan(20_000)
    post('later@x', now - 5 * 3_600_000)
    post('next@x') // what is not among the newest mails does not change the feed
    expect(ids(await read(many.at(-1)?.cursor))).toEqual(['later@x', 'next@x'])
  })

  it('is not held up by a mail that the server fails to hand out, and refuses that one in the end', async () => {
    post('one@x')
    post('bad@x', now + 1)
    post('two@x', now + 2)
    let isBad = true
    server.trouble = ({ url }, response) => {
      if (!isBad || url !== '/boards/bad%40x/raw') return false
      response.writeHead(500).end()
      return true
    }
    const first = await read()
    expect(ids(first)).toEqual(['one@x', 'two@x'])
    let cursor = first.at(-1)?.cursor
    const again = async (): Promise<readonly Arrival[]> => {
      now += 150 * 60_000
      const found = await read(cursor)
      cursor = found.at(-1)?.cursor ?? cursor
      return found
    }
    const before = cursor
    isBad = false
    expect(ids(await again())).toEqual(['bad@x'])
    expect(await again()).toEqual([])
    isBad = true
    cursor = before
    const tries: (readonly Arrival[])[] = []
    for (let at = 0; at < 9; at++) tries.push(await again())
    expect(tries.map((found) => found.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0])
    expect(tries[7]).toMatchObject([
      { id: 'bad@x', result: { kind: 'refused', reason: /status 500, 8 times in a row/ } },
    ])
  })

  it('does not ask again for a mail at once that the server failed to hand out', async () => {
    post('bad@x')
    server.trouble = ({ url }, response) => {
      if (url !== '/boards/bad%40x/raw') return false
      response.writeHead(500).end()
      return true
    }
    const asked = (): number => server.asked.filter((url) => url.endsWith('/raw')).length
    for (let at = 0; at < 3; at++) await read()
    expect(asked()).toBe(1)
    now += 121_000
    await read()
    expect(asked()).toBe(2)
  })

  it('fails, and gives up no mail, where the server hands out none', async () => {
    for (let at = 0; at < 5; at++) post(`mail-${at}@x`, now + at)
    server.trouble = ({ url }, response) => {
      if (url?.endsWith('/raw') !== true) return false
      response.writeHead(503).end()
      return true
    }
    for (let at = 0; at < 12; at++) {
      now += 60_000
      await read().catch((error: unknown) => expect(error).toMatchObject({ code: 'unavailable' }))
    }
    server.trouble = () => false
    now += 6 * 3_600_000
    expect(await read()).toHaveLength(5)
  })

  it.each([401, 403, 407, 451])('has no opinion on a mail where the server lets nobody read: %i', async (status) => {
    post('one@x')
    server.trouble = ({ url }, response) => {
      if (url?.endsWith('/raw') !== true) return false
      response.writeHead(status).end()
      return true
    }
    await expect(open().find('one@x')).rejects.toMatchObject({ code: 'unavailable' })
    expect(await read()).toEqual([])
    server.trouble = () => false
    now += 3_600_000
    expect(ids(await read())).toEqual(['one@x'])
  })

  it('is not led past mails by a clock that goes ahead', async () => {
    post('future@x', now + 300 * 24 * 3_600_000)
    const [future] = await read()
    now += 3_600_000
    post('now@x')
    expect(ids(await read(future?.cursor))).toEqual(['now@x'])
  })

  it('gives what the server will not hand out as refused, and leaves out what is gone', async () => {
    for (const [at, id] of ['gone@x', 'unmade@x', 'other@x', 'last@x'].entries()) post(id, now + at)
    server.trouble = ({ url }, response) => {
      if (url === '/boards/gone%40x/raw') response.writeHead(404).end()
      else if (url === '/boards/unmade%40x/raw') response.writeHead(400).end()
      else if (url === '/boards/other%40x/raw')
        response.end('From mboxrd@z Thu Jan  1 00:00:00 1970\nMessage-ID: <last@x>\n\n')
      else return false
      return true
    }
    const found = await read()
    expect(found.map(({ id, result }) => [id, result.kind])).toEqual([
      ['unmade@x', 'refused'],
      ['other@x', 'refused'],
      ['last@x', 'message'],
    ])
  })

  it.each([
    ['no feed', '<html><body>welcome</body></html>', /no Atom feed/],
    ['entities that grow', '<!DOCTYPE a [<!ENTITY b "c">]><feed>&b;</feed>', /no Atom feed/],
    ['a feed nested too deep', `<feed>${'<a>'.repeat(100_000)}`, /no Atom feed/],
    ['half a feed', '<feed><entry><updated>', /no Atom feed/],
  ])('fails, and loses nothing, where the server answers with %s', async (_, body, reason) => {
    post('one@x')
    server.trouble = (__, response) => {
      response.end(body)
      return true
    }
    await expect(read()).rejects.toThrow(reason)
    server.trouble = () => false
    expect(ids(await read())).toEqual(['one@x'])
  })

  it('gives the mails next to one where its thread is very long', async () => {
    const answer = (id: string, inReplyTo: string): void => {
      const mail = writeMail({ id, subject: 'lamps', date: now, references: ['root@x'], inReplyTo })
      server.mails.push({ id, receivedAt: now, mail })
    }
    post('root@x')
    for (let at = 0; at < 2000; at++) answer(`many-${at}@x`, 'root@x')
    answer('patch@x', 'root@x')
    const found = await open().thread('patch@x')
    expect(found).toHaveLength(1000)
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(['root@x', 'patch@x']))
  })

  it('fails where a thread is none, or unpacks to more than it may', async () => {
    const mail = `From mboxrd@z Thu Jan  1 00:00:00 1970\nMessage-ID: <one@x>\n\n${'x'.repeat(3 * 1024 * 1024)}\n`
    server.trouble = (_, response) => {
      response.end(gzipSync(mail.repeat(25)))
      return true
    }
    await expect(open().thread('one@x')).rejects.toThrow(/more than \d+ bytes when unpacked/)
    server.trouble = (_, response) => {
      response.end('no gzip at all')
      return true
    }
    await expect(open().thread('one@x')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('writes Message-IDs into addresses so that they stay one part of the path', async () => {
    const id = 'a/../?b=#c%2F@x'
    post(id)
    expect(ids(await read())).toEqual([id])
    expect((await open().thread(id)).map((message) => message.id)).toEqual([id])
  })
})
