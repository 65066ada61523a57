import type { Address } from '../mail/message.ts'

/**
 * Whether an address in a trailer is that of the sender: the same one, one of the same mailbox (`a+kernel@x`), of a subdomain
 * (`a@linux.x` and `a@x`), or of the same name. b4 compares like that (LoreTrailer.email_eq, LoreMessage.get_trailers).
 */
export function isSamePerson(one: Address, other: Address): boolean {
  const [local, domain] = splitAddress(one.address)
  const [otherLocal, otherDomain] = splitAddress(other.address)
  if (local === otherLocal && local !== '') {
    if (domain === otherDomain || domain.endsWith(`.${otherDomain}`) || otherDomain.endsWith(`.${domain}`)) return true
  }
  const name = normalizeName(one.name)
  return name !== '' && name === normalizeName(other.name)
}

function splitAddress(address: string): readonly [local: string, domain: string] {
  const lower = address.toLowerCase()
  const at = lower.lastIndexOf('@')
  return at === -1 ? [lower, ''] : [lower.slice(0, at).replace(/\+.*$/u, ''), lower.slice(at + 1)]
}

/** A display name for comparison: lower case, without white space around and what a mail relay adds; `Doe, Jane` is `jane doe`. */
export function normalizeName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/ via .*$/u, '')
    .trim()
  const [last, first, ...rest] = plain.split(',').map((part) => part.trim())
  return rest.length === 0 && first !== undefined && last !== undefined ? `${first} ${last}` : plain
}
