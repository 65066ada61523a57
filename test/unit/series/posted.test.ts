import { describe, expect, it } from 'vitest'
import { readPosted, type Posted } from '../../../src/series/posted.ts'
import { readMail, writeMail, type MailParts } from '../../support/mails.ts'

const diff = `diff --git a/drivers/clk/Makefile b/drivers/clk/Makefile
index 1111111..2222222 100644
--- a/drivers/clk/Makefile
+++ b/drivers/clk/Makefile
@@ -1 +1,2 @@
 obj-y += clk.o
+obj-y += divider.o
`
const signed = 'Signed-off-by: Ada Byron <ada@example.org>\n'
const patch = `The divider was missing.\n\n${signed}---\nNew.\n\n${diff}-- \n2.43.0\n`

/** What a mail is; a subject and a body are given where a case does not. */
async function posted(parts: MailParts): Promise<Posted> {
  return readPosted(
    await readMail(
      writeMail({ id: 'patch@example.org', subject: '[PATCH] clk: add a divider', body: patch, ...parts }),
    ),
  )
}

/** The one patch of a mail. */
async function patchOf(parts: MailParts): Promise<Extract<Posted, { kind: 'patches' }>['patches'][number]['patch']> {
  const mail = await posted(parts)
  const found = mail.kind === 'patches' ? mail.patches : []
  const [one] = found
  if (one === undefined || found.length > 1) throw new Error(`${found.length} patches`)
  return one.patch
}

describe('a patch mail', () => {
  it('is taken apart', async () => {
    const found = await patchOf({ date: Date.UTC(2025, 0, 6) })
    expect(found).toMatchObject({
      title: 'clk: add a divider',
      author: { name: 'Ada Byron', address: 'ada@example.org' },
      date: Date.UTC(2025, 0, 6),
      log: 'The divider was missing.\n\nSigned-off-by: Ada Byron <ada@example.org>',
      notes: 'New.',
      trailers: [{ name: 'Signed-off-by', value: 'Ada Byron <ada@example.org>', from: null }],
      text: patch,
      attached: false,
      problems: [],
    })
    expect(found.files.map(({ newPath, patchLine }) => [newPath, patchLine])).toEqual([['drivers/clk/Makefile', 7]])
  })

  it('has the author, date and title that its body says', async () => {
    const inBody =
      'From: =?utf-8?q?Gr=C3=A4ce?= <grace@example.org>\nSubject: [PATCH v2] clk: add dividers\nDate: Sun, 5 Jan 2025 10:00:00 +0000\n\n'
    const found = await patchOf({ body: `${inBody}${patch}`, date: Date.UTC(2025, 0, 6) })
    expect(found).toMatchObject({
      author: { name: 'Gräce', address: 'grace@example.org' },
      title: 'clk: add dividers',
      date: Date.UTC(2025, 0, 5, 10),
    })
  })

  it('keeps the date of the mail where the one in the body is none', async () => {
    expect((await patchOf({ body: `Date: yesterday\n\n${patch}`, date: Date.UTC(2025, 0, 6) })).date).toBe(
      Date.UTC(2025, 0, 6),
    )
  })

  it('keeps the headers that say how to treat it, and no others', async () => {
    const { envelope } = await posted({
      headers: ['X-Mailer: git-send-email', 'Precedence: bulk', 'Received: from somewhere'],
    })
    expect(envelope.headers).toEqual([
      ['x-mailer', 'git-send-email'],
      ['precedence', 'bulk'],
    ])
  })

  it('may be sent as the whole file of git format-patch under an empty subject', async () => {
    const file = `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: Ada Byron <ada@example.org>\nSubject: [PATCH v3 1/2] clk: add a divider\n\n${patch}`
    expect(await posted({ subject: '', body: file })).toMatchObject({
      kind: 'patches',
      subject: { version: 3, index: 1, total: 2 },
    })
  })

  it('may lack PATCH in its subject where it is signed off, and says so', async () => {
    const mail = await posted({ subject: 'clk: add a divider' })
    expect(mail).toMatchObject({
      kind: 'patches',
      inferred: ['the subject does not say PATCH: taken as a patch for its diff and Signed-off-by'],
    })
  })

  it('may quote in its log', async () => {
    const body = `make says\n> no divider\n\n${patch}`
    expect((await posted({ body, inReplyTo: 'cover@example.org' })).kind).toBe('patches')
  })

  it('keeps what is wrong with its diff', async () => {
    const found = await patchOf({ body: patch.replace('@@ -1 +1,2 @@', '@@ -1,9 +1,10 @@') })
    expect(found.problems).not.toEqual([])
  })
})

describe('patches that are attached', () => {
  const part = (name: string, text: string): string =>
    `--b\nContent-Type: text/x-patch; name="${name}"\nContent-Disposition: attachment; filename="${name}"\n\n${text}\n`
  const file = (subject: string): string =>
    `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: Grace Hopper <grace@example.org>\nSubject: ${subject}\n\n${patch}`
  const mixed = (...parts: readonly string[]): MailParts => ({
    headers: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'],
    body: `--b\nContent-Type: text/plain\n\nPlease find it attached.\n${parts.join('')}--b--\n`,
  })

  it('are one each, by the numbers in their own subjects', async () => {
    const mail = await posted(
      mixed(
        part('two.patch', file('[PATCH 2/2] clk: add a mux')),
        part('one.patch', file('[PATCH 1/2] clk: add a gate')),
      ),
    )
    expect(mail).toMatchObject({
      kind: 'patches',
      patches: [
        { patch: { title: 'clk: add a gate', author: { address: 'grace@example.org' }, attached: true } },
        { patch: { title: 'clk: add a mux' } },
      ],
      inferred: ['2 patches are attached to one mail'],
    })
  })

  it('have the subject of the mail where they have none, and the order of their names', async () => {
    const mail = await posted(mixed(part('0002-mux.diff', diff), part('0001-gate.diff', diff)))
    expect(mail.kind === 'patches' && mail.patches.map((one) => one.patch.title)).toEqual([
      'clk: add a divider',
      'clk: add a divider',
    ])
    expect(await posted(mixed(part('gate.diff', diff)))).toMatchObject({
      kind: 'patches',
      inferred: ['the patch is attached'],
    })
  })

  it('do not count beside a patch in the text', async () => {
    const parts = mixed(part('divider.patch', file('[PATCH 2/2] clk: add a mux')))
    expect(
      await patchOf({ ...parts, body: (parts.body ?? '').replace('Please find it attached.', patch) }),
    ).toMatchObject({ attached: false })
  })

  it('are no submission where the mail asks a question', async () => {
    const parts = mixed(
      part('one.patch', file('[PATCH 1/2] clk: gate')),
      part('two.patch', file('[PATCH 2/2] clk: mux')),
    )
    expect((await posted({ ...parts, subject: 'question: which divider?' })).kind).toBe('other')
  })
})

describe('a mail that is no patch', () => {
  it('is a cover letter or a comment where the subject says PATCH and there is no diff', async () => {
    expect(await posted({ subject: '[PATCH 0/2] clk: dividers', body: 'Two of them.\n' })).toMatchObject({
      kind: 'letter',
      comment: false,
    })
    const comment = { body: '> The divider was missing.\n\nIt was not.\n', inReplyTo: 'one@example.org' }
    expect(await posted(comment)).toMatchObject({ kind: 'letter', comment: true })
    expect(await posted({ ...comment, body: 'On Mon, Ada wrote:\n\n\n\n\n> It was.\n' })).toMatchObject({
      kind: 'letter',
      comment: true,
    })
  })

  it('is a cover letter with a diff where it is number 0', async () => {
    expect((await posted({ subject: '[PATCH 0/2] clk: dividers' })).kind).toBe('letter')
  })

  it('is a comment where it proposes a diff below a quote', async () => {
    expect(
      await posted({ body: `> It was missing.\n\nHow about:\n${diff}`, inReplyTo: 'one@example.org' }),
    ).toMatchObject({ kind: 'letter', comment: true })
  })

  it.each(['Re: [PATCH] clk: add a divider', 'Fwd: [PATCH] clk: add a divider'])(
    'is a reply where the subject is %j',
    async (subject) => {
      expect(await posted({ subject })).toMatchObject({ kind: 'reply', diff: true })
    },
  )

  it('is a reply where it answers under a subject of its own, diff or not', async () => {
    expect(await posted({ subject: 'clk: hangs', inReplyTo: 'one@example.org' })).toMatchObject({ kind: 'reply' })
  })

  it.each([
    ['[GIT PULL] clk: dividers', 'a pull request'],
    ['[tip: clk/core] clk: add a divider', 'a notice about a patch'],
    ['Patch "clk: add a divider" has been added to the 6.6-stable tree', 'a notice about a patch'],
  ])('is %s', async (subject, why) => {
    expect(await posted({ subject })).toMatchObject({ kind: 'other', why })
  })

  it('is a report where it holds a diff that nobody signed off', async () => {
    expect(await posted({ subject: 'clk: hangs', body: `This helps:\n${diff}` })).toMatchObject({
      kind: 'other',
      why: 'a diff that is not sent as a patch',
    })
    expect(await posted({ subject: 'clk: hangs', body: 'It hangs.\n' })).toMatchObject({
      kind: 'other',
      why: 'no patch',
    })
  })
})
