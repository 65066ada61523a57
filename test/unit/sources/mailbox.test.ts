import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { defaultMailLimits } from '../../../src/mail/limits.ts'
import { openMailboxes, readMailbox } from '../../../src/sources/mailbox.ts'
import type { MailboxInput } from '../../../src/sources/mailbox.ts'
import { testNow, writeMail } from '../../support/mails.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-mailbox-'))
afterAll(() => removeDirectory(top))
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(top, 'case-'))
})

const formatPatch = (subject: string): string =>
  `From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n${writeMail({ subject, body: '---\n a | 1 +\n\ndiff --git a/a b/a\n-- \n2.40.1\n\n' })}`
function put(name: string, content: string | Buffer): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

/** Each mail as `subject at line`, or why it is none. */
async function read(input: MailboxInput | string, limits = defaultMailLimits): Promise<string[]> {
  const wanted = typeof input === 'string' ? ({ kind: 'path', path: input } as const) : input
  const results = await Array.fromAsync(readMailbox(wanted, { now: testNow, limits }))
  return results.map((result) => {
    if (result.kind === 'refused') return `${result.code}: ${result.reason.replace(directory, '.')}`
    const { origin, subject } = result.message
    return origin.kind === 'file' ? `${subject} at ${origin.path.replace(directory, '.')}:${origin.line}` : 'no file'
  })
}

describe('what mails are read from', () => {
  it('is a patch of git format-patch, or several in one file', async () => {
    expect(await read(put('0001-a.patch', formatPatch('[PATCH] a')))).toEqual(['[PATCH] a at ./0001-a.patch:2'])
    const both = put('both.patch', formatPatch('[PATCH 1/2] a') + formatPatch('[PATCH 2/2] b'))
    expect(await read(both)).toEqual(['[PATCH 1/2] a at ./both.patch:2', '[PATCH 2/2] b at ./both.patch:13'])
  })

  it('is one mail, with blank lines before it too', async () => {
    expect(await read(put('a.eml', writeMail({ subject: 'a' })))).toEqual(['a at ./a.eml:1'])
    expect(await read(put('b.eml', `\n\r\n${writeMail({ subject: 'b' })}`))).toEqual(['b at ./b.eml:3'])
    expect(await read(put('c.mbox', `\n\n${formatPatch('c')}`))).toEqual(['c at ./c.mbox:4'])
  })

  it('is one mail though its text has a line that could part a mailbox', async () => {
    const body = 'From ada@example.org Tue Jan 14 09:30:00 2025\nSubject: not me\n'
    expect(await read(put('a.eml', writeMail({ subject: 'a', body })))).toEqual(['a at ./a.eml:1'])
  })

  it('is a gzipped mailbox, as archives hand them out', async () => {
    expect(await read(put('t.mbox.gz', gzipSync(formatPatch('a') + formatPatch('b'))))).toEqual([
      'a at ./t.mbox.gz:2',
      'b at ./t.mbox.gz:13',
    ])
  })

  it('is standard input', async () => {
    const bytes = Buffer.from(formatPatch('a'))
    expect(await read({ kind: 'bytes', name: '<stdin>', bytes })).toEqual(['a at <stdin>:2'])
    expect(await read({ kind: 'bytes', name: '<stdin>', bytes: Buffer.alloc(0) })).toEqual([
      'not-a-mail: `<stdin>` is empty',
    ])
  })

  it('is a directory of patches, in the order of their numbers; other files are not looked at', async () => {
    for (const number of [10, 9, 1]) put(`${number}-a.patch`, formatPatch(`[PATCH ${number}]`))
    for (const name of ['README', '.hidden.patch', 'notes.txt', '1-a.patch~']) put(name, 'no mail')
    expect(await read(directory)).toEqual([1, 9, 10].map((number) => `[PATCH ${number}] at ./${number}-a.patch:2`))
  })

  it('is a maildir, whatever the names of its files', async () => {
    for (const folder of ['cur', 'new', 'tmp']) mkdirSync(join(directory, folder))
    put('cur/1736899201.M1P1.host:2,S', writeMail({ subject: 'first' }))
    put('new/1736899202.M1P1.host', writeMail({ subject: 'second' }))
    put('tmp/1736899200.M1P1.host', writeMail({ subject: 'half' }))
    expect((await read(directory)).map((line) => line.split(' ')[0])).toEqual(['first', 'second'])
  })

  it('may be several, one after the other', async () => {
    const inputs = ['a', 'b'].map(
      (name) => ({ kind: 'path', path: put(`${name}.eml`, writeMail({ id: `${name}@x` })) }) as const,
    )
    const arrivals = await Array.fromAsync((await openMailboxes(inputs, { now: testNow })).since({}))
    expect(arrivals.map(({ id }) => id)).toEqual(['a@x', 'b@x'])
  })
})

describe('what is wrong', () => {
  it('is said with file and line', async () => {
    const diff = put('a.diff', '\ndiff --git a/Makefile b/Makefile\n')
    expect(await read(diff)).toEqual([
      'not-a-mail: `./a.diff:2`: a diff without a mail around it; `git format-patch` makes mails',
    ])
    expect(await read(put('a.txt', 'Hello.\n'))).toEqual([
      'not-a-mail: `./a.txt:1`: no From, Date, Subject or Message-ID header',
    ])
    expect(await read(put('empty.patch', ' \n\n'))).toEqual(['not-a-mail: `./empty.patch` is empty'])
    const nothing = 'From a@b.example Tue Jan 14 09:30:00 2025\nX-A: b\n\n'
    expect(await read(put('a.mbox', formatPatch('a') + nothing))).toEqual([
      'a at ./a.mbox:2',
      'not-a-mail: `./a.mbox:13`: no From, Date, Subject or Message-ID header',
    ])
  })

  it('is a mail over the limit, of which no more than that is held', async () => {
    const limits = { ...defaultMailLimits, mailBytes: 300 }
    const big = writeMail({ subject: 'big', body: 'x\n'.repeat(500) })
    expect(await read(put('big.eml', big), limits)).toEqual(['too-large: `./big.eml:1`: more than 300 bytes'])
    const mailbox = `From a@b.example Tue Jan 14 09:30:00 2025\n${big}${formatPatch('small')}`
    expect(await read(put('big.mbox', mailbox), limits)).toEqual([
      `too-large: \`./big.mbox:2\`: ${big.length} bytes, more than 300`,
      'small at ./big.mbox:506',
    ])
  })

  it('is a place that is not there or holds no mail', async () => {
    await expect(read(join(directory, 'nowhere'))).rejects.toThrow(/^cannot read `.*nowhere`: ENOENT$/)
    await expect(read(directory)).rejects.toThrow(`\`${directory}\` holds neither mails`)
  })

  it('is a gzip file that is cut off', async () => {
    const path = put('cut.gz', gzipSync(formatPatch('a')).subarray(0, 60))
    await expect(read(path)).rejects.toThrow(/^cannot read `.*cut\.gz`: Z_BUF_ERROR$/)
    const bytes = gzipSync(formatPatch('a')).subarray(0, 60)
    await expect(read({ kind: 'bytes', name: '<stdin>', bytes })).rejects.toThrow('cannot read `<stdin>`: Z_BUF_ERROR')
  })
})
