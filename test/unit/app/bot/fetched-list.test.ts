import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../../src/processes/remove-directory.ts'
import { archiveSchema } from '../../../../src/app/bot/archive-config.ts'
import { openLists, openMailParser, openNetwork } from '../../../../src/app/wire.ts'
import type { MailSource } from '../../../../src/ports.ts'
import { startArchiveServer, type ArchiveServer } from '../../../support/archive-server.ts'
import { testNow, writeMail } from '../../../support/mails.ts'
import { addToMirror } from '../../../support/mirror.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-fetched-'))
const parser = openMailParser()
afterAll(async () => {
  await parser.close()
  removeDirectory(top)
})
let server: ArchiveServer
/** What the server has, and what we have of it. */
let served: string
let mirror: string
let cacheDirectory: string
let now: number
let isDown: boolean
beforeEach(async () => {
  const directory = mkdtempSync(join(top, 'case-'))
  served = join(directory, 'served')
  mirror = join(directory, 'mirror')
  cacheDirectory = join(directory, 'cache')
  now = testNow
  isDown = false
  mkdirSync(served)
  server = await startArchiveServer()
  server.trouble = ({ url = '' }, response) => {
    const path = url.replace('/boards/', '').replace(/\?.*/, '')
    if (isDown) response.writeHead(503).end()
    else if (path === 'manifest.js.gz') response.end(gzipSync(manifest()))
    // git's dumb protocol: files
    else if (existsSync(join(served, path)) && !path.endsWith('/')) response.end(readFileSync(join(served, path)))
    else response.writeHead(404).end()
    return true
  }
})
afterEach(() => server.close())

/** As PublicInbox::ManifestJsGz writes it: a list's epochs, by the path of each. */
function manifest(): string {
  const epochs = readdirSync(join(served, 'git')).map((name) => {
    const fingerprint = execFileSync('git', ['--git-dir', join(served, 'git', name), 'rev-parse', 'HEAD']).toString()
    return [`/boards/git/${name}`, { fingerprint: fingerprint.trim(), modified: 1, reference: null }]
  })
  return JSON.stringify(Object.fromEntries([...epochs, ['/other/git/7.git', {}]]))
}

function post(epoch: number, ...names: readonly string[]): void {
  const mails = names.map((id) => ({
    kind: 'mail' as const,
    mail: writeMail({ id, subject: `[PATCH] ${id}`, date: now }),
    postedAt: now,
  }))
  const repository = addToMirror(served, epoch, mails)
  execFileSync('git', ['--git-dir', repository, 'update-server-info'])
}

const open = async (more: object = {}): Promise<MailSource> => {
  const surroundings = { env: process.env, cacheDirectory, clock: () => now }
  const { signal } = new AbortController()
  const network = await openNetwork(surroundings, { pauseMs: 0, signal })
  const archive = archiveSchema.parse({ mirror, from: server.url, every: '1m', ...more })
  const list = openLists({ boards: { archive } }, { ...surroundings, network }, parser).get('boards')
  if (list === undefined) throw new Error('no list')
  return list
}
const read = async (cursor: string | null = null): Promise<{ ids: (string | null)[]; cursor: string | null }> => {
  const source = await open()
  const ids: (string | null)[] = []
  let last = cursor
  for await (const arrival of source.since(cursor === null ? {} : { cursor })) {
    ids.push(arrival.id)
    last = arrival.cursor
  }
  return { ids, cursor: last }
}

describe('a mirror that is fetched', { timeout: 120_000 }, () => {
  it('is cloned, kept up to date, and gets epochs that begin later', async () => {
    post(0, 'one@x', 'two@x')
    const first = await read()
    expect(first.ids).toEqual(['one@x', 'two@x'])
    now += 60_000
    post(0, 'three@x')
    post(1, 'four@x')
    const second = await read(first.cursor)
    expect(second.ids).toEqual(['three@x', 'four@x'])
    expect(readdirSync(join(mirror, 'git')).sort()).toEqual(['0.git', '1.git'])
    now += 60_000
    const asked = server.asked.length
    expect((await read(second.cursor)).ids).toEqual([])
    // nothing is new, so that the manifest alone is asked for
    expect(server.asked.slice(asked)).toEqual(['/boards/manifest.js.gz'])
  })

  it('is asked for no more than it may', async () => {
    post(0, 'one@x')
    const { cursor } = await read()
    post(0, 'two@x')
    now += 59_000
    expect((await read(cursor)).ids).toEqual([])
    now += 1000
    expect((await read(cursor)).ids).toEqual(['two@x'])
  })

  it('is asked for at once where it must be known what it has', async () => {
    post(0, 'one@x')
    const list = await open({ every: '2h' })
    expect(await list.find('one@x')).not.toBeNull()
    now += 3_600_000
    post(0, 'two@x')
    expect(await list.find('two@x')).toBeNull()
    expect(await list.knownUntil?.()).toBe(now)
    expect(await list.find('two@x')).not.toBeNull()
    isDown = true
    await expect(list.knownUntil?.()).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('begins with the newest epochs', async () => {
    post(0, 'old@x')
    post(1, 'one@x')
    expect((await read()).ids).toEqual(['one@x'])
  })

  it('takes over a history that was rewritten, and loses nothing of it', async () => {
    post(0, 'one@x', 'two@x')
    const { cursor } = await read()
    removeDirectory(join(served, 'git', '0.git'))
    now += 60_000
    post(0, 'one@x')
    post(0, 'three@x')
    expect((await read(cursor)).ids).toEqual(expect.arrayContaining(['three@x']))
  })

  it('fails while the server is away, gives what is here, and goes on when it is back', async () => {
    isDown = true
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' })
    isDown = false
    post(0, 'one@x')
    const source = await open()
    const { cursor } = await read()
    isDown = true
    now += 60_000
    const ids: (string | null)[] = []
    const reading = async (): Promise<void> => {
      for await (const { id } of source.since({})) ids.push(id)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'unavailable' })
    expect(ids).toEqual(['one@x'])
    expect((await source.thread('one@x')).map(({ id }) => id)).toEqual(['one@x'])
    // what is not here may be there
    await expect(source.find('two@x')).rejects.toMatchObject({ code: 'unavailable' })
    isDown = false
    post(0, 'two@x')
    expect(await source.find('two@x')).toMatchObject({ kind: 'message' })
    expect((await read(cursor)).ids).toEqual(['two@x'])
  })

  it('leaves nothing half where a clone is cut', async () => {
    post(0, 'one@x')
    const whole = server.trouble
    let left = 2
    server.trouble = (request, response) => {
      if (request.url?.includes('.git/') !== true || left-- > 0) return whole(request, response)
      response.destroy()
      return true
    }
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' })
    expect(readdirSync(join(mirror, 'git'))).toEqual([])
    server.trouble = whole
    expect((await read()).ids).toEqual(['one@x'])
  })
})
