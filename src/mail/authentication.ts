import { parseAddresses } from './address.ts'
import { headerValues, type Message } from './message.ts'

/**
 * Whether a mail is from whom its From says: the server that took it for us found a DKIM signature of that domain, or one above it, good, or
 * DMARC passed. Believed is the topmost Authentication-Results of one of the `trusted` servers alone: each server writes its own
 * above what the mail brought (RFC 8601 §4.1), and takes away what claims to be its own (§5). A mail with several From is from nobody.
 */
export function isAuthentic(message: Pick<Message, 'headers'>, trusted: readonly string[]): boolean {
  const authors = headerValues(message, 'from').flatMap(parseAddresses)
  const domain = authors[0]?.address.toLowerCase().split('@').at(-1) ?? ''
  if (authors.length !== 1 || headerValues(message, 'from').length !== 1 || !domain.includes('.')) return false
  const results = headerValues(message, 'authentication-results').map(parseAuthenticationResults)
  const ours = results.find((each) => each !== null && trusted.includes(each.server))
  return (ours?.results ?? []).some((each) => vouches(each, domain))
}

/** RFC 7489 §3.1.1: the domain of From, or with relaxed alignment one that it is below; never a top level. */
function vouches({ method, result, properties }: MethodResult, domain: string): boolean {
  if (result !== 'pass') return false
  if (method === 'dmarc') return properties.get('header.from') === domain
  if (method !== 'dkim') return false
  const identity = properties.get('header.i')?.split('@').at(-1)
  const signer = properties.get('header.d') ?? identity ?? ''
  return signer.includes('.') && (domain === signer || domain.endsWith(`.${signer}`))
}

/** What a method found: `dkim=pass header.d=example.org`. All in lower case. */
export type MethodResult = {
  readonly method: string
  readonly result: string
  readonly properties: ReadonlyMap<string, string>
}

/** An Authentication-Results header: the server that wrote it, and what it found. */
export type AuthenticationResults = { readonly server: string; readonly results: readonly MethodResult[] }

const mostResults = 50

/** Characters of a header that are read; servers write a few hundred, and those of a stranger may be many. */
const mostCharacters = 16_384

/**
 * Reads the value of an Authentication-Results header (RFC 8601 §2.2); null where it is none. Comments are dropped. Of one that is very
 * long the beginning counts, up to the last result that is whole: half a domain is another's.
 */
export function parseAuthenticationResults(value: string): AuthenticationResults | null {
  const parts = splitOutside(value.slice(0, mostCharacters).toLowerCase())
  const [head = '', ...rest] = value.length > mostCharacters && parts.length > 1 ? parts.slice(0, -1) : parts
  // The name, then perhaps a version.
  const server = /^[^\s=]+(?=\s|$)/.exec(head.trim())?.[0]?.replaceAll('"', '')
  if (server === undefined) return null
  return { server, results: rest.slice(0, mostResults).flatMap(resultOf) }
}

function resultOf(text: string): readonly MethodResult[] {
  // blanks first: `\s*=` would look for the sign anew from each of many blanks
  const words = text.replaceAll(/\s+/g, ' ').replaceAll(/ ?= ?/g, '=').trim().split(' ')
  const [method = '', result = ''] = words[0]?.split('=') ?? []
  if (method === '' || result === '') return []
  const properties = new Map<string, string>()
  for (const word of words.slice(1)) {
    const equals = word.indexOf('=')
    const name = word.slice(0, equals)
    // the first counts: what follows may have been added
    if (equals > 0 && !properties.has(name)) properties.set(name, word.slice(equals + 1).replaceAll('"', ''))
  }
  return [{ method: method.split('/')[0] ?? '', result, properties }]
}

/** Parts a value at its semicolons, without comments; a semicolon or bracket in quotes is a character. */
function splitOutside(value: string): readonly string[] {
  const parts: string[] = []
  let part = ''
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < value.length; at++) {
    const character = value.charAt(at)
    if (character === '\\') {
      if (depth === 0) part += value.charAt(at + 1)
      at++
    } else if (isQuoted) {
      isQuoted = character !== '"'
      // what stands in quotes is no word that we look for
      if (depth === 0 && !/[\s=;]/.test(character)) part += character
    } else if (character === '"' && depth === 0) isQuoted = true
    else if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth > 0) continue
    else if (character === ';') {
      parts.push(part)
      part = ''
    } else part += character
  }
  return [...parts, part]
}
