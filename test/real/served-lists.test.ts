import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { archiveSchema } from '../../src/app/bot/archive-config.ts'
import { openLists, openMailParser, openNetwork } from '../../src/app/wire.ts'
import { createHistoryReader } from '../../src/git/history-reader.ts'
import type { Arrival, MailSource } from '../../src/ports.ts'
import { openLoreArchive } from '../../src/sources/lore-git.ts'
import { openLoreHttp } from '../../src/sources/lore-http.ts'
import { createWeb } from '../../src/sources/web.ts'
import { addToMirror } from '../support/mirror.ts'
import { testNow, writeMail } from '../support/mails.ts'
import { hasPublicInbox, startPublicInbox } from '../support/public-inbox.ts'
import { describeWatchedList } from '../ports/watched-list.ts'
import { rawMails } from './archive.ts'
import { describeReal } from './support.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-served-'))
afterAll(() => removeDirectory(top))

function openServed(url: string, clock: () => number): MailSource {
  const cacheDirectory = mkdtempSync(join(top, 'cache-'))
  const { signal } = new AbortController()
  const web = createWeb({ userAgent: 'kbuild-review test', pauseMs: 0, clock, signal, directory: cacheDirectory })
  return openLoreHttp({ url, name: 'served', web, clock, everyMs: 0, cacheDirectory })
}

describe.skipIf(!hasPublicInbox())('a list that public-inbox-httpd serves (Debian package public-inbox)', () => {
  describeWatchedList(async () => {
    const inbox = await startPublicInbox(['boards'])
    const mirror = inbox.directory('boards')
    return {
      put: (mails) => {
        addToMirror(
          mirror,
          0,
          mails.map(({ mail, at }) => ({ kind: 'mail', mail, postedAt: at })),
        )
        inbox.index('boards')
        return Promise.resolve()
      },
      open: () => Promise.resolve(openServed(`${inbox.url}boards/`, () => testNow + 24 * 3_600_000)),
      close: inbox.close,
    }
  })
})

describe.skipIf(!hasPublicInbox())('a mirror of a list that public-inbox-httpd serves', () => {
  it('is cloned, fetched, and gets an epoch that begins later', async () => {
    const inbox = await startPublicInbox(['boards'])
    const parser = openMailParser()
    try {
      let now = testNow
      const surroundings = { env: process.env, cacheDirectory: join(top, 'fetched-cache'), clock: () => now }
      const network = await openNetwork(surroundings, { pauseMs: 0, signal: new AbortController().signal })
      const mirror = join(top, 'fetched')
      const archive = archiveSchema.parse({ mirror, from: `${inbox.url}boards/`, every: '1m' })
      const post = (epoch: number, id: string): void => {
        const mail = writeMail({ id, subject: id, date: testNow })
        addToMirror(inbox.directory('boards'), epoch, [{ kind: 'mail', mail, postedAt: testNow }])
        inbox.index('boards')
      }
      const read = async (cursor?: string): Promise<readonly Arrival[]> => {
        const source = openLists({ boards: { archive } }, { ...surroundings, network }, parser).get('boards')
        return source === undefined ? [] : Array.fromAsync(source.since(cursor === undefined ? {} : { cursor }))
      }
      post(0, 'one@x')
      const first = await read()
      now += 60_000
      post(0, 'two@x')
      post(1, 'three@x')
      const second = await read(first.at(-1)?.cursor)
      expect([...first, ...second].map(({ id }) => id)).toEqual(['one@x', 'two@x', 'three@x'])
    } finally {
      await parser.close()
      await inbox.close()
    }
  })
})

describeReal('a list as git has it and as it is served', ['KBUILD_REVIEW_LORE'], (lore) => {
  it.skipIf(!hasPublicInbox())('has the same mails, byte for byte, and the same threads', async ({ annotate }) => {
    const mails = (await rawMails(join(lore, 'linux-kbuild'))).slice(-1000)
    const inbox = await startPublicInbox(['kbuild'])
    try {
      const mirror = inbox.directory('kbuild')
      const epoch = join(mirror, 'git', '0.git')
      addToMirror(mirror, 0, [])
      execFileSync('git', ['--git-dir', epoch, 'fast-import', '--quiet', '--date-format=raw'], {
        input: Buffer.concat(mails.map(({ raw }, at) => importOf(raw, at))),
      })
      inbox.index('kbuild')
      const local = await openLoreArchive({
        directory: mirror,
        name: 'kbuild',
        reader: createHistoryReader(process.env),
        cacheDirectory: join(top, 'cache'),
        clock: Date.now,
      })
      const served = openServed(`${inbox.url}kbuild/`, Date.now)
      const started = performance.now()
      const arrivals = await Array.fromAsync(allOf(served))
      const ms = Math.round(performance.now() - started)
      const texts = new Map(
        arrivals.map(({ id, result }) => [id, result.kind === 'message' ? trimmed(result.message.raw) : '']),
      )
      let compared = 0
      for await (const { id, result } of local.since({})) {
        if (result.kind !== 'message' || result.message.headers.every(([name]) => name !== 'message-id')) continue
        compared++
        expect(texts.get(id), id ?? '').toBe(trimmed(result.message.raw))
      }
      const sample = arrivals.filter((_, at) => at % 50 === 0)
      for (const { id } of sample) {
        const [one, other] = [await local.thread(id ?? ''), await served.thread(id ?? '')]
        const missing = one.map((message) => message.id).filter((each) => other.every((message) => message.id !== each))
        expect(missing, id ?? '').toEqual([])
      }
      await annotate(`${compared} mails of ${arrivals.length} served, read in ${ms} ms; ${sample.length} threads`)
    } finally {
      await inbox.close()
    }
  })
})

/** A look reads so many mails at most; the next goes on behind them. */
async function* allOf(source: MailSource): AsyncGenerator<Arrival> {
  let cursor: string | undefined
  for (let last: string | undefined = ''; last !== cursor;) {
    last = cursor
    for await (const arrival of source.since(cursor === undefined ? {} : { cursor })) {
      cursor = arrival.cursor
      yield arrival
    }
  }
}

/** Blank lines part the mails of an mbox. */
function trimmed(raw: Uint8Array): string {
  return Buffer.from(raw).toString('latin1').trimEnd()
}

function importOf(raw: Buffer, at: number): Buffer {
  const head = `commit refs/heads/master\nauthor A <a@x> ${1_000_000_000 + at} +0000\ncommitter A <a@x> ${1_000_000_000 + at} +0000\ndata 1\nx\ndeleteall\nM 100644 inline m\ndata ${raw.length}\n`
  return Buffer.concat([Buffer.from(head), raw, Buffer.from('\n')])
}
