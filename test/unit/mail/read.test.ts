import { describe, expect, it } from 'vitest'
import { defaultMailLimits } from '../../../src/mail/limits.ts'
import type { MailLimits } from '../../../src/mail/limits.ts'
import type { RefusalCode } from '../../../src/mail/message.ts'
import { readMessage } from '../../../src/mail/read.ts'
import { readMail, testNow, writeMail } from '../../support/mails.ts'

const plain = `From: Ada Byron <ada@example.org>
To: linux-boards@vger.example.org
Subject: [PATCH 1/2] drivers: board:
 add a switch
Date: Tue, 14 Jan 2025 09:30:00 +0100
Message-ID: <20250114083000.1-ada@example.org>
In-Reply-To: <20250114083000.0-ada@example.org> (Ada's message of "Tue, 14 Jan")
References: <20250110.1@example.org> <20250114083000.0-ada@example.org>
	<20250110.1@example.org>

It was missing.

---
 drivers/board/Makefile | 1 +
`
const bodyOf = (text: string): string => text.slice(text.indexOf('\n\n') + 2)
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

describe('the headers of a mail', () => {
  it('are decoded, ids without brackets, duplicates and prose', async () => {
    expect(await readMail(plain)).toMatchObject({
      id: '20250114083000.1-ada@example.org',
      inReplyTo: '20250114083000.0-ada@example.org',
      references: ['20250110.1@example.org', '20250114083000.0-ada@example.org'],
      from: { name: 'Ada Byron', address: 'ada@example.org' },
      to: [{ name: '', address: 'linux-boards@vger.example.org' }],
      cc: [],
      replyTo: [],
      subject: '[PATCH 1/2] drivers: board: add a switch',
      date: Date.UTC(2025, 0, 14, 8, 30),
    })
  })

  it('are kept as they are too, those that nobody knows included', async () => {
    const message = await readMail(writeMail({ headers: ['X-Mailer: git-send-email 2.40.1', 'x-loop: boards'] }))
    expect(message.headers).toContainEqual(['x-mailer', 'git-send-email 2.40.1'])
    expect(message.headers).toContainEqual(['x-loop', 'boards'])
  })

  it('give the mailboxes of several headers of one name together', async () => {
    const { cc } = await readMail(writeMail({ headers: ['Cc: a@example.org', 'Cc: b@example.org, c@example.org'] }))
    expect(cc.map(({ address }) => address)).toEqual(['a@example.org', 'b@example.org', 'c@example.org'])
  })

  it('give the first of two Message-IDs, and a hash of the bytes where there is none', async () => {
    expect((await readMail('Message-ID: <a@x>\nMessage-ID: <b@x>\n\n')).id).toBe('a@x')
    const [one, again, other] = await Promise.all(['x', 'x', 'y'].map((body) => readMail(writeMail({ body }))))
    expect(one?.id).toMatch(/^missing-[0-9a-f]{40}$/)
    expect(again?.id).toBe(one?.id)
    expect(other?.id).not.toBe(one?.id)
  })

  it('take of several ids in In-Reply-To the one that References know', async () => {
    const headers = [
      'In-Reply-To: Message from <ada@example.org> of Tuesday <patch@x>',
      'References: <cover@x> <patch@x>',
    ]
    expect((await readMail(writeMail({ headers }))).inReplyTo).toBe('patch@x')
  })

  it('leave empty what is not there', async () => {
    const nothing = { inReplyTo: null, references: [], to: [], cc: [], date: 0, from: { name: '', address: '' } }
    expect(await readMail('Subject: alone\n\n')).toMatchObject(nothing)
    expect((await readMail('From: somebody\n\n')).from).toEqual({ name: 'somebody', address: '' })
  })

  it('are read behind the line that mailboxes put before a mail', async () => {
    for (const line of ['From mboxrd@z Thu Jan  1 00:00:00 1970', 'From 0123456789abcdef Mon Sep 17 00:00:00 2001']) {
      const message = await readMail(`${line}\n${plain}`)
      expect(message.id).toBe('20250114083000.1-ada@example.org')
      expect(textOf(message.raw)).toBe(plain)
    }
  })
})

describe('the text of a mail', () => {
  it('is its bytes where nothing has to be undone', async () => {
    const message = await readMail(plain)
    expect(textOf(message.body)).toBe(bodyOf(plain))
    expect(message.text).toBe(bodyOf(plain))
    expect(textOf(message.raw)).toBe(plain)
  })

  it('ends lines in a line feed, as git mailsplit makes it; a lone CR stays', async () => {
    const message = await readMail('From: ada@example.org\r\nSubject: x\r\n\r\none\r\ntwo\rthree\r\n')
    expect(textOf(message.body)).toBe('one\ntwo\rthree\n')
  })

  it('is decoded from quoted-printable', async () => {
    const headers = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable']
    const body = '-obj-y =3D a.o=\n b.o\n+Gr=C3=BC=C3=9Fe =\n=3D=20\n'
    const message = await readMail(writeMail({ headers, body }))
    expect(textOf(message.body)).toBe('-obj-y = a.o b.o\n+Grüße = \n')
    expect(message.text).toBe('-obj-y = a.o b.o\n+Grüße = \n')
  })

  it('is decoded from base64, each line for itself', async () => {
    const encode = (text: string): string => Buffer.from(text).toString('base64')
    const headers = ['Content-Transfer-Encoding: BASE64']
    const body = `${encode('obj-y += a.o\n')}\n${encode('obj-y += b.o\n')}\n`
    expect(textOf((await readMail(writeMail({ headers, body }))).body)).toBe('obj-y += a.o\nobj-y += b.o\n')
  })

  it('loses the CR of an encoded text only where every line has one', async () => {
    const headers = ['Content-Transfer-Encoding: base64']
    const read = async (text: string): Promise<string> =>
      textOf((await readMail(writeMail({ headers, body: Buffer.from(text).toString('base64') }))).body)
    expect(await read('diff --git a/x b/x\r\n+one\r\n')).toBe('diff --git a/x b/x\n+one\n')
    expect(await read('diff --git a/x b/x\n+one\r\n')).toBe('diff --git a/x b/x\n+one\r\n')
  })

  it('is not joined where it is format=flowed', async () => {
    const body = '+one \n \n  two\n'
    const message = await readMail(writeMail({ headers: ['Content-Type: text/plain; format=flowed'], body }))
    expect(textOf(message.body)).toBe(body)
    expect(message.text).toBe(body)
  })

  it.each([
    ['iso-8859-1', Buffer.from('Grüße\n', 'latin1')],
    ['utf-8', Buffer.from('Grüße\n')],
    ['us-ascii', Buffer.from('Grüße\n')],
    ['utf-8', Buffer.from('Grüße\n', 'latin1')],
    ['no-such-charset', Buffer.from('Grüße\n')],
    ['windows-1252', Buffer.from('Grüße\n', 'latin1')],
  ])('is decoded as %s, or as what it is', async (charset, bytes) => {
    const head = Buffer.from(`From: ada@example.org\nContent-Type: text/plain; charset="${charset}"\n\n`)
    const message = await readMail(Buffer.concat([head, bytes]))
    expect(message.text).toBe('Grüße\n')
    expect(Buffer.from(message.body)).toEqual(bytes)
  })

  it('is the prose of HTML where there is nothing else', async () => {
    const headers = ['Content-Type: text/html; charset=utf-8']
    const message = await readMail(writeMail({ headers, body: '<p>It does not <b>build</b>.</p><p>Grüße</p>' }))
    expect(message.text).toBe('It does not build.\n\nGrüße')
    expect(textOf(message.body)).toContain('<b>build</b>')
  })
})

describe('a mail over a limit', () => {
  const multipart = (boundary: string, inner: string): string =>
    `Content-Type: multipart/mixed; boundary="${boundary}"\n\n--${boundary}\n${inner}\n--${boundary}--\n`
  const nested = (depth: number): string =>
    Array.from({ length: depth }, (_, index) => `b${index}`).reduceRight(
      (inner, boundary) => multipart(boundary, inner),
      '\ntext\n',
    )
  const cases: [string, Partial<MailLimits>, string, RefusalCode | 'message'][] = [
    ['its size', { mailBytes: 100 }, `From: a@b.example\n\n${'x'.repeat(100)}`, 'too-large'],
    ['its headers', { headerBytes: 50 }, `From: a@b.example\nX-Long: ${'x'.repeat(50)}\n\n`, 'headers-too-large'],
    ['headers without an end', { headerBytes: 50 }, `From: a@b.example\n${'X: y\n'.repeat(20)}`, 'headers-too-large'],
    [
      'the headers of a part',
      { headerBytes: 90 },
      `From: a@b.example\n${multipart('b', `X-Long: ${'x'.repeat(90)}\n\n`)}`,
      'headers-too-large',
    ],
    ['its parts', { parts: 3 }, `From: a@b.example\n${multipart('b', '\nx\n--b\n\ny\n--b\n\nz')}`, 'too-many-parts'],
    ['parts within it', { parts: 4 }, `From: a@b.example\n${multipart('b', '\nx\n--b\n\ny\n--b\n\nz')}`, 'message'],
    ['its depth', { depth: 3 }, `From: a@b.example\n${nested(4)}`, 'too-deep'],
    ['a depth within it', { depth: 3 }, `From: a@b.example\n${nested(3)}`, 'message'],
    ['nothing of a mail', {}, '\n\n\n', 'not-a-mail'],
    ['no bytes', {}, '', 'not-a-mail'],
    ['a diff', {}, 'diff --git a/Makefile b/Makefile\n--- a/Makefile\n', 'not-a-mail'],
  ]

  it.each(cases)('is refused for %s', async (_, limits, text, code) => {
    const result = await readMessage(Buffer.from(text), {
      now: testNow,
      origin: { kind: 'none' },
      limits: { ...defaultMailLimits, ...limits },
    })
    expect(result.kind === 'refused' ? result.code : result.kind).toBe(code)
  })

  it('is read at any depth without recursion: 80,000 multiparts in each other do not exhaust the stack', async () => {
    const text = `From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: multipart/mixed; boundary=b\n\n'.repeat(80_000)}`
    const result = await readMessage(Buffer.from(text), {
      now: testNow,
      origin: { kind: 'none' },
      limits: { ...defaultMailLimits, depth: 1e6, parts: 1e6 },
    })
    expect(result.kind).toBe('message')
  })
})
