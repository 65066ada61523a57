import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { archiveSchema, type ArchiveConfig } from '../../../src/app/bot/archive-config.ts'
import { createMailboxWatch, openNetwork, type MailboxWatch, type Surroundings } from '../../../src/app/wire.ts'
import { startImapServer, type ImapServer } from '../../support/imap-server.ts'
import { testNow, writeMail } from '../../support/mails.ts'

let top: string
let server: ImapServer
let stop: AbortController
let news: number
let watch: MailboxWatch
beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'kbuild-review-watch-'))
  server = await startImapServer()
  writeFileSync(join(top, 'password'), server.password)
  stop = new AbortController()
  news = 0
  const surroundings: Surroundings = { env: process.env, cacheDirectory: top, clock: () => testNow }
  const network = await openNetwork(surroundings, { pauseMs: 0, signal: stop.signal })
  watch = createMailboxWatch({ ...surroundings, network }, { onNews: () => news++, onFailure: () => undefined })
})
afterEach(async () => {
  stop.abort()
  await server.close()
  removeDirectory(top)
})

const archive = (): ArchiveConfig =>
  archiveSchema.parse({
    imap: {
      host: '127.0.0.1',
      port: server.port,
      tls: 'none',
      user: server.user,
      'password-file': join(top, 'password'),
    },
  })
const idles = (count: number): Promise<void> => expect.poll(() => server.idles(), { timeout: 10_000 }).toBe(count)

describe('the mailboxes of the lists', () => {
  it('are watched from when the configuration has them, each once, and no more when it has them no longer', async () => {
    watch.watch({})
    watch.watch({ 'boards@lists.example.org': { archive: archive() } })
    await idles(1)
    watch.watch({
      'boards@lists.example.org': { archive: archive() },
      'lamps@lists.example.org': { archive: archive() },
    })
    await idles(2)
    server.deliver([{ mail: writeMail({ id: 'one@x', subject: 'one', date: testNow }), at: testNow }])
    await expect.poll(() => news, { timeout: 10_000 }).toBe(2)
    watch.watch({ 'lamps@lists.example.org': { archive: archive() } })
    server.deliver([{ mail: writeMail({ id: 'two@x', subject: 'two', date: testNow }), at: testNow }])
    await expect.poll(() => news, { timeout: 10_000 }).toBe(3)
  })
})
