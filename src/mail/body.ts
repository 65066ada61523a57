import { decodeBytes, toBinaryString } from '../text/decode.ts'
import type { Part } from './parts.ts'

const carriageReturn = 0x0d
const lineFeed = 0x0a
const equalsSign = 0x3d

/**
 * The bytes of a part with its transfer encoding undone, as `git mailinfo` sees them: CR LF of the mail is LF (git mailsplit
 * without --keep-cr), base64 is decoded line by line (mailinfo.c `decode_b_segment`), format=flowed stays as it is. Where an encoded
 * text ends every line in CR LF, as RFC 2045 §6.8 wants, they are LF, as with `git am --quoted-cr=strip`.
 * A view of `raw` where nothing had to change.
 */
export function partBytes(raw: Buffer, part: Part): Buffer {
  const written = withoutCarriageReturns(raw.subarray(part.start, part.end))
  if (part.encoding === 'base64') return canonicalToUnix(decodeBase64(written))
  if (part.encoding === 'quoted-printable') return canonicalToUnix(decodeQuotedPrintable(written))
  return written
}

/** Bytes decoded by the charset of their part, lines ending in `\n`. A charset that is unknown or not true gives one character a byte. */
export function decodeText(bytes: Uint8Array, charset: string | null): string {
  const text = decodeCharset(bytes, charset)
  return text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text
}

function decodeCharset(bytes: Uint8Array, charset: string | null): string {
  const label = (charset ?? 'us-ascii').trim().toLowerCase()
  // What says us-ascii and has 8-bit bytes is UTF-8 far more often than windows-1252, which the label stands for on the web.
  if (/^(us-)?ascii$|^utf-?8$|^unknown-8bit$/.test(label)) return decodeBytes(bytes).text
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return decodeBytes(bytes).text
  }
}

/**
 * As mailinfo.c `decode_q_segment`: `=XX` is a byte, a line that ends in `=` goes on in the next one, all else stands for itself.
 * Not libqp 2.1.2: its `/[\t ]+$/gm` takes a minute for 100 kB of blanks.
 */
function decodeQuotedPrintable(written: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(written.length)
  let length = 0
  for (let at = 0; at < written.length; at++) {
    const byte = written[at] ?? 0
    const next = written[at + 1]
    const code = byte === equalsSign ? hexByte(next, written[at + 2]) : -1
    if (code !== -1) {
      decoded[length++] = code
      at += 2
    } else if (byte === equalsSign && (next === lineFeed || next === undefined)) at++
    else decoded[length++] = byte
  }
  return decoded.subarray(0, length)
}

/** The byte that two hexadecimal digits stand for; -1 where they are none. */
function hexByte(high: number | undefined, low: number | undefined): number {
  const values = [hexDigit(high), hexDigit(low)] as const
  return values[0] === -1 || values[1] === -1 ? -1 : values[0] * 16 + values[1]
}

function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function decodeBase64(written: Buffer): Buffer {
  const lines = toBinaryString(written).split('\n')
  return Buffer.concat(lines.map((line) => Buffer.from(line, 'base64')))
}

/** A diff of a file with CR LF has LF in its own headers, so only a text whose every line ends in CR LF got them from the mailer. */
function canonicalToUnix(bytes: Buffer): Buffer {
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at - 1] !== carriageReturn) return bytes
  }
  return withoutCarriageReturns(bytes)
}

function withoutCarriageReturns(bytes: Buffer): Buffer {
  let from = bytes.indexOf('\r\n', 0, 'latin1')
  if (from === -1) return bytes
  const kept = Buffer.allocUnsafe(bytes.length)
  let length = bytes.copy(kept, 0, 0, from)
  while (from !== -1) {
    const next = bytes.indexOf('\r\n', from + 2, 'latin1')
    length += bytes.copy(kept, length, from + 1, next === -1 ? bytes.length : next)
    from = next
  }
  return kept.subarray(0, length)
}
