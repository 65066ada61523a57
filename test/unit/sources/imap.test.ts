import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { defaultMailLimits } from '../../../src/mail/limits.ts'
import { openImapFolder, type ImapOptions } from '../../../src/sources/imap.ts'
import { UnavailableError } from '../../../src/sources/unavailable.ts'
import { watchImapFolder } from '../../../src/sources/imap-watch.ts'
import { describeWatchedList } from '../../ports/watched-list.ts'
import { startImapServer, type ImapServer, type ImapServerTls } from '../../support/imap-server.ts'
import { testNow, writeMail } from '../../support/mails.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-imap-'))
const servers: ImapServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})
afterAll(() => removeDirectory(top))

const day = 24 * 3_600_000
const start = async (tls: ImapServerTls | null = null): Promise<ImapServer> => {
  const server = await startImapServer(tls)
  servers.push(server)
  return server
}
const optionsOf = (server: ImapServer, change: Partial<ImapOptions> = {}): ImapOptions => {
  const passwordFile = join(top, 'password')
  writeFileSync(passwordFile, `${server.password}\n`)
  return {
    name: 'boards',
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    caFile: null,
    user: server.user,
    passwordFile,
    folder: 'INBOX',
    clock: () => testNow + day,
    signal: new AbortController().signal,
    ...change,
  }
}
const post = (server: ImapServer, id: string, at = testNow): void =>
  server.deliver([{ mail: writeMail({ id, subject: id, date: at }), at }])

/** A certificate for localhost that nobody knows. */
function certificate(mode: ImapServerTls['mode']): ImapServerTls & { readonly file: string } {
  const [key, file] = [join(top, 'key.pem'), join(top, 'cert.pem')]
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', [...args, ...names, '-keyout', key, '-out', file], { stdio: 'ignore' })
  return { mode, key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file }
}

describe('a folder of an IMAP server', () => {
  describeWatchedList(async () => {
    const server = await startImapServer()
    return {
      put: (mails) => {
        server.deliver(mails)
        return Promise.resolve()
      },
      open: () => Promise.resolve(openImapFolder(optionsOf(server))),
      close: server.close,
    }
  })

  it('loses nothing where it is made anew with other numbers', async () => {
    const server = await start()
    for (let at = 0; at < 5; at++) post(server, `day-${at}@x`, testNow + at * day)
    const source = openImapFolder(optionsOf(server, { clock: () => testNow + 9 * day }))
    const before = await Array.fromAsync(source.since({}))
    await source.close()
    server.renumber()
    post(server, 'new@x', testNow + 5 * day)
    const after = await Array.fromAsync(source.since({ cursor: before.at(-1)?.cursor ?? '' }))
    await source.close()
    expect(after.map(({ id }) => id)).toEqual(['day-3@x', 'day-4@x', 'new@x'])
  })

  it('connects again where the server was started again', async () => {
    const server = await start()
    post(server, 'one@x')
    const source = openImapFolder(optionsOf(server))
    expect(await source.find('one@x')).toMatchObject({ kind: 'message' })
    server.drop()
    // whether it was noticed by now or not: a mail that is there is never said to be missing
    const [kind, code] = await source.find('one@x').then(
      (found) => [found?.kind, null],
      (error: unknown) => [null, error instanceof UnavailableError],
    )
    expect([kind, code]).toEqual(code === null ? ['message', null] : [null, true])
    expect(await source.find('one@x')).toMatchObject({ kind: 'message' })
    await source.close()
  })

  it('takes no more of a mail than it may where the server says that it is small, and goes on behind it', async () => {
    const server = await start()
    const limits = { ...defaultMailLimits, mailBytes: 100_000 }
    const swollen = writeMail({ id: 'large@x', subject: 'large', body: 'a lamp\n'.repeat(40_000) })
    post(server, 'one@x')
    server.deliver([{ mail: swollen, at: testNow, said: 100 }])
    post(server, 'two@x')
    const source = openImapFolder(optionsOf(server, { limits }))
    const arrivals = await Array.fromAsync(source.since({}))
    expect(arrivals.map(({ id, result }) => [id, result.kind === 'refused' ? result.reason : result.kind])).toEqual([
      ['one@x', 'message'],
      ['large@x', 'more than 100000 bytes, though the server said 100'],
      ['two@x', 'message'],
    ])
    expect(await source.find('large@x')).toMatchObject({ kind: 'refused', code: 'too-large' })
    await source.close()
  })

  it('says why a server does not let us in', async () => {
    const server = await start()
    const find = (change: Partial<ImapOptions>): Promise<unknown> =>
      openImapFolder(optionsOf(server, change)).find('one@x')
    await expect(find({ user: 'nobody' })).rejects.toThrow(/wrong user or password/)
    await expect(find({ folder: 'Lamps' })).rejects.toThrow(/no Lamps/)
  })

  it.each(['implicit', 'starttls'] as const)('is read over TLS (%s) by who trusts the server alone', async (tls) => {
    const { file, ...own } = certificate(tls)
    const server = await start(own)
    post(server, 'one@x')
    const find = async (change: Partial<ImapOptions>): Promise<unknown> => {
      const source = openImapFolder(optionsOf(server, { host: 'localhost', tls, ...change }))
      try {
        return await source.find('one@x')
      } finally {
        await source.close()
      }
    }
    expect(await find({ caFile: file })).toMatchObject({ kind: 'message', message: { id: 'one@x' } })
    await expect(find({})).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('is not read in the clear where TLS is asked for', async () => {
    const server = await start()
    const source = openImapFolder(optionsOf(server, { tls: 'starttls' }))
    await expect(source.find('one@x')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('tells of a mail when it comes, and ends when it is told to', async () => {
    const server = await start()
    const stop = new AbortController()
    const failures: unknown[] = []
    let news = 0
    const heard = { onNews: () => news++, onFailure: (error: unknown) => failures.push(error) }
    const watching = watchImapFolder(optionsOf(server, { signal: stop.signal }), heard)
    for (let tries = 0; news === 0 && tries < 200; tries++) {
      post(server, `${tries}@x`)
      await sleep(20)
    }
    stop.abort()
    await watching
    expect(news).toBeGreaterThan(0)
    expect(failures).toEqual([])
  })

  it.each([
    ['refuses', /refuses to let us wait/],
    ['ends', /ends waiting for mails/],
  ] as const)('is not asked again at once where waiting is not for us (%s)', async (idle, reason) => {
    const server = await start()
    server.idle = idle
    const stop = new AbortController()
    const failures: unknown[] = []
    const heard = { onNews: () => undefined, onFailure: (error: unknown) => failures.push(error) }
    const watching = watchImapFolder(optionsOf(server, { signal: stop.signal }), heard)
    await expect.poll(() => server.idles(), { timeout: 5000 }).toBeGreaterThan(0)
    await sleep(300)
    stop.abort()
    await watching
    expect(server.idles()).toBe(1)
    expect(failures).toMatchObject([{ message: expect.stringMatching(reason) as string }])
  })
})
