import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { MailSource } from '../../src/ports.ts'
import { openImapFolder } from '../../src/sources/imap.ts'
import { watchImapFolder } from '../../src/sources/imap-watch.ts'
import { testNow, writeMail } from '../support/mails.ts'
import { hasDovecot, startDovecot, type Dovecot } from '../support/dovecot.ts'
import { describeWatchedList } from '../ports/watched-list.ts'

const open = (server: Dovecot, signal = new AbortController().signal): MailSource =>
  openImapFolder({
    name: 'boards',
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    caFile: null,
    user: server.user,
    passwordFile: server.passwordFile,
    folder: 'INBOX',
    clock: () => testNow + 24 * 3_600_000,
    signal,
  })

describe.skipIf(!hasDovecot())('a folder that dovecot serves (Debian package dovecot-imapd)', () => {
  describeWatchedList(async () => {
    const server = await startDovecot()
    return {
      put: async (mails) => {
        server.deliver(mails.map(({ mail, at }) => ({ mail, at })))
        await sleep(20)
      },
      open: () => Promise.resolve(open(server)),
      close: server.close,
    }
  })

  it('loses nothing where the folder is made anew with other numbers', async () => {
    const server = await startDovecot()
    try {
      const post = (id: string, at: number): void =>
        server.deliver([{ mail: writeMail({ id, subject: id, date: at }), at }])
      for (let day = 0; day < 5; day++) post(`day-${day}@x`, testNow + day * 24 * 3_600_000)
      const source = open(server)
      const before = await Array.fromAsync(source.since({}))
      await source.close()
      server.renumber()
      post('new@x', testNow + 5 * 24 * 3_600_000)
      const again = open(server)
      const after = await Array.fromAsync(again.since({ cursor: before.at(-1)?.cursor ?? '' }))
      await again.close()
      expect(after.map(({ id }) => id)).toEqual(['day-3@x', 'day-4@x', 'new@x'])
    } finally {
      await server.close()
    }
  })

  it('tells of a mail when it comes, and ends when it is told to', async () => {
    const server = await startDovecot()
    const stop = new AbortController()
    try {
      let news = 0
      const failures: unknown[] = []
      const watching = watchImapFolder(
        { ...optionsOf(server), signal: stop.signal },
        { onNews: () => news++, onFailure: (error) => failures.push(error) },
      )
      const started = performance.now()
      for (let tries = 0; news === 0 && tries < 100; tries++) {
        if (tries % 20 === 10) server.deliver([{ mail: writeMail({ id: `${tries}@x`, subject: 'a' }), at: testNow }])
        await sleep(200)
      }
      expect(news).toBeGreaterThan(0)
      expect(performance.now() - started).toBeLessThan(15_000)
      stop.abort()
      await watching
      expect(failures).toEqual([])
    } finally {
      stop.abort()
      await server.close()
    }
  })

  it('says why a server does not let us in, and connects anew when it is back', async () => {
    const server = await startDovecot()
    try {
      const wrong = openImapFolder({ ...optionsOf(server), user: 'nobody' })
      await expect(wrong.find('a@x')).rejects.toMatchObject({ code: 'unavailable' })
      const none = openImapFolder({ ...optionsOf(server), folder: 'Lamps' })
      await expect(none.find('a@x')).rejects.toMatchObject({ code: 'unavailable' })
      const strict = openImapFolder({ ...optionsOf(server), tls: 'starttls' })
      await expect(strict.find('a@x')).rejects.toMatchObject({ code: 'unavailable' })
      server.deliver([{ mail: writeMail({ id: 'a@x', subject: 'a' }), at: testNow }])
      const source = open(server)
      expect(await source.find('a@x')).toMatchObject({ kind: 'message' })
      await source.close()
      expect(await source.find('a@x')).toMatchObject({ kind: 'message' })
      await source.close()
    } finally {
      await server.close()
    }
  })

  const optionsOf = (server: Dovecot): Parameters<typeof openImapFolder>[0] => ({
    name: 'boards',
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    caFile: null,
    user: server.user,
    passwordFile: server.passwordFile,
    folder: 'INBOX',
    clock: () => testNow,
    signal: new AbortController().signal,
  })
})
