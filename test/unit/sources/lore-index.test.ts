import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { createHistoryReader } from '../../../src/git/history-reader.ts'
import type { HistoryReader } from '../../../src/ports.ts'
import { indexEpoch } from '../../../src/sources/lore-index.ts'
import type { EpochIndex } from '../../../src/sources/lore-index.ts'
import { writeMail } from '../../support/mails.ts'
import { addToMirror } from '../../support/mirror.ts'
import type { MirrorStep } from '../../support/mirror.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-index-'))
afterAll(() => removeDirectory(top))

const day = 24 * 60 * 60 * 1000
const start = Date.UTC(2025, 0, 10)
const step = (id: string, change: Partial<MirrorStep> = {}): MirrorStep => ({
  kind: 'mail',
  mail: writeMail({ id, subject: `[PATCH] ${id}`, references: ['root@x'], inReplyTo: 'parent@x' }),
  postedAt: start,
  ...change,
})

let mirror: string
let cacheDirectory: string
/** How many blobs the index asked for. */
let asked: number
beforeEach(() => {
  mirror = mkdtempSync(join(top, 'mirror-'))
  cacheDirectory = mkdtempSync(join(top, 'cache-'))
  asked = 0
})

const plain = createHistoryReader(process.env)
const reader: HistoryReader = {
  ...plain,
  blobs: (repository, ids) => {
    asked += ids.length
    return plain.blobs(repository, ids)
  },
}
const add = (...steps: MirrorStep[]): string => addToMirror(mirror, 0, steps)
const index = (progress?: (done: number) => void): Promise<EpochIndex | null> =>
  indexEpoch(
    { epoch: 0, repository: join(mirror, 'git', '0.git') },
    { reader, cacheDirectory, ...(progress && { progress: ({ done }) => progress(done) }) },
  )
const ids = (made: EpochIndex | null): string[] => (made?.entries ?? []).map(({ id }) => id)
const file = (): string => join(cacheDirectory, 'lore', readdirSync(join(cacheDirectory, 'lore'))[0] ?? '')

describe('the index of an epoch', () => {
  it('knows of each mail its place, time, subject and what it follows', async () => {
    const repository = add(step('one@x'))
    const git = (name: string): string =>
      execFileSync('git', ['--git-dir', repository, 'rev-parse', name], { encoding: 'utf8' }).trim()
    expect(await index()).toEqual({
      head: git('HEAD'),
      deleted: [],
      entries: [
        {
          id: 'one@x',
          commit: git('HEAD'),
          blob: git('HEAD:m'),
          date: start,
          subject: '[PATCH] one@x',
          follows: ['root@x', 'parent@x'],
        },
      ],
    })
  })

  it('keeps few of very many references, also where an earlier one was written with all', async () => {
    const references = Array.from({ length: 3000 }, (_, at) => `root-${at}@x`)
    const few = ['root-0@x', ...references.slice(-100)]
    const mail = writeMail({ id: 'bomb@x', subject: 'lamps', references, inReplyTo: 'root-2999@x' })
    add({ kind: 'mail', mail, postedAt: start })
    expect((await index())?.entries[0]?.follows).toEqual(few)
    const written = readFileSync(file(), 'utf8')
    writeFileSync(file(), written.replace(JSON.stringify(few), JSON.stringify(references)))
    expect((await index())?.entries[0]?.follows).toEqual(few)
  })

  it('takes for the time of a mail its Date, but not one far past its arrival', async () => {
    add(
      step('late@x', { arrivedAt: start + 30 * day }),
      step('future@x', { postedAt: start + 30 * 365 * day, arrivedAt: start + day }),
    )
    expect((await index())?.entries.map(({ date }) => date)).toEqual([start, start + day])
  })

  it('is kept, and reads only what is new', async () => {
    add(step('one@x'), step('two@x'))
    await index()
    expect(asked).toBe(2)
    expect(ids(await index())).toEqual(['one@x', 'two@x'])
    expect(asked).toBe(2)
    add(step('three@x'))
    expect(ids(await index())).toEqual(['one@x', 'two@x', 'three@x'])
    expect(asked).toBe(3)
  })

  it('is made anew where history was rewritten', async () => {
    add(step('one@x'), step('secret@x'))
    await index()
    removeDirectory(mirror)
    add(step('one@x'), step('other@x'))
    expect(ids(await index())).toEqual(['one@x', 'other@x'])
  })

  it('lists the blobs of mails that were deleted', async () => {
    const spam = step('spam@x')
    const repository = add(step('one@x'), spam, { ...spam, kind: 'delete' })
    const blob = execFileSync('git', ['--git-dir', repository, 'rev-parse', 'HEAD:d'], { encoding: 'utf8' }).trim()
    expect(await index()).toMatchObject({ deleted: [blob], entries: [{ id: 'one@x' }, { id: 'spam@x', blob }] })
  })

  it('is none where an epoch has no commit', async () => {
    add()
    expect(await index()).toBeNull()
  })

  it('says how far it is', async () => {
    add(...Array.from({ length: 3 }, (_, at) => step(`${at}@x`)))
    const heard: number[] = []
    await index((done) => heard.push(done))
    expect(heard).toEqual([3])
  })

  it.each([
    ['cut off', (text: string) => text.slice(0, text.length - 40)],
    ['cut off at a line', (text: string) => `${text.split('\n').slice(0, 2).join('\n')}\n`],
    ['empty', () => ''],
    ['something else', () => '[]\n'],
    ['binary', () => '\0\0\0'],
  ])('is made anew where its file is %s', async (_, damage) => {
    add(step('one@x'), step('two@x'))
    const whole = await index()
    writeFileSync(file(), damage(readFileSync(file(), 'utf8')))
    expect(await index()).toEqual(whole)
    expect(await index()).toEqual(whole)
    expect(asked).toBe(4)
  })

  it('can be made by many at once, and leaves one file', async () => {
    add(...Array.from({ length: 50 }, (_, at) => step(`${at}@x`)))
    const made = await Promise.all(Array.from({ length: 8 }, () => index()))
    for (const one of made) expect(ids(one)).toHaveLength(50)
    expect(readdirSync(join(cacheDirectory, 'lore'))).toHaveLength(1)
    expect(ids(await index())).toHaveLength(50)
  })

  it('removes what a killed process left, once that is old', async () => {
    add(step('one@x'))
    await index()
    const [left, young] = ['old', 'young'].map((name) => `${file()}.${name}.tmp`)
    for (const path of [left, young]) writeFileSync(path ?? '', 'half an ind')
    utimesSync(left ?? '', 0, 0)
    add(step('two@x'))
    await index()
    expect(readdirSync(join(cacheDirectory, 'lore')).filter((name) => name.endsWith('.tmp'))).toEqual([
      expect.stringContaining('young'),
    ])
  })
})
