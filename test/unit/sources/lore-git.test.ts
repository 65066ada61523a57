import { cpSync, mkdtempSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { createHistoryReader } from '../../../src/git/history-reader.ts'
import type { Arrival, MailSource, Window } from '../../../src/ports.ts'
import { openLoreArchive } from '../../../src/sources/lore-git.ts'
import { testNow, writeMail } from '../../support/mails.ts'
import { addToMirror } from '../../support/mirror.ts'
import type { MirrorStep } from '../../support/mirror.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-lore-'))
afterAll(() => removeDirectory(top))

const hour = 60 * 60 * 1000
const start = Date.UTC(2025, 0, 10)
let mirror: string
let clock: number
beforeEach(() => {
  mirror = mkdtempSync(join(top, 'mirror-'))
  clock = testNow
})

const step = (id: string, hours: number, change: Partial<MirrorStep> = {}): MirrorStep => ({
  kind: 'mail',
  mail: writeMail({ id, subject: `[PATCH] ${id}`, date: start + hours * hour }),
  postedAt: start + hours * hour,
  ...change,
})
const open = (directory = mirror): Promise<MailSource> =>
  openLoreArchive({
    directory,
    name: 'boards',
    reader: createHistoryReader(process.env),
    cacheDirectory: join(top, 'cache'),
    clock: () => clock,
  })
const arrivals = async (window: Window, source?: MailSource): Promise<Arrival[]> =>
  Array.fromAsync((source ?? (await open())).since(window))
const ids = (list: readonly Arrival[]): (string | null)[] => list.map(({ id }) => id)

describe('a public-inbox mirror', () => {
  it('tells of each mail where it lies', async () => {
    addToMirror(mirror, 1, [step('one@x', 0)])
    const [one] = await arrivals({})
    expect(one?.result).toMatchObject({
      kind: 'message',
      message: {
        origin: {
          kind: 'archive',
          archive: 'boards',
          epoch: 1,
          commit: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
        },
      },
    })
  })

  it('goes on with mails that came later, a new epoch included', async () => {
    addToMirror(mirror, 0, [step('one@x', 0)])
    const before = await arrivals({})
    addToMirror(mirror, 0, [step('two@x', 1)])
    addToMirror(mirror, 1, [step('three@x', 2)])
    const after = await arrivals({ cursor: before.at(-1)?.cursor ?? '' })
    expect(ids(after)).toEqual(['two@x', 'three@x'])
    expect(await arrivals({ cursor: after.at(-1)?.cursor ?? '' })).toEqual([])
  })

  it('does not come back to an epoch that a window left out', async () => {
    addToMirror(mirror, 0, [step('one@x', 0), step('two@x', 1)])
    addToMirror(mirror, 1, [step('three@x', 20)])
    const before = await arrivals({ since: start + 10 * hour })
    expect(ids(before)).toEqual(['three@x'])
    addToMirror(mirror, 1, [step('late@x', 5)])
    // a mail that comes now is new, whatever its clock says
    expect(ids(await arrivals({ cursor: before.at(-1)?.cursor ?? '' }))).toEqual(['late@x'])
  })

  it('does not give, find or thread mails that were deleted from it', async () => {
    const spam = step('spam@x', 1)
    addToMirror(mirror, 0, [step('one@x', 0), spam])
    addToMirror(mirror, 1, [{ ...spam, kind: 'delete' }, step('two@x', 2)])
    const source = await open()
    expect(ids(await arrivals({}, source))).toEqual(['one@x', 'two@x'])
    expect(await source.find('spam@x')).toBeNull()
    expect(await source.thread('spam@x')).toEqual([])
  })

  it('loses no mail where history was rewritten behind the cursor', async () => {
    addToMirror(mirror, 0, [step('one@x', 0), step('secret@x', 1), step('two@x', 2)])
    const cursor = (await arrivals({})).at(-1)?.cursor ?? ''
    removeDirectory(mirror)
    addToMirror(mirror, 0, [step('one@x', 0), step('two@x', 2), step('three@x', 3)])
    expect(ids(await arrivals({ cursor }))).toEqual(['two@x', 'three@x'])
  })

  it('finds mails that come after it was opened', async () => {
    addToMirror(mirror, 0, [step('one@x', 0)])
    const source = await open()
    expect(await source.find('two@x')).toBeNull()
    addToMirror(mirror, 0, [
      step('two@x', 1, { mail: writeMail({ id: 'two@x', inReplyTo: 'one@x', date: start + hour }) }),
    ])
    expect(await source.find('two@x')).toMatchObject({ kind: 'message' })
    expect((await source.thread('one@x')).map(({ id }) => id)).toEqual(['one@x', 'two@x'])
  })

  it('is found in each of the shapes that mirrors have', async () => {
    const repository = addToMirror(mirror, 0, [step('one@x', 0)])
    const flat = mkdtempSync(join(top, 'flat-'))
    cpSync(repository, join(flat, '0.git'), { recursive: true })
    const bare = join(mkdtempSync(join(top, 'bare-')), 'boards.git')
    cpSync(repository, bare, { recursive: true })
    for (const directory of [flat, bare, repository])
      expect(ids(await arrivals({}, await open(directory)))).toEqual(['one@x'])
  })

  it('reads epochs by their number, not by their name', async () => {
    for (const epoch of [10, 9, 2]) addToMirror(mirror, epoch, [step(`${epoch}@x`, epoch)])
    expect(ids(await arrivals({}))).toEqual(['2@x', '9@x', '10@x'])
  })

  it('is refused where the directory is none, with its name', async () => {
    const empty = mkdtempSync(join(top, 'empty-'))
    await expect(open(empty)).rejects.toThrow(`\`${empty}\` is no public-inbox mirror`)
    await expect(open(join(empty, 'nowhere'))).rejects.toThrow(/is no public-inbox mirror/)
  })

  it('refuses a cursor of something else instead of giving everything again', async () => {
    addToMirror(mirror, 0, [step('one@x', 0)])
    for (const cursor of ['', '7', '{"0":"abc"}', '[]']) await expect(arrivals({ cursor })).rejects.toThrow(/cursor/)
  })

  it('can be left in the middle and read again from there', async () => {
    addToMirror(
      mirror,
      0,
      Array.from({ length: 30 }, (_, at) => step(`${at}@x`, at)),
    )
    let cursor = ''
    for await (const arrival of (await open()).since({})) {
      cursor = arrival.cursor
      if (arrival.id === '9@x') break
    }
    expect(ids(await arrivals({ cursor }))[0]).toBe('10@x')
  })

  it('gives a thread with answers that came more than a second after it was last looked at', async () => {
    addToMirror(mirror, 0, [step('one@x', 0)])
    const source = await open()
    expect(await source.thread('one@x')).toHaveLength(1)
    const mail = writeMail({ id: 'reply@x', inReplyTo: 'one@x', date: start + hour })
    addToMirror(mirror, 0, [step('reply@x', 1, { mail })])
    clock += 1000
    expect(await source.thread('one@x')).toHaveLength(2)
  })

  it('sees an epoch that begins after it was opened', async () => {
    addToMirror(mirror, 0, [step('one@x', 0)])
    const source = await open()
    await source.find('one@x')
    addToMirror(mirror, 1, [step('two@x', 1)])
    clock += 2000
    expect(ids(await arrivals({}, source))).toEqual(['one@x', 'two@x'])
    expect(await source.find('two@x')).toMatchObject({ kind: 'message' })
  })

  it('says so when it is no longer there, instead of having no news', async () => {
    addToMirror(mirror, 0, [step('one@x', 0)])
    const source = await open()
    renameSync(mirror, `${mirror}.moved`)
    await expect(arrivals({}, source)).rejects.toThrow(/is no public-inbox mirror/)
    await expect(source.find('one@x')).rejects.toThrow(/is no public-inbox mirror/)
  })
})
