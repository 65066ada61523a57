import { decodeBytes } from '../text/decode.ts'

/** The headers of a mail or part, in order: lower-case names, unfolded and undecoded values. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** A header block, and the offset at which what it heads begins. */
export type HeaderBlock = { readonly headers: Headers; readonly bodyStart: number; readonly end: number }

const lineFeed = 0x0a
const carriageReturn = 0x0d
/** RFC 5322 §3.6.8 `ftext`: printable ASCII but the colon. Blanks before the colon are the obsolete form of §4.5. */
const field = /^([!-9;-~]+)[ \t]*:/

/**
 * The header block that starts at `start`: it ends at the first empty line, or at `limit`. Lines that are neither a header nor
 * the continuation of one are dropped, as git does (mailinfo.c `read_one_header_line`). Values that are not ASCII are decoded as
 * UTF-8 where they are that, else one character a byte.
 */
export function readHeaderBlock(raw: Uint8Array, start: number, limit: number): HeaderBlock {
  const { end, bodyStart } = findEnd(raw, start, limit)
  const block = decodeBytes(raw.subarray(start, end)).text
  return { headers: splitHeaders(block), bodyStart, end }
}

/** The value of the first header of that lower-case name; null where there is none. */
export function firstHeader(headers: Headers, name: string): string | null {
  return headers.find(([header]) => header === name)?.[1] ?? null
}

/** `end` is behind the last header line, `bodyStart` behind the empty line. */
function findEnd(raw: Uint8Array, start: number, limit: number): { end: number; bodyStart: number } {
  let line = start
  while (line < limit) {
    if (raw[line] === lineFeed) return { end: line, bodyStart: line + 1 }
    if (raw[line] === carriageReturn && raw[line + 1] === lineFeed) return { end: line, bodyStart: line + 2 }
    const feed = raw.indexOf(lineFeed, line)
    if (feed === -1 || feed >= limit) break
    line = feed + 1
  }
  return { end: limit, bodyStart: limit }
}

function splitHeaders(block: string): Headers {
  const fields: { name: string; pieces: string[] }[] = []
  let foldable = false
  for (const line of block.split('\n')) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text.startsWith(' ') || text.startsWith('\t')) {
      if (foldable) fields.at(-1)?.pieces.push(text)
      continue
    }
    const name = field.exec(text)
    foldable = name !== null
    if (name) fields.push({ name: (name[1] ?? '').toLowerCase(), pieces: [text.slice(name[0].length)] })
  }
  return fields.map(({ name, pieces }) => [name, pieces.join('').trim()])
}
