import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { splitMbox } from '../../../src/sources/mbox.ts'
import { fc } from '../../support/random.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-mbox-'))
afterAll(() => removeDirectory(top))

const separator = 'From ada@example.org Tue Jan 14 09:30:00 2025\n'
const formatPatch = 'From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n'

async function* chunksOf(text: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size)
  await Promise.resolve()
}
async function split(text: string, { size = 7, maxBytes = 1000 } = {}): Promise<[number, string | null][]> {
  const mails = await Array.fromAsync(splitMbox(chunksOf(Buffer.from(text), size), { maxBytes }))
  return mails.map(({ line, raw }) => [line, raw && raw.toString()])
}
const texts = async (text: string): Promise<(string | null)[]> => (await split(text)).map(([, raw]) => raw)

/** What git mailsplit makes of the same mailbox. */
function gitSplit(text: string): string[] {
  const directory = mkdtempSync(join(top, 'split-'))
  execFileSync('git', ['mailsplit', '--keep-cr', `-o${directory}`], { input: text })
  return readdirSync(directory)
    .sort()
    .map((name) => readFileSync(join(directory, name), 'latin1').replace(/^From .*\n/, ''))
}

describe('a mailbox', () => {
  it('comes apart at its From lines, and says at which line each mail begins', async () => {
    const text = `${separator}Subject: one\n\nfirst\n\n${separator}Subject: two\n\nsecond\n`
    for (const size of [1, 7, 64, 1000]) {
      expect(await split(text, { size })).toEqual([
        [2, 'Subject: one\n\nfirst\n\n'],
        [7, 'Subject: two\n\nsecond\n'],
      ])
    }
  })

  it('takes the lines of git format-patch and of public-inbox', async () => {
    const archive = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n'
    expect(await texts(`${formatPatch}Subject: one\n\n${archive}Subject: two\n\n`)).toEqual([
      'Subject: one\n\n',
      'Subject: two\n\n',
    ])
  })

  it.each([
    'From here on the driver is built in.\n',
    'From now to 12:30:00 nothing happens\n',
    'From ada@example.org Tue Jan 14 09:30:00 2025 but no header follows\n\n',
    `${separator}\n`,
    'From\n',
    '>From ada@example.org Tue Jan 14 09:30:00 2025\n',
  ])('stays together at %j', async (line) => {
    expect(await texts(`${separator}Subject: one\n\nbefore\n${line}after\n`)).toEqual([
      `Subject: one\n\nbefore\n${line}after\n`,
    ])
  })

  it('loses the quoting of mboxrd where it is public-inbox that made it, and nowhere else', async () => {
    const quoted = 'Subject: one\n\n>From x\n>>From y\n> From z\n'
    expect(await texts(`From mboxrd@z Thu Jan  1 00:00:00 1970\n${quoted}`)).toEqual([
      'Subject: one\n\nFrom x\n>From y\n> From z\n',
    ])
    expect(await texts(`${separator}${quoted}`)).toEqual([quoted])
  })

  it('gives no bytes of a mail over the limit, and those of the next one', async () => {
    const big = `Subject: big\n\n${'x\n'.repeat(600)}`
    const wide = `Subject: wide\n\n${'x'.repeat(300_000)}\n`
    expect(
      await split(`${separator}${big}${separator}Subject: two\n\n${separator}${wide}${separator}Subject: four\n\n`, {
        size: 4096,
      }),
    ).toEqual([
      [2, null],
      [605, 'Subject: two\n\n'],
      [608, null],
      [612, 'Subject: four\n\n'],
    ])
  })

  it('is empty where nothing is in it', async () => {
    expect(await split('')).toEqual([])
    expect(await split(separator)).toEqual([])
  })

  it('comes apart where git mailsplit parts it', async () => {
    const line = fc.constantFrom(
      '',
      'text',
      ' From x',
      'From the start',
      'Subject: x',
      '---',
      '>From a@b Tue Jan 14 09:30:00 2025',
      'a\rb',
    )
    const mail = fc.tuple(fc.constantFrom(separator, formatPatch), fc.array(line, { maxLength: 6 }))
    const mailbox = fc
      .array(mail, { minLength: 1, maxLength: 4 })
      .map((mails) =>
        mails.map(([from, lines]) => `${from}Subject: x\n\n${lines.map((one) => `${one}\n`).join('')}`).join(''),
      )
    await fc.assert(
      fc.asyncProperty(mailbox, fc.integer({ min: 1, max: 100 }), async (text, size) => {
        expect((await split(text, { size })).map(([, raw]) => raw)).toEqual(gitSplit(text))
      }),
      { numRuns: 60 },
    )
  })
})
