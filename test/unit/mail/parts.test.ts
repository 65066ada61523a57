import { describe, expect, it } from 'vitest'
import { readMail } from '../../support/mails.ts'

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const mail = (lines: string): string => `From: ada@example.org\nSubject: x\n${lines}`

const signed = mail(`Content-Type: multipart/signed; micalg=pgp-sha512;
	protocol="application/pgp-signature"; boundary="outer=1"

This is a signed mail.
--outer=1
Content-Type: multipart/mixed; boundary=inner
Content-Disposition: inline

--inner
Content-Type: text/plain; charset=us-ascii
Content-Disposition: inline
Content-Transfer-Encoding: quoted-printable

See the patch =3D

--inner
Content-Type: text/x-diff; charset=us-ascii
Content-Disposition: attachment; filename*=utf-8''0001-gr%C3%BC%C3%9Fe.patch

--- a/Makefile
+++ b/Makefile
--inner--

--outer=1
Content-Type: application/pgp-signature; name="signature.asc"

-----BEGIN PGP SIGNATURE-----
--outer=1--
An epilogue.
`)

describe('a mail of several parts', () => {
  it('has the first plain text as its own, and patches as attachments', async () => {
    const message = await readMail(signed)
    expect(textOf(message.body)).toBe('See the patch =\n\n')
    expect(message.attachments.map(({ filename, contentType, body }) => [filename, contentType, textOf(body)])).toEqual(
      [['0001-grüße.patch', 'text/x-diff', '--- a/Makefile\n+++ b/Makefile\n']],
    )
  })

  it('is read the same with CR LF', async () => {
    const message = await readMail(signed.replaceAll('\n', '\r\n'))
    expect(textOf(message.body)).toBe('See the patch =\n\n')
    expect(message.attachments.map(({ body }) => textOf(body))).toEqual(['--- a/Makefile\n+++ b/Makefile\n'])
  })

  it('takes plain text over HTML, in whatever order', async () => {
    const part = (type: string, text: string): string => `--b\nContent-Type: ${type}\n\n${text}\n`
    const head = 'Content-Type: multipart/alternative; boundary=b\n\n'
    const message = await readMail(mail(`${head}${part('text/html', '<p>no</p>')}${part('text/plain', 'yes')}--b--\n`))
    expect(message.text).toBe('yes\n')
    expect(message.attachments).toEqual([])
  })

  it('has a second text, inline, as an attachment', async () => {
    const text = '--b\n\nThe fix:\n--b\nContent-Disposition: inline; filename=fix.diff\n\n+obj-y += a.o\n--b--\n'
    const message = await readMail(mail(`Content-Type: multipart/mixed; boundary=b\n\n${text}`))
    expect(message.text).toBe('The fix:\n')
    expect(message.attachments).toMatchObject([{ filename: 'fix.diff', contentType: 'text/plain' }])
  })

  it('has no text of its own where the only text is attached', async () => {
    const part = '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="a.patch"\n\n+a\n--b--\n'
    const message = await readMail(mail(`Content-Type: multipart/mixed; boundary=b\n\n${part}`))
    expect(message).toMatchObject({ text: '', attachments: [{ filename: 'a.patch' }] })
  })

  it('takes attachments by type or by name, and leaves others', async () => {
    const part = (type: string, name: string): string => `--b\nContent-Type: ${type}; name="${name}"\n\nx\n`
    const parts = [
      part('text/plain', 'body.txt'),
      part('application/octet-stream', '0001-a.patch'),
      part('image/png', 'a.png'),
      part('text/x-log', 'b'),
    ]
    const message = await readMail(mail(`Content-Type: multipart/mixed; boundary=b\n\n${parts.join('')}--b--\n`))
    expect(message.attachments.map(({ filename }) => filename)).toEqual(['0001-a.patch', 'b'])
  })

  it('ends inner multiparts that have no end with the boundary of the outer one', async () => {
    const inner = '--out\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\nfirst\n'
    const message = await readMail(
      mail(
        `Content-Type: multipart/mixed; boundary=out\n\n${inner}--out\nContent-Type: text/x-log\n\nsecond\n--out--\n`,
      ),
    )
    expect(message.text).toBe('first\n')
    expect(message.attachments.map(({ body }) => textOf(body))).toEqual(['second\n'])
  })

  it('is not parted by lines that only begin like a boundary', async () => {
    const message = await readMail(
      mail('Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--bc\n--\n --b\n--b \n\nsecond\n--b--\n'),
    )
    expect(message.text).toBe('--bc\n--\n --b\n')
    expect(message.attachments.map(({ body }) => textOf(body))).toEqual(['second\n'])
  })

  it('goes to the end where its end is cut off', async () => {
    expect((await readMail(mail('Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\nlast'))).text).toBe(
      'first\nlast',
    )
  })

  it('is empty where its boundary never comes, and plain where it names none', async () => {
    expect((await readMail(mail('Content-Type: multipart/mixed; boundary=b\n\ntext\n'))).text).toBe('')
    expect((await readMail(mail('Content-Type: multipart/mixed\n\ntext\n'))).text).toBe('text\n')
  })

  it('has a mail within it as no text', async () => {
    const inner = '--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\nFrom: x@y.example\n\ninner\n--b--\n'
    expect((await readMail(mail(`Content-Type: multipart/mixed; boundary=b\n\n${inner}`))).text).toBe('see below\n')
  })
})

describe('a content type that cannot be read', () => {
  it.each(['', ';', 'text', 'text/', '/plain', 'a b/c', '"', 'text/plain; =; charset'])(
    '%j counts as plain text',
    async (type) => {
      expect((await readMail(mail(`Content-Type: ${type}\n\ntext\n`))).text).toBe('text\n')
    },
  )
})
