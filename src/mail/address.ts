import libmime from 'libmime'
import addressparser from 'nodemailer/lib/addressparser'
import type { Address } from './message.ts'

/** The `=?charset?q?...?=` form of RFC 2047, of which people write names with commas and brackets against §5 (3). */
const quotedWord = /=\?([\w*-]{1,40})\?[qQ]\?([^?]{0,998})\?=/g
const special = /[^\w.!*+/=? -]/g

/**
 * The mailboxes of the undecoded value of an address header: names decoded and without quotes, groups resolved to their members.
 * What has no address is dropped, but a name that an unquoted comma cut in two (`Doe, Jane <jane@example.org>`) is put together again.
 */
export function parseAddresses(value: string): readonly Address[] {
  const found: Address[] = []
  let pending: string[] = []
  for (const { name, address } of addressparser(value.replace(quotedWord, protectSpecials), { flatten: true })) {
    if (!address.includes('@')) {
      pending.push(name || address)
      continue
    }
    // RFC 2047 §5: no encoded word stands within an address; those of two archived mails were made of names.
    if (!address.includes('=?')) found.push({ name: cleanName([...pending, name].join(', ')), address: address.trim() })
    pending = []
  }
  return found
}

/** Specials within an encoded word, as `=XX`: the parser of addresses must not see them. */
function protectSpecials(_word: string, charset: string, text: string): string {
  const safe = text.replace(special, (char) => [...Buffer.from(char)].map(toHex).join(''))
  return `=?${charset}?q?${safe}?=`
}

function toHex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function cleanName(name: string): string {
  const decoded = name.includes('=?') ? libmime.decodeWords(name) : name
  return decoded
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
}
