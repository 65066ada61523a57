import { describe, expect, it } from 'vitest'
import { composeMail } from '../../../src/mail/compose.ts'
import type { ComposeOptions, Outgoing } from '../../../src/mail/compose.ts'
import { readMail } from '../../support/mails.ts'
import { fc } from '../../support/random.ts'

const identity = {
  from: { name: 'Kbuild Review', address: 'bot@boards.example.org' },
  replyTo: { name: 'Ada', address: 'ada@example.org' },
}
const options: ComposeOptions = { date: Date.UTC(2025, 0, 14, 8, 30), run: 'run-7', lineEnd: 'lf' }
const reply: Outgoing = {
  messageId: 'kr.abc@boards.example.org',
  inReplyTo: 'patch-2@example.org',
  references: ['cover@example.org', 'patch-2@example.org'],
  to: [{ name: 'Grace Hopper', address: 'grace@example.org' }],
  cc: [{ name: '', address: 'linux-boards@vger.example.org' }],
  subject: 'Re: [PATCH 2/3] drivers: board: add a switch',
  body: 'This is an automated review.\n\n> +obj-y += switch.o\n\nNothing makes `switch.o`.\n',
}
const compose = (change: Partial<Outgoing> = {}, other: Partial<ComposeOptions> = {}): string =>
  Buffer.from(composeMail({ ...reply, ...change }, identity, { ...options, ...other })).toString()
const headerOf = (text: string): string => text.slice(0, text.indexOf('\n\n'))

describe('composing a mail', () => {
  it('writes it as kernel lists want it', () => {
    expect(compose()).toBe(`From: Kbuild Review <bot@boards.example.org>
To: Grace Hopper <grace@example.org>
Cc: linux-boards@vger.example.org
Reply-To: Ada <ada@example.org>
Subject: Re: [PATCH 2/3] drivers: board: add a switch
Date: Tue, 14 Jan 2025 08:30:00 +0000
Message-ID: <kr.abc@boards.example.org>
In-Reply-To: <patch-2@example.org>
References: <cover@example.org> <patch-2@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit
Auto-Submitted: auto-generated
X-Kbuild-Review-Run: run-7

${reply.body}`)
  })

  it('ends lines in CR LF where SMTP wants it, and changes nothing else', () => {
    expect(compose({}, { lineEnd: 'crlf' })).toBe(compose().replaceAll('\n', '\r\n'))
  })

  it('sends UTF-8 as it is, in 8bit', () => {
    const text = compose({ body: '> Ünït\n' })
    expect(headerOf(text)).toContain('Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit')
    expect(text.endsWith('\n\n> Ünït\n')).toBe(true)
  })

  it('folds long headers and encodes what is not ASCII, so that a reader gets the same again', async () => {
    const subject =
      'Re: [PATCH v12 07/21] Grüße: a subject that goes on and on, so that no line could ever take it, ünd mehr 🐧 '
        .repeat(3)
        .trim()
    const to = [
      { name: 'Jürgen "der Große" Weiß', address: 'juergen@example.org' },
      { name: 'Doe, J. (TI)', address: 'doe@example.org' },
    ]
    const references = Array.from({ length: 30 }, (_, index) => `2025010${index}.12345-${index}-ada@example.org`)
    const text = compose({ subject, to, references })
    expect(headerOf(text)).toMatch(/^[\x20-\x7e\n]*$/)
    for (const line of headerOf(text).split('\n')) expect(line.length).toBeLessThanOrEqual(78)
    expect(await readMail(text)).toMatchObject({ subject, to, references })
  })

  it('encodes a subject that reads as encoded although it is not', async () => {
    const subject = 'Re: decode =?utf-8?q?names?= rightly'
    expect((await readMail(compose({ subject }))).subject).toBe(subject)
  })

  it('leaves out recipients that nothing can be sent to', async () => {
    const bad = [
      '',
      'ada',
      'ada@',
      '@example.org',
      'a da@example.org',
      'ada@exa mple.org',
      'ada@example.org>',
      'ädä@example.org',
      'ada@[127.0.0.1]',
    ]
    const message = await readMail(compose({ cc: bad.map((address) => ({ name: '', address })) }))
    expect(message.cc).toEqual([])
    expect(headerOf(compose({ cc: [] }))).not.toContain('Cc:')
  })

  it('writes a domain that is not ASCII as DNS has it', async () => {
    const to = [{ name: '', address: 'ada@bücher.example' }]
    expect((await readMail(compose({ to }))).to).toEqual([{ name: '', address: 'ada@xn--bcher-kva.example' }])
  })

  it('leaves out references that are no Message-IDs', async () => {
    const message = await readMail(
      compose({ inReplyTo: 'a\nBcc: x@y', references: ['one@example.org', 'two words@example.org', '<x>'] }),
    )
    expect(message).toMatchObject({ inReplyTo: null, references: ['one@example.org'] })
  })

  it('keeps the first and the last of very many references', async () => {
    const references = Array.from({ length: 500 }, (_, index) => `${index}@example.org`)
    const kept = (await readMail(compose({ references }))).references
    expect(kept).toHaveLength(100)
    expect([kept[0], kept[1], kept.at(-1)]).toEqual(['0@example.org', '401@example.org', '499@example.org'])
  })

  it('cuts lines that SMTP does not take, at a character', () => {
    const text = compose({ body: `short\n${'ü'.repeat(2000)}\n` })
    const long = Buffer.from(text.split('\n').at(-2) ?? '')
    expect(long.length).toBeLessThanOrEqual(998)
    expect(long.toString()).toMatch(/^ü+ \[\.\.\.\]$/)
  })

  it('makes control characters of the body harmless and ends it in a newline', () => {
    expect(compose({ body: 'a\x1b[31mb\0c\td\r\ne' }).split('\n\n')[1]).toBe('a?[31mb?c\td\ne\n')
  })

  it('says no to a sender or an id of ours that is none', () => {
    const from = { name: '', address: 'nobody' }
    expect(() => composeMail(reply, { from, replyTo: null }, options)).toThrow(/cannot send as `nobody`/)
    expect(() => compose({ messageId: 'two words' })).toThrow(/no Message-ID/)
  })

  it('lets nothing in the input add a header, a line over 998 bytes, or other bytes on a second run', async () => {
    const names = ['from', 'to', 'cc', 'reply-to', 'subject', 'date', 'message-id', 'in-reply-to', 'references']
    const known = new Set([
      ...names,
      'mime-version',
      'content-type',
      'content-transfer-encoding',
      'auto-submitted',
      'x-kbuild-review-run',
    ])
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\r\nBcc: x@example.org',
        '\nX: y',
        '\r\r\n\r\n',
        '=?utf-8?q?a=0ABcc:_x?=',
        '\u2028Bcc: x',
        '\u0085Bcc: x',
        'x'.repeat(2000),
        '"',
        '\\',
        '<',
        '>',
      ),
    )
    const text = fc.array(nasty, { maxLength: 4 }).map((parts) => parts.join(''))
    const address = fc.record({
      name: text,
      address: fc.oneof(
        text,
        text.map((part) => `a@example.org${part}`),
        fc.constant('a@example.org'),
      ),
    })
    const outgoing = fc.record({
      messageId: fc.constant('kr.abc@boards.example.org'),
      inReplyTo: fc.option(text),
      references: fc.array(text, { maxLength: 3 }),
      to: fc.array(address, { maxLength: 3 }),
      cc: fc.array(address, { maxLength: 3 }),
      subject: text,
      body: text,
    })
    await fc.assert(
      fc.asyncProperty(outgoing, text, async (mail, run) => {
        const made = compose(mail, { run })
        expect(compose(mail, { run })).toBe(made)
        for (const line of made.split('\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998)
        expect(headerOf(made)).toMatch(/^[\x20-\x7e\n]*$/)
        const message = await readMail(made)
        const found = message.headers.map(([name]) => name)
        expect(found.filter((name) => !known.has(name))).toEqual([])
        expect(new Set(found).size).toBe(found.length)
        for (const { address: recipient } of [...message.to, ...message.cc])
          expect(recipient).toMatch(/^[^\s<>@]+@[a-z\d.-]+$/i)
      }),
      { numRuns: 300 },
    )
  })
})
