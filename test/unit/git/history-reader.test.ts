import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { createHistoryReader } from '../../../src/git/history-reader.ts'
import { addToMirror } from '../../support/mirror.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-history-'))
afterAll(() => removeDirectory(top))
const reader = createHistoryReader(process.env)
const seconds = (count: number): number => Date.UTC(2025, 0, 10) + count * 1000

const repository = addToMirror(join(top, 'boards'), 0, [
  { kind: 'mail', mail: 'first', postedAt: seconds(1), arrivedAt: seconds(10) },
  { kind: 'mail', mail: 'second\0\n', postedAt: seconds(2), arrivedAt: seconds(20) },
  { kind: 'delete', mail: 'first', postedAt: seconds(3), arrivedAt: seconds(30) },
])
const git = (...args: string[]): string =>
  execFileSync('git', ['--git-dir', repository, ...args], { encoding: 'utf8' }).trim()

async function history() {
  const head = (await reader.head(repository)) ?? ''
  return { head, commits: (await reader.commits(repository, { head, after: null })) ?? [] }
}
const texts = async (ids: readonly string[]): Promise<(string | null)[]> =>
  (await Array.fromAsync(reader.blobs(repository, ids))).map((blob) => blob && Buffer.from(blob).toString())

describe('the history of a repository', () => {
  it('has the head that git says, and none where there is no repository or no commit', async () => {
    expect(await reader.head(repository)).toBe(git('rev-parse', 'HEAD'))
    expect(await reader.head(join(top, 'nowhere'))).toBeNull()
    expect(await reader.head(addToMirror(join(top, 'empty'), 0, []))).toBeNull()
  })

  it('gives commits oldest first, with times and the blobs that they set or remove', async () => {
    const { commits } = await history()
    expect(commits.map(({ commit }) => commit)).toEqual(git('rev-list', '--reverse', 'HEAD').split('\n'))
    expect(commits.map(({ authoredAt, committedAt }) => [authoredAt, committedAt])).toEqual([
      [seconds(1), seconds(10)],
      [seconds(2), seconds(20)],
      [seconds(3), seconds(30)],
    ])
    const first = git('rev-parse', 'HEAD~2:m')
    expect(commits.map(({ files }) => [...files])).toEqual([
      [['m', first]],
      [['m', git('rev-parse', 'HEAD~1:m')]],
      [
        ['d', first],
        ['m', null],
      ],
    ])
  })

  it('gives what is behind a commit, nothing behind the head, and null behind one that is not in it', async () => {
    const { head, commits } = await history()
    const after = commits[1]?.commit ?? ''
    expect(await reader.commits(repository, { head, after })).toEqual(commits.slice(2))
    expect(await reader.commits(repository, { head, after: head })).toEqual([])
    expect(await reader.commits(repository, { head: after, after: head })).toBeNull()
    expect(await reader.commits(repository, { head, after: '0'.repeat(40) })).toBeNull()
  })

  it('gives blobs in the order asked for, null for what is not there, bytes as they are', async () => {
    const ids = [
      git('rev-parse', 'HEAD~1:m'),
      '0'.repeat(40),
      git('rev-parse', 'HEAD~2:m'),
      git('rev-parse', 'HEAD~1:m'),
    ]
    expect(await texts(ids)).toEqual(['second\0\n', null, 'first', 'second\0\n'])
    expect(await texts([])).toEqual([])
  })

  it('gives blobs of many sizes whole, however they come through the pipe', async () => {
    const sizes = [0, 1, 65_535, 65_536, 65_537, 3_000_000, 7]
    const directory = join(top, 'sizes')
    addToMirror(
      directory,
      0,
      sizes.map((size, at) => ({ kind: 'mail', mail: `${'x'.repeat(size)}${at}`, postedAt: seconds(at) })),
    )
    const sized = join(directory, 'git', '0.git')
    const head = (await reader.head(sized)) ?? ''
    const ids = ((await reader.commits(sized, { head, after: null })) ?? []).flatMap(
      ({ files }) => files.get('m') ?? [],
    )
    const blobs = await Array.fromAsync(reader.blobs(sized, ids))
    expect(blobs.map((blob) => blob?.length)).toEqual(sizes.map((size) => size + 1))
    expect(blobs.map((blob) => String.fromCharCode(blob?.at(-1) ?? 0)).join('')).toBe('0123456')
  })

  it('can be left in the middle of the blobs, and leaves no process', async () => {
    const id = git('rev-parse', 'HEAD~1:m')
    for await (const blob of reader.blobs(
      repository,
      Array.from({ length: 50_000 }, () => id),
    )) {
      expect(blob).not.toBeNull()
      break
    }
    const children = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'args='], { encoding: 'utf8' })
    expect(children).not.toContain('cat-file')
  })

  it('says what is wrong with a repository that is broken', async () => {
    const broken = join(top, 'broken.git')
    mkdirSync(broken)
    for (const directory of ['objects', 'refs']) mkdirSync(join(broken, directory))
    writeFileSync(join(broken, 'HEAD'), `${'1'.repeat(40)}\n`)
    await expect(reader.commits(broken, { head: '1'.repeat(40), after: null })).rejects.toThrow(/git --git-dir|log/)
    await expect(Array.fromAsync(reader.blobs(join(top, 'nowhere'), ['1'.repeat(40)]))).rejects.toThrow(/nowhere/)
  })
})
