import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { createWeb, parseRetryAfter, type Web, type WebOptions } from '../../../src/sources/web.ts'
import { startArchiveServer, type ArchiveServer } from '../../support/archive-server.ts'
import { testNow } from '../../support/mails.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-web-'))
afterAll(() => removeDirectory(top))
let server: ArchiveServer
let directory: string
let now: number
beforeEach(async () => {
  server = await startArchiveServer()
  directory = mkdtempSync(join(top, 'case-'))
  now = testNow
})
afterEach(() => server.close())

const web = (change: Partial<WebOptions> = {}): Web => {
  const { signal } = new AbortController()
  return createWeb({ userAgent: 'kbuild-review/1', pauseMs: 0, clock: () => now, signal, directory, ...change })
}
const get = (client: Web, path = 'any', question: Partial<Parameters<Web['get']>[1]> = {}) =>
  client.get(new URL(path, server.url), { maxBytes: 1000, ...question })

describe('asking a web server', () => {
  it('says who asks, and gives what is there and what is not', async () => {
    server.trouble = ({ headers, url }, response) => {
      response.writeHead(url === '/boards/any' ? 200 : 404).end(headers['user-agent'])
      return true
    }
    expect(await get(web())).toMatchObject({ status: 200, body: Buffer.from('kbuild-review/1') })
    expect(await get(web(), 'else')).toMatchObject({ status: 404 })
  })

  it('leaves a server alone for as long as it asks, also in the next process', async () => {
    server.trouble = (_, response) => {
      response.writeHead(429, { 'retry-after': '120' }).end()
      return true
    }
    await expect(get(web())).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 120_000 })
    server.trouble = () => false
    now += 119_000
    await expect(get(web())).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1000 })
    expect(server.asked).toHaveLength(1)
    now += 1000
    expect(await get(web())).toMatchObject({ status: 404 })
  })

  it('asks again where the clock that said how long was ahead', async () => {
    server.trouble = (_, response) => {
      response.writeHead(429, { 'retry-after': '120' }).end()
      return true
    }
    now += 10 * 24 * 3_600_000
    await expect(get(web())).rejects.toMatchObject({ code: 'unavailable' })
    server.trouble = () => false
    now = testNow
    expect(await get(web())).toMatchObject({ status: 404 })
  })

  it('asks one question at a time, with a pause between', async () => {
    let open = 0
    let most = 0
    const begun: number[] = []
    server.trouble = (_, response) => {
      begun.push(performance.now())
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        response.end()
      }, 20)
      return true
    }
    const client = web({ pauseMs: 150, clock: Date.now })
    const started = performance.now()
    await Promise.all([get(client), get(client), get(client)])
    expect(most).toBe(1)
    expect((begun.at(-1) ?? 0) - started).toBeGreaterThan(295)
  })

  it('follows redirects to the same server alone', async () => {
    const moved = (to: string) =>
      (server.trouble = ({ url }, response) => {
        if (url === '/boards/there') response.end('here')
        else response.writeHead(301, { location: to }).end()
        return true
      })
    moved('there')
    expect(await get(web())).toMatchObject({ status: 200, body: Buffer.from('here') })
    moved('https://elsewhere.example.org/boards/there')
    await expect(get(web())).rejects.toThrow(/redirects to another server, https:\/\/elsewhere/)
    moved('round')
    await expect(get(web())).rejects.toThrow(/more than 5 times/)
    moved('http://[')
    await expect(get(web())).rejects.toThrow(/status 301/)
  })

  it('takes no more than it asked for, also of what is small when it is packed', async () => {
    server.trouble = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)))
      return true
    }
    await expect(get(web())).rejects.toThrow(/more than 1000 bytes/)
    server.trouble = (_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(400)), 5)
      response.on('close', () => clearInterval(timer))
      return true
    }
    await expect(get(web())).rejects.toThrow(/more than 1000 bytes/)
  })

  it('gives up a server that sends too slowly, cuts the answer or is not there', async () => {
    server.trouble = (_, response) => {
      response.write('a')
      return true
    }
    await expect(get(web(), 'any', { timeoutMs: 100 })).rejects.toThrow(/took longer than 100 ms/)
    server.trouble = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setTimeout(() => response.destroy(), 20)
      return true
    }
    await expect(get(web())).rejects.toMatchObject({ code: 'unavailable' })
    await expect(web().get(new URL('http://127.0.0.1:1/'), { maxBytes: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  it('stops at once when it is told to', async () => {
    const stop = new AbortController()
    server.trouble = () => {
      stop.abort(new Error('stopped'))
      return true
    }
    await expect(get(web({ signal: stop.signal }))).rejects.toThrow('stopped')
  })
})

describe('Retry-After', () => {
  it('is seconds or a date, at most a day', () => {
    expect(parseRetryAfter('30', now)).toBe(30_000)
    expect(parseRetryAfter(new Date(testNow + 60_000).toUTCString(), testNow)).toBe(60_000)
    expect(parseRetryAfter(new Date(testNow - 60_000).toUTCString(), testNow)).toBe(0)
    expect(parseRetryAfter('9999999999', now)).toBe(24 * 3_600_000)
    for (const nothing of [null, '', 'soon', '-3'])
      expect(parseRetryAfter(nothing, now)).toBeLessThanOrEqual(24 * 3_600_000)
    expect(parseRetryAfter('soon', now)).toBe(0)
  })
})
