import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/mail/message.ts'
import { assembleSeries, seriesOf } from '../../../src/series/assemble.ts'
import type { Series } from '../../../src/series/series.ts'
import { readMail, writeMail, type MailParts } from '../../support/mails.ts'
import { cpuMs } from './cpu-time.ts'
import { fc } from '../../support/random.ts'

const casesPath = join(import.meta.dirname, 'cases')
const cases = readdirSync(casesPath).sort()

/** The mails of a case: a mailbox, as an archive gives it. */
async function mailsOf(name: string): Promise<readonly Message[]> {
  const mbox = readFileSync(join(casesPath, name, 'mails.mbox'), 'utf8')
  const raw = mbox.split(/^From mboxrd@z .*\n/mu).slice(1)
  return await Promise.all(raw.map(readMail))
}

/** Series as text: all that assembling decides, a line each. */
function print(all: readonly Series[]): string {
  return all.map((series) => `${printOne(series).join('\n  ')}\n`).join('\n')
}

function printOne(series: Series): readonly string[] {
  const { base } = series
  const line = (name: string, value: string | null): readonly string[] =>
    value === null || value === '' ? [] : [`${name} ${value}`]
  return [
    `v${series.version} ${series.patches.length}/${series.expected} ${series.subject} <${series.id}>`,
    ...line('prefixes', series.prefixes.join(' ')),
    ...line('cover', series.cover === null ? null : `<${series.cover.envelope.id}> ${series.cover.title}`),
    ...series.patches.flatMap((patch) => [
      `${patch.index}/${patch.total} <${patch.envelope.id}> ${patch.title}`,
      ...patch.trailers
        .filter(({ from }) => from !== null)
        .map(({ name, value, from }) => `    ${name}: ${value} <${from ?? ''}>`),
    ]),
    ...line('missing', series.missing.join(' ')),
    ...line('base', base.commit),
    ...line('branch', base.branch),
    ...line('prerequisites', [...base.prerequisites, ...base.prerequisitePatchIds].join(' ')),
    ...line('change-id', series.changeId),
    ...line('reroll of', series.rerollOf === null ? null : `<${series.rerollOf}>`),
    ...line('superseded by', series.supersededBy === null ? null : `<${series.supersededBy}>`),
    ...series.inferred.map((sentence) => `! ${sentence}`),
  ]
}

/** A patch of one file, as a mail. */
const patchMail = (parts: MailParts): string =>
  writeMail({
    ...parts,
    body: 'Missing.\n---\n--- a/drivers/clk/Makefile\n+++ b/drivers/clk/Makefile\n@@ -1 +1,2 @@\n obj-y += clk.o\n+obj-y += gate.o\n',
  })

describe('assembleSeries', () => {
  it.each(cases)('%s', async (name) => {
    const expected = join(casesPath, name, 'expected.txt')
    // A new case starts with an empty file and `vitest -u`: one that is forgotten must fail.
    expect(existsSync(expected)).toBe(true)
    await expect(print(assembleSeries(await mailsOf(name)))).toMatchFileSnapshot(expected)
  })

  it('gives the same whatever the order of the mails, and with mails given twice', async () => {
    const mails = (await Promise.all(cases.map(mailsOf))).flat()
    const expected = assembleSeries(mails)
    const shuffled = fc.tuple(fc.shuffledSubarray([...mails], { minLength: mails.length }), fc.subarray([...mails]))
    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        expect(assembleSeries([...all, ...again])).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it('knows a higher version by its name, whatever became of its patches', async () => {
    const post = (version: number, subjects: readonly string[]): readonly string[] =>
      subjects.map((subject, at) =>
        patchMail({
          id: `v${version}-${at}@desk`,
          subject,
          date: Date.UTC(2025, 0, version),
          references: at === 0 ? [] : [`v${version}-0@desk`],
        }),
      )
    const versions = [
      post(1, ['[PATCH] Clocks that stop']),
      post(2, ['[PATCH v2 0/4] Clocks that stop', ...[1, 2, 3, 4].map((n) => `[PATCH v2 ${n}/4] clk: part ${n}`)]),
      post(3, ['[PATCH v3 0/1] Clocks that stop', '[PATCH v3 1/1] clk: all of it']),
    ]
    const unnamed = [
      post(4, ['[PATCH 1/3] fan: turn', '[PATCH 2/3] fan: stop', '[PATCH 3/3] fan: count']),
      post(5, ['[PATCH v2 1/3] fan: turn', '[PATCH v2 2/3] fan: stop it', '[PATCH v2 3/3] fan: count on']),
      post(6, ['[PATCH v3] fan: turn']),
    ]
    const of = async (all: readonly (readonly string[])[]): Promise<readonly (string | null)[]> =>
      assembleSeries(await Promise.all(all.flat().map(readMail))).map(({ supersededBy }) => supersededBy)
    expect(await of(versions)).toEqual(['v3-0@desk', 'v3-0@desk', null])
    expect(await of(unnamed.slice(0, 2))).toEqual(['v5-0@desk', null])
    expect((await of(unnamed.slice(1)))[0]).toBe('v6-0@desk')
  })

  it('takes any mails in any order, and puts every patch into one series', async () => {
    const id = fc.constantFrom(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}@desk`))
    const subject = fc.constantFrom(
      ...[
        '[PATCH 0/2] x',
        '[PATCH 1/2] x',
        '[PATCH v2 2/2] y',
        '[PATCH] x',
        '[PATCH v2] x',
        '[PATCH v2.1 1/2] x',
        '[PATCH 3/2] y',
      ],
      ...['Re: [PATCH] x', '[RFC] y', '[PATCH 9999/9999] x', '[PATCH 0.5/2] y', '[PATCH 6.6 1/2] x', 'x', ''],
    )
    const parts = fc.record({
      id,
      subject,
      date: fc.constantFrom(0, 1, 2, 200).map((minutes) => Date.UTC(2025, 0, 6) + minutes * 60_000),
      from: fc.constantFrom('Ada <ada@example.org>', 'Grace <grace@example.org>'),
      references: fc.array(id, { maxLength: 3 }),
    })
    const mails = fc.uniqueArray(parts, { selector: (part) => part.id })
    const order = fc.array(fc.nat(100), { minLength: 7, maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(mails, order, async (all, weights) => {
        const messages = await Promise.all(all.map((part) => readMail(patchMail(part))))
        const series = assembleSeries(messages)
        const shuffled = messages.toSorted(
          (a, b) => (weights[messages.indexOf(a)] ?? 0) - (weights[messages.indexOf(b)] ?? 0),
        )
        expect(assembleSeries(shuffled)).toEqual(series)
        const placed = series.flatMap(({ id: own, rerollOf, cover, patches }) =>
          rerollOf === null ? [cover, ...patches].map((mail) => mail?.envelope.id) : [own],
        )
        const patches = all.filter((part) => /^\[PATCH(?! 0\/)/.test(part.subject)).map((part) => part.id)
        expect(patches.filter((one) => placed.filter((other) => other === one).length > 1)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('looks at the newest mails where there are too many, and says so', async () => {
    const mails = await Promise.all(
      [1, 2, 3].map((day) =>
        readMail(patchMail({ id: `${day}@desk`, subject: `[PATCH] clk: gate ${day}`, date: Date.UTC(2025, 0, day) })),
      ),
    )
    const series = assembleSeries(mails, { maxMessages: 2 })
    expect(series.map(({ id, inferred }) => [id, ...inferred])).toEqual([
      ['2@desk', '1 mails older than the newest 2 were not looked at'],
      ['3@desk', '1 mails older than the newest 2 were not looked at'],
    ])
  })

  it('leaves out the patches of a series past the limit, and says so', async () => {
    const mails = await Promise.all(
      [1, 2, 3].map((at) =>
        readMail(patchMail({ id: `${at}@desk`, subject: `[PATCH ${at}/3] clk: gate ${at}`, references: ['0@desk'] })),
      ),
    )
    const [series] = assembleSeries(mails, { maxPatches: 2 })
    expect(series?.patches.map(({ index }) => index)).toEqual([1, 2])
    expect(series?.inferred).toEqual(['3 patches: those past the first 2 are left out'])
    expect(series?.missing).toEqual([])
  })

  it.each([
    ['one place, over and over', (): string => '[PATCH 1/2] clk: gate'],
    ['versions of one patch', (at: number): string => `[PATCH v${at % 900} 1/2] clk: gate`],
    ['patches without numbers', (): string => '[PATCH] clk: gate'],
    ['places of one series', (at: number): string => `[PATCH ${at + 1}/9999] clk: gate ${at}`],
  ])('takes 2,000 mails of %s within seconds', async (_, subject) => {
    const mails = await Promise.all(
      Array.from({ length: 2000 }, (_mail, at) => {
        const references = at === 0 ? [] : [`${at - 1}@desk`]
        return readMail(
          patchMail({ id: `${at}@desk`, subject: subject(at), date: Date.UTC(2025, 0, 1, 0, at), references }),
        )
      }),
    )
    expect(cpuMs(() => assembleSeries(mails))).toBeLessThan(10_000)
  })
})

describe('seriesOf', () => {
  const find = async (name: string, id: string): Promise<string | undefined> => seriesOf(id, await mailsOf(name))?.id
  const v1 = '20250106100000.1-1-ada@example.org'
  const v2 = '20250106100000.2-1-ada@example.org'

  it('finds the series of a cover letter, of a patch and of a reply to one', async () => {
    expect(await find('partial-reroll', v1)).toBe(v1)
    expect(await find('partial-reroll', 'r1@alley')).toBe(v1)
    expect(await find('partial-reroll', v2)).toBe(v2)
    expect(await find('partial-reroll', 'r3@alley')).toBe(v2)
  })

  it('finds the posting of a patch, not a reroll that took it over', async () => {
    expect(await find('partial-reroll', '20250106100000.1-4-ada@example.org')).toBe(v1)
  })

  it('finds nothing for a mail that is not there or in no series', async () => {
    expect(await find('partial-reroll', 'nowhere@desk')).toBeUndefined()
    expect(await find('no-series', 'pull@desk')).toBeUndefined()
  })
})
