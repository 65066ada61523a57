/** A mail within an mbox: the line (1-based) of the file at which its bytes begin, how many they are, and they; null where that is over the limit. */
export type MboxMail = { readonly line: number; readonly size: number; readonly raw: Buffer | null }

const lineFeed = 0x0a
/** A line of a diff, or of hostile input, may have any length; it is looked at in pieces of this size. */
const longestLine = 64 * 1024
/** Bytes: an address has at most 254 (RFC 5321), a date some 30. */
export const longestFromLine = 1000

/**
 * The mails of an mbox, without their `From ` lines. A line is one of these where git mailsplit takes it for one (mailsplit.c
 * `is_from_line`) and a header follows, so that files which `git am` takes come apart in the same places. In a mailbox of
 * public-inbox (`From mboxrd@z`) the quoting of mboxrd is undone; whether another one is quoted nobody can know: it stays as it is,
 * as with git. No more than `maxBytes` and a chunk are held at a time.
 */
export async function* splitMbox(
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes }: { readonly maxBytes: number },
): AsyncGenerator<MboxMail> {
  let mail: Gathering | null = null
  let separator: Buffer | null = null
  let line = 1
  for await (const piece of splitLines(chunks)) {
    if (separator !== null) {
      if (mail === null || startsHeader(piece)) {
        if (mail !== null) yield finish(mail)
        mail = { line, size: 0, pieces: [], quoted: separator.toString('latin1').startsWith('From mboxrd@z ') }
      } else gather(mail, separator, maxBytes)
      separator = null
    }
    if (isFromLine(piece)) separator = piece
    else if (mail !== null) gather(mail, piece, maxBytes)
    if (piece.at(-1) === lineFeed) line++
  }
  if (mail !== null && separator !== null) gather(mail, separator, maxBytes)
  if (mail !== null) yield finish(mail)
}

type Gathering = { readonly line: number; readonly quoted: boolean; size: number; pieces: Buffer[] }

function gather(mail: Gathering, piece: Buffer, maxBytes: number): void {
  mail.size += piece.length
  if (mail.size <= maxBytes) mail.pieces.push(piece)
  else mail.pieces = []
}

function finish(mail: Gathering): MboxMail {
  const { line, size } = mail
  const raw = Buffer.concat(mail.quoted ? mail.pieces.map(unquote) : mail.pieces)
  return { line, size, raw: mail.pieces.length === 0 && size > 0 ? null : raw }
}

/** mboxrd: a line of the mail that is `From ` behind any number of `>` has one more of them in the mailbox. */
function unquote(line: Buffer): Buffer {
  return line[0] === 0x3e && /^>+From /.test(line.toString('latin1', 0, 200)) ? line.subarray(1) : line
}

/** Lines with their line feed; one longer than `longestLine` in pieces, of which only the last has it. */
async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk])
    let start = 0
    for (let feed = bytes.indexOf(lineFeed); feed !== -1; feed = bytes.indexOf(lineFeed, start)) {
      yield bytes.subarray(start, feed + 1)
      start = feed + 1
    }
    rest = bytes.subarray(start)
    if (rest.length <= longestLine) continue
    yield rest
    rest = Buffer.alloc(0)
  }
  if (rest.length > 0) yield rest
}

/** Whether a line parts mails: `From `, anything, a time whose last colon stands between digits, and a year past 90 (mailsplit.c `is_from_line`). */
export function isFromLine(line: Buffer): boolean {
  if (line.length < 20 || line.length > longestFromLine || line.toString('latin1', 0, 5) !== 'From ') return false
  const found = /\d.\d\d:\d\d([^:]*)$/s.exec(line.toString('latin1', 5))
  return found !== null && Number.parseInt((found[1] ?? '').trim(), 10) > 90
}

function startsHeader(line: Buffer): boolean {
  return /^>?(From |[!-9;-~]+[ \t]*:)/.test(line.toString('latin1', 0, 200))
}
