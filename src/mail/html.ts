import { simpleParser } from 'mailparser'

/**
 * The prose of an HTML part, for mails that have no plain text; one line of `\n` a block. Empty where it cannot be made out.
 * mailparser turns HTML into text; the rest of a mail is read without it, because patches need the bytes that git sees
 * (its text differs from git mailinfo on most base64 and on a quarter of the format=flowed patches).
 */
export async function htmlToText(html: Uint8Array, charset: string | null): Promise<string> {
  const head = `Content-Type: text/html; charset=${/^[\w:.-]+$/.test(charset ?? '') ? charset : 'utf-8'}\n\n`
  try {
    const parsed = await simpleParser(Buffer.concat([Buffer.from(head), html]), {
      skipTextToHtml: true,
      maxHtmlLengthToParse,
    })
    return (parsed.text ?? '').replaceAll('\r\n', '\n')
  } catch {
    return ''
  }
}

/** Characters of HTML: prose that somebody quotes from is far shorter, and conversion is slow. */
const maxHtmlLengthToParse = 512 * 1024
