import { parseAddresses } from './address.ts'
import { headerValues } from './message.ts'
import type { Address, Message } from './message.ts'

/** `Jane Doe via B4 Relay`, `'Jane Doe' via boards`: what relays and lists that rewrite From make of a name. */
const viaName = /^'?(.+?)'? via \S.*$/
/** The b4 relay sends as `NAME via B4 Relay <devnull+LOCAL.DOMAIN@kernel.org>`, with X-Original-From: 43 mails of the archives. */
const devnull = /^devnull\+[^@]+@kernel\.org$/i

/** Whether mail to this address of a From header reaches a relay or a list instead of who wrote the mail. */
export function isRelay(from: Address): boolean {
  return devnull.test(from.address) || viaName.test(from.name)
}

/** Whether a list has put its own address in the place of the writer's: mail to it reaches all of the list. The relay of b4 is none. */
export function isRewritten(from: Address): boolean {
  return viaName.test(from.name) && !devnull.test(from.address)
}

/**
 * Who sent a mail: its From, or behind a relay what it keeps of it: X-Original-From, else the only address of Reply-To,
 * else From with the name alone put right, whose address is then still the relay's.
 */
export function senderOf(message: Pick<Message, 'from' | 'replyTo' | 'headers'>): Address {
  const { from, replyTo } = message
  if (!isRelay(from)) return from
  const name = viaName.exec(from.name)?.[1] ?? from.name
  const original = headerValues(message, 'x-original-from').flatMap(parseAddresses)[0]
  if (original) return original
  const [only, ...others] = replyTo
  if (only && others.length === 0) return { name: only.name || name, address: only.address }
  return { name, address: from.address }
}
