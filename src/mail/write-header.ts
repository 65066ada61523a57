import { domainToASCII } from 'node:url'
import libmime from 'libmime'
import type { Address } from './message.ts'

/** RFC 5322 §2.1.1: lines should have at most 78 characters. */
const lineLength = 78
/** RFC 2047 §2: an encoded word has at most 75; the rest is room for the name of a header. */
const wordLength = 60

const controls = /[\s\x00-\x1f\x7f-\x9f]+/g
/** RFC 5322 §3.2.3 `atom` with blanks between: a name that needs no quotes. */
const atoms = /^[\w!#$%&'*+/=?^`{|}~ -]*$/

/**
 * A header, folded at blanks, with `\n` between its lines and behind the last. The value must be ASCII, as the other functions here
 * give it; blanks and control characters in it become one blank each, so no value can start another header.
 */
export function foldHeader(name: string, value: string): string {
  let line = `${name}:`
  let header = ''
  for (const word of value.replace(controls, ' ').trim().split(' ')) {
    if (line.length + 1 + word.length > lineLength && line !== `${name}:`) {
      header += `${line}\n`
      line = ''
    }
    line += ` ${word}`
  }
  return `${header}${line}\n`
}

/** Text for an unstructured header such as Subject: what is not ASCII, or would be read as encoded, in encoded words (RFC 2047). */
export function encodeUnstructured(text: string): string {
  const clean = text.replace(controls, ' ').trim()
  if (looksEncoded(clean)) return encodeAll(clean)
  return isAscii(clean) ? clean : libmime.encodeWords(clean.toWellFormed(), 'Q', wordLength)
}

/** A mailbox for an address header: the name bare, quoted or encoded as RFC 5322 and 2047 want it. */
export function formatAddress({ name, address }: Address): string {
  const mailbox = asciiDomain(address) ?? address.replace(controls, '')
  const clean = name.replace(controls, ' ').trim()
  if (clean === '') return mailbox
  if (!isAscii(clean) || looksEncoded(clean)) return `${encodeAll(clean)} <${mailbox}>`
  return `${atoms.test(clean) ? clean : `"${clean.replace(/["\\]/g, '\\$&')}"`} <${mailbox}>`
}

/** Whether mail can be sent to an address: one `@`, a local part of ASCII without specials, a domain that DNS could have. */
export function isSendable({ address }: Address): boolean {
  return asciiDomain(address) !== null
}

/** The address with its domain in ASCII; null where it is none that can be sent to without SMTPUTF8 (RFC 6531) or quoting. */
function asciiDomain(address: string): string | null {
  const [, local, domain] = /^([\w.!#$%&'*+/=?^`{|}~-]{1,64})@([^\s@<>()[\],;:\\"]{1,253})$/.exec(address) ?? []
  if (local === undefined || domain === undefined) return null
  const ascii = domainToASCII(domain)
  return /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(ascii) ? `${local}@${ascii}` : null
}

/** What readers would decode although nobody encoded it, and words that no line takes. */
function looksEncoded(text: string): boolean {
  return text.includes('=?') || /\S{70}/.test(text)
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

function encodeAll(text: string): string {
  return libmime.encodeWord(text.toWellFormed(), 'Q', wordLength)
}
