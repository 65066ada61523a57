import { Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { defaultMailLimits, refuse } from '../mail/limits.ts'
import type { MailLimits } from '../mail/limits.ts'
import type { ReadResult } from '../mail/message.ts'
import { readMessage } from '../mail/read.ts'
import type { ReadOptions } from '../mail/read.ts'
import { isFromLine, longestFromLine, splitMbox } from './mbox.ts'

/** How the mails of a file are read. */
export type StreamOptions = {
  readonly now: number
  readonly limits?: MailLimits
  /** Reads a mail; `readMessage` where it is not given. */
  readonly read?: (raw: Uint8Array, options: ReadOptions) => Promise<ReadResult>
}

/**
 * The mails in a stream of bytes: an mbox, or one mail, either gzipped or not. `path` is the name that origins and refusals give it;
 * the line of an origin is that at which the bytes of the mail begin.
 */
export async function* readMailStream(
  stream: Readable,
  path: string,
  options: StreamOptions,
): AsyncGenerator<ReadResult> {
  const { chunks, firstLine, line } = await openText(stream)
  if (firstLine.length === 0) yield refuse('not-a-mail', `\`${path}\` is empty`)
  else if (isFromLine(firstLine)) yield* readMbox(chunks, { path, line }, options)
  else yield await readSingle(chunks, { path, line, firstLine }, options)
}

type Place = { readonly path: string; readonly line: number }

async function* readMbox(
  chunks: AsyncIterable<Uint8Array>,
  start: Place,
  options: StreamOptions,
): AsyncGenerator<ReadResult> {
  const maxBytes = (options.limits ?? defaultMailLimits).mailBytes
  for await (const mail of splitMbox(chunks, { maxBytes })) {
    const place = { path: start.path, line: start.line - 1 + mail.line }
    if (mail.raw === null) yield refuse('too-large', `${at(place)}: ${mail.size} bytes, more than ${maxBytes}`)
    else yield await readAt(mail.raw, place, options)
  }
}

async function readSingle(
  chunks: AsyncIterable<Uint8Array>,
  place: Place & { readonly firstLine: Buffer },
  options: StreamOptions,
): Promise<ReadResult> {
  const maxBytes = (options.limits ?? defaultMailLimits).mailBytes
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > maxBytes) return refuse('too-large', `${at(place)}: more than ${maxBytes} bytes`)
    pieces.push(chunk)
  }
  if (/^(diff -|Index: |--- )/.test(place.firstLine.toString('latin1'))) {
    return refuse('not-a-mail', `${at(place)}: a diff without a mail around it; \`git format-patch\` makes mails`)
  }
  return readAt(Buffer.concat(pieces), place, options)
}

async function readAt(raw: Buffer, place: Place, options: StreamOptions): Promise<ReadResult> {
  const { now, limits, read = readMessage } = options
  const origin = { kind: 'file', path: place.path, line: place.line } as const
  const result = await read(raw, limits === undefined ? { now, origin } : { now, origin, limits })
  return result.kind === 'message' ? result : { ...result, reason: `${at(place)}: ${result.reason}` }
}

function at({ path, line }: Place): string {
  return `\`${path}:${line}\``
}

/** Text to read, from its first line that is not blank (mailsplit.c skips blanks, too), and that line with its number. */
type Opened = { readonly chunks: AsyncIterable<Uint8Array>; readonly firstLine: Buffer; readonly line: number }

async function openText(stream: Readable): Promise<Opened> {
  const { head, rest } = await peek(stream, 2)
  const zipped = head[0] === 0x1f && head[1] === 0x8b
  const plain = zipped ? unzip(prepend(head, rest)) : Readable.from(prepend(head, rest))
  let skipped = 0
  let line = 1
  const start = await peek(plain, longestFromLine)
  for (; skipped < start.head.length && isBlank(start.head[skipped]); skipped++)
    if (start.head[skipped] === 0x0a) line++
  const text = start.head.subarray(skipped)
  const feed = text.indexOf(0x0a)
  return { chunks: prepend(text, start.rest), firstLine: feed === -1 ? text : text.subarray(0, feed + 1), line }
}

function unzip(chunks: AsyncIterable<Uint8Array>): Readable {
  // What goes wrong ends the unzipped stream with the same error, which its reader sees.
  return pipeline(Readable.from(chunks), createGunzip(), () => undefined)
}

/** At least `bytes` bytes of a stream, where it has as many, and what follows them. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ head: Buffer; rest: AsyncIterator<Uint8Array> }> {
  const rest = stream[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < bytes) {
    const next = await rest.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  return { head, rest }
}

async function* prepend(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (;;) {
    const next = await rest.next()
    if (next.done === true) return
    yield next.value
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)
}
