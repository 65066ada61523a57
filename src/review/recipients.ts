import type { Address } from '../mail/message.ts'
import { isRewritten, senderOf } from '../mail/relay.ts'
import type { Envelope } from '../series/series.ts'

/** Who gets a reply. */
export type Recipients = { readonly to: readonly Address[]; readonly cc: readonly Address[] }

/** Who may be written to: the opted-in lists and people, and our own addresses; all in lower case. */
export type Audience = {
  readonly optedIn: (address: string) => boolean
  readonly ownAddresses: readonly string[]
  /** Addresses that are known to be lists: they wrote nothing. None where left out. */
  readonly lists?: readonly string[]
}

/**
 * To whom wrote the patch: the sender, the one whom a relay sent for ("via B4 Relay", whose address reaches nobody), and
 * the author that the mail's body names. A list that has put its address in the place of the writer's is none of them. In copy those of the patch's own recipients who opted in. Nobody is added; no address is
 * written to twice, and none of ours.
 */
export function recipientsOf(envelope: Envelope, author: Address, audience: Audience): Recipients {
  const { optedIn, ownAddresses, lists = [] } = audience
  const taken = new Set(ownAddresses)
  const once = ({ address }: Address): boolean => {
    const known = address.toLowerCase()
    if (!isAddress(address) || taken.has(known)) return false
    taken.add(known)
    return true
  }
  const rewritten = [envelope.from, author].filter(isRewritten).map(({ address }) => address.toLowerCase())
  const isWriter = ({ address }: Address): boolean => ![...lists, ...rewritten].includes(address.toLowerCase())
  const to = [envelope.from, senderOf(envelope), author].filter(isWriter).filter(once)
  const cc = [...envelope.to, ...envelope.cc].filter(({ address }) => optedIn(address.toLowerCase())).filter(once)
  return { to, cc }
}

/** One `@` between two words without blanks, brackets or controls: what can be written to a header as it is. */
function isAddress(address: string): boolean {
  return /^[^\s@<>(),;:\\"\u0000-\u001f\u007f]{1,64}@[^\s@<>(),;:\\"\u0000-\u001f\u007f]{1,255}$/.test(address)
}
