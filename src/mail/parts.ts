import libmime from 'libmime'
import { firstHeader, readHeaderBlock } from './header-block.ts'
import type { Headers } from './header-block.ts'
import { refuse } from './limits.ts'
import type { MailLimits, Refusal } from './limits.ts'

/** How the bytes of a part are written; an encoding that is not known counts as `identity`. */
export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable'

/** A part of a mail that holds no other parts; of a plain mail the only one. */
export type Part = {
  /** Lower case; `text/plain` where none is said or what is said cannot be read. */
  readonly contentType: string
  /** As written; null where none is said. */
  readonly charset: string | null
  readonly encoding: TransferEncoding
  /** Whether its Content-Disposition is `attachment`. */
  readonly attached: boolean
  readonly filename: string | null
  /** Where its still encoded bytes lie in the mail, half-open. */
  readonly start: number
  readonly end: number
}

/** The parts of a mail in order, or the limit that it breaks. */
export type PartList = { readonly kind: 'parts'; readonly parts: readonly Part[] } | Refusal

/** A part whose end is not found yet. */
type Open = { readonly content: Content; readonly start: number }

const dash = 0x2d
const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * The parts of a mail whose headers are read: one pass over its lines with a stack of boundaries, as RFC 2046 §5.1 and git
 * (mailinfo.c `handle_boundary`) do. The boundary of an outer multipart ends the inner ones. A mail within the mail
 * (message/rfc822) is one part. Preamble and epilogue are in no part. The line break before a boundary, which RFC 2046 gives to the
 * boundary, stays with the part: a diff that lost its last one applies no more.
 */
export function listParts(raw: Buffer, headers: Headers, bodyStart: number, limits: MailLimits): PartList {
  const top = contentOf(headers)
  if (top.boundary === null) return { kind: 'parts', parts: [toPart(top, { start: bodyStart, end: raw.length })] }
  return walkParts(raw, bodyStart, top.boundary, limits)
}

function walkParts(raw: Buffer, bodyStart: number, boundary: Buffer, limits: MailLimits): PartList {
  const parts: Part[] = []
  const stack = [boundary]
  let seen = 1
  let open: Open | null = null
  const close = (end: number): void => {
    if (open !== null) parts.push(toPart(open.content, { start: open.start, end: Math.max(open.start, end) }))
    open = null
  }
  for (let line = nextDashes(raw, bodyStart); line !== -1; line = nextDashes(raw, line)) {
    const hit = matchBoundary(raw, line, stack)
    if (hit === null) {
      line = endOfLine(raw, line)
      continue
    }
    close(line)
    stack.length = hit.closing ? hit.level : hit.level + 1
    line = endOfLine(raw, line)
    if (stack.length === 0) break
    if (hit.closing) continue
    if (++seen > limits.parts) return refuse('too-many-parts', `more than ${limits.parts} parts`)
    const block = readHeaderBlock(raw, line, Math.min(raw.length, line + limits.headerBytes))
    if (block.end - line >= limits.headerBytes) {
      return refuse('headers-too-large', `the headers of part ${seen} have more than ${limits.headerBytes} bytes`)
    }
    line = block.bodyStart
    const content = contentOf(block.headers)
    if (content.boundary === null) open = { content, start: line }
    else if (stack.length >= limits.depth) return refuse('too-deep', `multiparts more than ${limits.depth} deep`)
    else stack.push(content.boundary)
  }
  close(raw.length)
  return { kind: 'parts', parts }
}

/** The start of the next line, from the line start `from` on, that begins with two dashes; -1 where there is none. */
function nextDashes(raw: Buffer, from: number): number {
  if (raw[from] === dash && raw[from + 1] === dash) return from
  const at = raw.indexOf('\n--', Math.max(0, from - 1), 'latin1')
  return at === -1 ? -1 : at + 1
}

/** Which container's boundary the line is, innermost first, and whether it closes it. */
function matchBoundary(
  raw: Buffer,
  line: number,
  stack: readonly Buffer[],
): { level: number; closing: boolean } | null {
  for (let level = stack.length - 1; level >= 0; level--) {
    const boundary = stack[level]
    if (!boundary?.equals(raw.subarray(line, line + boundary.length))) continue
    const rest = line + boundary.length
    const closing = raw[rest] === dash && raw[rest + 1] === dash
    if (closing || isBlank(raw, rest, endOfLine(raw, rest))) return { level, closing }
  }
  return null
}

function isBlank(raw: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = raw[at]
    if (byte !== 0x20 && byte !== 0x09 && byte !== carriageReturn && byte !== lineFeed) return false
  }
  return true
}

function endOfLine(raw: Buffer, from: number): number {
  const feed = raw.indexOf(lineFeed, from)
  return feed === -1 ? raw.length : feed + 1
}

type Content = {
  readonly type: string
  readonly params: Readonly<Record<string, string>>
  readonly boundary: Buffer | null
  readonly headers: Headers
}

function contentOf(headers: Headers): Content {
  const parsed = libmime.parseHeaderValue(firstHeader(headers, 'content-type') ?? '')
  const type = parsed.value.trim().toLowerCase()
  const boundary = type.startsWith('multipart/') ? parsed.params['boundary'] : undefined
  return {
    type: /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? type : 'text/plain',
    params: parsed.params,
    boundary: boundary ? Buffer.from(`--${boundary}`, 'utf8') : null,
    headers,
  }
}

function toPart(content: Content, range: { start: number; end: number }): Part {
  const disposition = libmime.parseHeaderValue(firstHeader(content.headers, 'content-disposition') ?? '')
  const filename = disposition.params['filename'] ?? content.params['name'] ?? ''
  return {
    contentType: content.type.startsWith('multipart/') ? 'text/plain' : content.type,
    charset: content.params['charset'] ?? null,
    encoding: encodingOf(firstHeader(content.headers, 'content-transfer-encoding')),
    attached: disposition.value.trim().toLowerCase() === 'attachment',
    filename: filename === '' ? null : libmime.decodeWords(filename),
    ...range,
  }
}

function encodingOf(value: string | null): TransferEncoding {
  const encoding = (value ?? '').trim().toLowerCase()
  return encoding === 'base64' || encoding === 'quoted-printable' ? encoding : 'identity'
}
