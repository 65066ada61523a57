import { createHash } from 'node:crypto'

/**
 * What a mail of ours is about: one patch, several of them, or a series that does not apply, or in which nothing was found; or what a person asked for in a mail: another
 * test, or an answer.
 */
export type ReplyKind = 'patch' | 'summary' | 'conflict' | 'clean' | 'retest' | 'answer'

/**
 * The key of a reply: `kr.` and 52 characters of base32. The same series, patch and kind give the same key for ever, so
 * that a reply which is made again is known for the one that was sent. With `@` and a domain it is the Message-ID.
 */
export function replyKey(series: string, answered: string, kind: ReplyKind): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([series, answered, kind]))
    .digest()
  return `kr.${base32(digest)}`
}

/** RFC 4648 §6 in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
  let result = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer & 0x1f) << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) result += alphabet.charAt((buffer >> (bits - 5)) & 0x1f)
  }
  return bits > 0 ? result + alphabet.charAt((buffer << (5 - bits)) & 0x1f) : result
}
