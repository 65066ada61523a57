import { createHash } from 'node:crypto'
import { firstHeader, readHeaderBlock } from './header-block.ts'
import type { Headers } from './header-block.ts'
import { decodeUnstructured, messageIds } from './header-values.ts'
import { defaultMailLimits } from './limits.ts'

/** What places a mail in a thread: as in `Message`. */
export type Identity = {
  readonly id: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly subject: string
}

/** The identity of a mail from its bytes, of which only the headers are read; the same that `readMessage` gives. */
export function identify(raw: Uint8Array): Identity {
  const bytes = withoutFromLine(toBuffer(raw))
  return identityOf(readHeaderBlock(bytes, 0, Math.min(bytes.length, defaultMailLimits.headerBytes)).headers, bytes)
}

/** The identity that headers give; `raw` are the bytes of the mail, hashed where it has no Message-ID. */
export function identityOf(headers: Headers, raw: Buffer): Identity {
  const references = messageIds(firstHeader(headers, 'references') ?? '')
  const answered = messageIds(firstHeader(headers, 'in-reply-to') ?? '')
  return {
    id: messageIds(firstHeader(headers, 'message-id') ?? '')[0] ?? missingId(raw),
    inReplyTo: answered.find((id) => references.includes(id)) ?? answered[0] ?? null,
    references,
    subject: decodeUnstructured(firstHeader(headers, 'subject') ?? ''),
  }
}

/** The same bytes as a Buffer. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Drops the line that mailboxes and public-inbox's /raw put before a mail: `From mboxrd@z Thu Jan  1 00:00:00 1970`. */
export function withoutFromLine(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 0, 5) !== 'From ') return bytes
  const feed = bytes.indexOf('\n')
  return feed === -1 ? bytes : bytes.subarray(feed + 1)
}

function missingId(raw: Buffer): string {
  return `missing-${createHash('sha256').update(raw).digest('hex').slice(0, 40)}`
}
