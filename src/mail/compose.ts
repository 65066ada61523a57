import type { Address } from './message.ts'
import { encodeUnstructured, foldHeader, formatAddress, isSendable } from './write-header.ts'

/** A mail to write: a reply of a review, by its shape. */
export type Outgoing = {
  readonly messageId: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly subject: string
  /** Lines that are wrapped already. */
  readonly body: string
}

/** Who sends: the configured From, and the mailbox that a person reads. */
export type MailIdentity = { readonly from: Address; readonly replyTo: Address | null }

/** `date` in milliseconds since 1970; `run` names the run that made the mail; how lines end: SMTP wants `crlf`, files `lf`. */
export type ComposeOptions = { readonly date: number; readonly run: string | null; readonly lineEnd: 'lf' | 'crlf' }

/** What is our own is not fit for a mail: the From of the configuration, or a Message-ID that is none. */
export class ComposeError extends Error {
  override readonly name = 'ComposeError'
  readonly code = 'not-composable'
}

/** RFC 5321 §4.5.3.1.6: 1,000 bytes with CR LF. */
const longestLine = 998
const cutMark = ' [...]'
/** The first names the thread and the last ones where in it; more than this only mails made to be long have. */
const mostReferences = 100

/**
 * The bytes of a mail as kernel lists want it: text/plain in one part, 7bit, or 8bit UTF-8 where it is not ASCII, never encoded or
 * flowed. The same input gives the same bytes. Recipients that cannot be sent to, and Message-IDs that are none, are left out;
 * nothing in the input can add a header. Lines over the limit of SMTP are cut. Throws `ComposeError`.
 */
export function composeMail(mail: Outgoing, identity: MailIdentity, options: ComposeOptions): Uint8Array {
  if (!isSendable(identity.from)) throw new ComposeError(`cannot send as \`${identity.from.address}\``)
  if (!isMessageId(mail.messageId)) throw new ComposeError(`\`${mail.messageId}\` is no Message-ID`)
  const body = cleanBody(mail.body)
  const ascii = /^[\x00-\x7f]*$/.test(body)
  const headers = [
    foldHeader('From', formatAddress(identity.from)),
    addressHeader('To', mail.to),
    addressHeader('Cc', mail.cc),
    addressHeader('Reply-To', identity.replyTo ? [identity.replyTo] : []),
    foldHeader('Subject', encodeUnstructured(mail.subject)),
    foldHeader('Date', new Date(options.date).toUTCString().replace('GMT', '+0000')),
    foldHeader('Message-ID', `<${mail.messageId}>`),
    idHeader('In-Reply-To', mail.inReplyTo === null ? [] : [mail.inReplyTo]),
    idHeader('References', mail.references),
    foldHeader('MIME-Version', '1.0'),
    foldHeader('Content-Type', `text/plain; charset=${ascii ? 'us-ascii' : 'utf-8'}`),
    foldHeader('Content-Transfer-Encoding', ascii ? '7bit' : '8bit'),
    // RFC 3834 §5: so that no other robot answers.
    foldHeader('Auto-Submitted', 'auto-generated'),
    options.run === null ? '' : foldHeader('X-Kbuild-Review-Run', encodeUnstructured(options.run)),
  ]
  const text = `${headers.join('')}\n${body}`
  return Buffer.from(options.lineEnd === 'crlf' ? text.replaceAll('\n', '\r\n') : text, 'utf8')
}

function addressHeader(name: string, addresses: readonly Address[]): string {
  const sendable = addresses.filter(isSendable).map(formatAddress)
  return sendable.length === 0 ? '' : foldHeader(name, [...new Set(sendable)].join(', '))
}

function idHeader(name: string, ids: readonly string[]): string {
  const good = ids.filter(isMessageId)
  const kept = good.length > mostReferences ? [...good.slice(0, 1), ...good.slice(1 - mostReferences)] : good
  return kept.length === 0 ? '' : foldHeader(name, kept.map((id) => `<${id}>`).join(' '))
}

/** What may stand between the brackets, and fits into a line. Real ones have specials (`/`, `=`, `$`), so only the brackets and blanks are out. */
function isMessageId(id: string): boolean {
  return id.length <= 900 && /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(id)
}

/** Lines end in `\n`, the last one too; control characters, which a terminal would obey, are `?`. */
function cleanBody(body: string): string {
  const lines = body
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '?')
    .split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${cutLine(line)}\n`).join('')
}

function cutLine(line: string): string {
  if (Buffer.byteLength(line) <= longestLine) return line
  const bytes = Buffer.from(line)
  let end = longestLine - cutMark.length
  // Not within a character: its further bytes are 10xxxxxx.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}${cutMark}`
}
