import { fork } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { createHistoryReader } from '../../src/git/history-reader.ts'
import type { MailSource } from '../../src/ports.ts'
import { openLoreArchive } from '../../src/sources/lore-git.ts'
import { countCommits } from './archive.ts'
import { describeReal } from './support.ts'

const reader = createHistoryReader(process.env)

describeReal('the mirrors of the archives', ['KBUILD_REVIEW_LORE'], (lore) => {
  const top = mkdtempSync(join(tmpdir(), 'kbuild-review-mirrors-'))
  afterAll(() => removeDirectory(top))
  const open = (list: string, cacheDirectory: string): Promise<MailSource> =>
    openLoreArchive({ directory: join(lore, list), name: list, reader, cacheDirectory, clock: Date.now })

  it.each(['linux-kbuild', 'live-patching'])('give each mail of %s once, and go on behind a cursor', async (list) => {
    const source = await open(list, top)
    const cursors: string[] = []
    for await (const { result, cursor } of source.since({})) {
      expect(result.kind).toBe('message')
      cursors.push(cursor)
    }
    expect(cursors).toHaveLength(await countCommits(join(lore, list)))
    const rest = await Array.fromAsync(source.since({ cursor: cursors.at(-101) ?? '' }))
    expect(rest.map(({ cursor }) => cursor)).toEqual(cursors.slice(-100))
  })

  it('hold the thread of the klp-convert series, its seventh patch of six included', async () => {
    const source = await open('live-patching', top)
    const thread = await source.thread('20240827123052.9002-1-lhruska@suse.cz')
    const patches = thread.flatMap(({ subject }) => /^\[PATCH v3 (\d)\/6/.exec(subject)?.[1] ?? [])
    expect(patches.sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
    for (const { id } of thread)
      expect((await source.thread(id)).map((message) => message.id)).toEqual(thread.map((message) => message.id))
  })

  it('are indexed in seconds, and found again from what was kept', async ({ annotate }) => {
    const cacheDirectory = mkdtempSync(join(top, 'timed-'))
    const measure = async (): Promise<number> => {
      const started = performance.now()
      const source = await open('linux-kbuild', cacheDirectory)
      expect(await source.find('nobody@nowhere')).toBeNull()
      return Math.round(performance.now() - started)
    }
    const [cold, warm] = [await measure(), await measure()]
    await annotate(`cold ${cold} ms, warm ${warm} ms`)
    expect(cold).toBeLessThan(20_000)
    expect(warm).toBeLessThan(cold)
  })

  it('are indexed right although others that did it were killed', async () => {
    const cacheDirectory = mkdtempSync(join(top, 'killed-'))
    const script = join(import.meta.dirname, 'index-archive.ts')
    for (const delay of [200, 500, 800, 1100, 1400, 1700]) {
      const child = fork(script, [join(lore, 'live-patching'), cacheDirectory], { stdio: 'ignore' })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await new Promise((resolve) => setTimeout(resolve, delay))
      child.kill('SIGKILL')
      await ended
    }
    const other = await open('live-patching', mkdtempSync(join(top, 'other-')))
    const source = await open('live-patching', cacheDirectory)
    const ids = ['20240827123052.9002-1-lhruska@suse.cz', ...(await firstIds(source))]
    for (const id of ids) expect(await source.find(id)).toEqual(await other.find(id))
    expect(readdirSync(join(cacheDirectory, 'lore')).filter((name) => name.endsWith('.jsonl'))).toHaveLength(1)
  })
})

async function firstIds(source: MailSource): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of source.since({})) {
    if (id !== null) ids.push(id)
    if (ids.length === 20) break
  }
  return ids
}
