import { parseAddresses } from './address.ts'
import { decodeText, partBytes } from './body.ts'
import { firstHeader, readHeaderBlock } from './header-block.ts'
import type { Headers } from './header-block.ts'
import { decodeUnstructured, parseDate } from './header-values.ts'
import { htmlToText } from './html.ts'
import { identityOf, toBuffer, withoutFromLine } from './identify.ts'
import { defaultMailLimits, refuse } from './limits.ts'
import type { MailLimits } from './limits.ts'
import type { Address, Attachment, Message, Origin, ReadResult } from './message.ts'
import { listParts } from './parts.ts'
import type { Part } from './parts.ts'

/** What reading a mail needs besides its bytes: `now` in milliseconds, where it came from, and how much of it is looked at. */
export type ReadOptions = { readonly now: number; readonly origin: Origin; readonly limits?: MailLimits }

/**
 * The mail that the bytes are, or why they are refused; never throws. A mailbox's `From ` line before the headers is dropped.
 * `message.body` and `message.raw` may be views of `raw`, which must not be changed afterwards.
 */
export async function readMessage(raw: Uint8Array, options: ReadOptions): Promise<ReadResult> {
  try {
    return await read(raw, options)
  } catch (error) {
    // The libraries for encoded words, addresses and HTML are not ours, and the input is a stranger's.
    return refuse('parser-failed', `the parser failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function read(raw: Uint8Array, options: ReadOptions): Promise<ReadResult> {
  const limits = options.limits ?? defaultMailLimits
  if (raw.length > limits.mailBytes) return refuse('too-large', `${raw.length} bytes, more than ${limits.mailBytes}`)
  const bytes = withoutFromLine(toBuffer(raw))
  const block = readHeaderBlock(bytes, 0, Math.min(bytes.length, limits.headerBytes))
  if (block.end >= limits.headerBytes) {
    return refuse('headers-too-large', `the headers have more than ${limits.headerBytes} bytes`)
  }
  if (!isMail(block.headers)) return refuse('not-a-mail', 'no From, Date, Subject or Message-ID header')
  const listed = listParts(bytes, block.headers, block.bodyStart, limits)
  if (listed.kind === 'refused') return listed
  const content = await readContent(bytes, listed.parts)
  return { kind: 'message', message: { ...envelopeOf(block.headers, bytes, options), ...content } }
}

function isMail(headers: Headers): boolean {
  return headers.some(([name]) => name === 'from' || name === 'subject' || name === 'message-id' || name === 'date')
}

type Envelope = Omit<Message, 'text' | 'body' | 'attachments'>

function envelopeOf(headers: Headers, raw: Buffer, options: ReadOptions): Envelope {
  const addresses = (name: string): readonly Address[] =>
    headers.filter(([header]) => header === name).flatMap(([, value]) => parseAddresses(value))
  return {
    ...identityOf(headers, raw),
    from: addresses('from')[0] ?? { name: decodeUnstructured(firstHeader(headers, 'from') ?? ''), address: '' },
    replyTo: addresses('reply-to'),
    to: addresses('to'),
    cc: addresses('cc'),
    date: parseDate(firstHeader(headers, 'date'), options.now),
    headers,
    raw,
    origin: options.origin,
  }
}

async function readContent(
  raw: Buffer,
  parts: readonly Part[],
): Promise<Pick<Message, 'text' | 'body' | 'attachments'>> {
  const own = ownText(parts)
  const body = own === null ? Buffer.alloc(0) : partBytes(raw, own)
  const text =
    own?.contentType === 'text/html' ? await htmlToText(body, own.charset) : decodeText(body, own?.charset ?? null)
  const attachments = parts.filter((part) => part !== own && holdsText(part)).map((part) => toAttachment(raw, part))
  return { body, text, attachments }
}

/** The part that is the mail's own text: the first plain one, else the first text that is not attached, HTML included. */
function ownText(parts: readonly Part[]): Part | null {
  const inline = parts.filter((part) => !part.attached && part.contentType.startsWith('text/'))
  return inline.find((part) => part.contentType === 'text/plain') ?? inline[0] ?? null
}

/** Patches come attached as text/x-patch, text/plain, application/octet-stream and more: by type or by name. */
function holdsText(part: Part): boolean {
  if (part.contentType === 'text/html') return false
  return part.contentType.startsWith('text/') || /\.(patch|diff|txt|mbox|eml)$/i.test(part.filename ?? '')
}

function toAttachment(raw: Buffer, part: Part): Attachment {
  return { filename: part.filename, contentType: part.contentType, body: partBytes(raw, part) }
}
