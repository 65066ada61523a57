import { describe, expect, it } from 'vitest'
import { readMessage } from '../../../src/mail/read.ts'
import type { ReadResult } from '../../../src/mail/message.ts'
import { testNow } from '../../support/mails.ts'
import { fc } from '../../support/random.ts'

const diff = `---
 drivers/board/Makefile | 1 +

diff --git a/drivers/board/Makefile b/drivers/board/Makefile
--- a/drivers/board/Makefile
+++ b/drivers/board/Makefile
@@ -1 +1,2 @@
 obj-y += board.o
+obj-$(CONFIG_BOARD_SWITCH) += switch.o
--=20
2.40.1
`
const head = `From: =?utf-8?q?J=C3=BCrgen_Wei=C3=9F?= <juergen@example.org>, "Doe, J. (TI)" <doe@example.org>
To: boards:ada@example.org, grace@example.org;
Subject: =?utf-8?b?W1BBVENIXSBHcsO8w59l?= [PATCH v2 1/2]
Date: Tue, 14 Jan 2025 09:30:00 +0100
Message-ID: <patch@example.org>
References: <cover@example.org>
 <other@example.org>
In-Reply-To: <cover@example.org> (of Tuesday)
MIME-Version: 1.0
`
/** Mails of every shape that the reader has a branch for. */
const seeds = [
  `${head}\n${diff}`,
  `${head}Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n${diff}`,
  `${head}Content-Transfer-Encoding: base64\n\n${Buffer.from(diff).toString('base64')}\n`,
  `${head}Content-Type: multipart/mixed; boundary="b 1"\n\n--b 1\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nx\n--c\nContent-Type: text/html\n\n<p>x\n--c--\n--b 1\nContent-Disposition: attachment; filename*0=a; filename*1*=utf-8''.patch\n\n${diff}--b 1--\n`,
  `${head}Content-Type: text/html; charset=gb2312\n\n<table><tr><td>${diff}</table>`,
].map((text) => Buffer.from(text))

type Mutation = (mail: Buffer) => Buffer
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const offset = (mail: Buffer, part: number): number => Math.floor(part * mail.length)
const insert = (what: Buffer): fc.Arbitrary<Mutation> =>
  place.map(
    (part) => (mail) => Buffer.concat([mail.subarray(0, offset(mail, part)), what, mail.subarray(offset(mail, part))]),
  )

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, place).map(
    ([from, to]): Mutation =>
      (mail) =>
        mail.subarray(offset(mail, Math.min(from, to)), offset(mail, Math.max(from, to))),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([part, bits]): Mutation => (mail) => {
    const copy = Buffer.from(mail)
    const at = offset(mail, part)
    if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ bits
    return copy
  }),
  fc.tuple(fc.constantFrom(...seeds), place, place).map(
    ([other, from, to]): Mutation =>
      (mail) =>
        Buffer.concat([mail.subarray(0, offset(mail, from)), other.subarray(offset(other, to))]),
  ),
  fc
    .constantFrom(
      '\0',
      '\0'.repeat(1000),
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      '=',
      '=?',
      '?=',
      '--b 1',
      '\n--b 1\n',
      '\n--b 1--\n',
      '"',
      ';',
      '\\',
      '<'.repeat(5000),
      '(('.repeat(5000),
      '\u00ff\u00fe',
      'Content-Type: multipart/x; boundary=b\n',
    )
    .chain((text) => insert(Buffer.from(text, 'latin1'))),
  fc.uint8Array({ maxLength: 200 }).chain((bytes) => insert(Buffer.from(bytes))),
)

const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(mutation, { minLength: 1, maxLength: 8 }))
  .map(([seed, mutations]) => mutations.reduce<Buffer>((mail, mutate) => mutate(mail), seed))

const read = (raw: Buffer): Promise<ReadResult> => readMessage(raw, { now: testNow, origin: { kind: 'none' } })

/** What holds of every mail, however broken; throws nothing, and no library of ours failed. */
async function check(raw: Buffer): Promise<void> {
  const before = Buffer.from(raw)
  const result = await read(raw)
  expect(raw.equals(before)).toBe(true)
  if (result.kind === 'refused') {
    expect(result.code).not.toBe('parser-failed')
    return
  }
  const { message } = result
  expect(message.id).toMatch(/^[^<>\s]+$/)
  for (const id of [...message.references, message.inReplyTo ?? 'x']) expect(id).toMatch(/^[^<>\s]+$/)
  expect(message.date === 0 || (message.date >= Date.UTC(1990, 0, 1) && message.date <= testNow + 86_400_000)).toBe(
    true,
  )
  expect(message.subject).not.toMatch(/[\x00-\x1f\x7f]/)
  for (const { address } of [...message.to, ...message.cc]) expect(address).toContain('@')
  expect(message.text).not.toContain('\r\n')
  const decoded = [message.body, ...message.attachments.map(({ body }) => body)]
  for (const bytes of decoded) expect(bytes.length).toBeLessThanOrEqual(raw.length)
}

describe('a broken or hostile mail', () => {
  it('is read or refused, and never throws', async () => {
    await fc.assert(fc.asyncProperty(mutated, check), { numRuns: 3000 })
  })

  const mb = 1024 * 1024
  it.each([
    ['a line of 10 MB', `From: a@b.example\n\n${'x'.repeat(10 * mb)}\n`, 'refused'],
    ['a line of nearly 4 MB', `From: a@b.example\n\n${'x'.repeat(4 * mb - 100)}\n`, 'message'],
    ['4 MB of NULs', `From: a@b.example\n\n${'\0'.repeat(4 * mb - 100)}`, 'message'],
    ['a header of 10 MB', `From: a@b.example\nSubject: ${'x'.repeat(10 * mb)}\n\n`, 'refused'],
    ['a subject of encoded words', `From: a@b.example\nSubject: ${'=?utf-8?q?x?= '.repeat(15_000)}\n\n`, 'message'],
    ['one address list of 200 kB', `From: a@b.example\nCc: ${'"a" <a@b.example>, '.repeat(11_000)}\n\n`, 'message'],
    ['200 kB of open comments', `From: ${'('.repeat(200_000)}\n\n`, 'message'],
    ['4 MB of HTML tags', `From: a@b.example\nContent-Type: text/html\n\n${'<b>'.repeat(1_300_000)}`, 'message'],
    [
      '4 MB of soft line breaks',
      `From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\n${'=\n'.repeat(2_000_000)}`,
      'message',
    ],
    [
      '4 MB of blanks before line ends',
      `From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\n${' '.repeat(4_000_000)}x`,
      'message',
    ],
    [
      '4 MB of boundaries',
      `From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n${'--b\n'.repeat(1_000_000)}`,
      'refused',
    ],
  ])('of %s is read or refused before the test runs out of time', async (_, text, kind) => {
    expect((await read(Buffer.from(text))).kind).toBe(kind)
  })
})
