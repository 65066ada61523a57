import { parseAddresses } from '../mail/address.ts'
import type { Address } from '../mail/message.ts'
import { isSamePerson } from './person.ts'
import { continues, parseTrailerLine, type TrailerLine } from './trailers.ts'

/** The trailers that a reply gives, and those it names for others: a maintainer who passes on someone's word, or a bot's advice. */
export type ReplyTrailers = { readonly given: readonly TrailerLine[]; readonly foreign: readonly TrailerLine[] }

/** Mail programs put this above the mail that is answered, unquoted. */
const quotedBelow = /^(?:-{2,}\s?(?:original message|forwarded message|ursprüngliche nachricht)|_{20,}$)/iu

/** What bots write above trailers for a fix of what they found: they are not for the patch that is answered. */
const advice = /\badd(?:ing)? (?:the )?following tags?\b|\bplease add\b.{0,40}\btags?\b/iu

/** Trailers of a patch that the reply proposes, not of the one that it answers. */
const ofOwnPatch = /^(?:signed-off-by|co-developed-by|reported-by|suggested-by|fixes)$/iu

/**
 * The trailers that the text of a reply gives to what it answers: `Reviewed-by:` and its like with an address, and `Fixes:`,
 * each on a line of its own, outside of quotes, of the signature and of a mail that is attached below. Where the
 * reply proposes a patch, its Signed-off-by is that patch's. Like b4, only what people give in their own name counts.
 */
export function replyTrailers(text: string, from: Address, kind: 'comments' | 'proposes-patch'): ReplyTrailers {
  const lines = ownLines(text)
  const given: TrailerLine[] = []
  const foreign: TrailerLine[] = []
  for (const trailer of joinTrailers(lines)) {
    if (kind === 'proposes-patch' && ofOwnPatch.test(trailer.name)) continue
    if (/^fixes$/iu.test(trailer.name)) {
      if (/^[0-9a-f]{7,40} \(/u.test(trailer.value)) given.push(trailer)
    } else if (/^[a-z-]{1,60}-by$/iu.test(trailer.name)) {
      const [person] = parseAddresses(trailer.value.replace(/[ \t]#.*$/u, ''))
      if (person === undefined) continue
      if (isSamePerson(person, from)) given.push(trailer)
      else foreign.push(trailer)
    }
  }
  return { given, foreign }
}

/** The lines that the sender wrote. Some programs put `Original Message` above a mail that they quote all the same. */
function ownLines(text: string): readonly string[] {
  const lines = text.split('\n')
  const lastQuote = lines.findLastIndex((line) => line.startsWith('>'))
  const end = lines.findIndex(
    (line, at) => line === '-- ' || advice.test(line) || (at > lastQuote && quotedBelow.test(line)),
  )
  return end === -1 ? lines : lines.slice(0, end)
}

/** The trailers among lines, wrapped ones put together. Up to four blanks before them are the sender's taste. */
function joinTrailers(lines: readonly string[]): readonly TrailerLine[] {
  const found: TrailerLine[] = []
  let open: TrailerLine | null = null
  for (const line of lines) {
    const trailer = parseTrailerLine(line.replace(/^ {1,4}/u, ''))
    if (trailer === null && open !== null && !/^\s/u.test(line) && continues(line, open)) {
      found[found.length - 1] = { name: open.name, value: `${open.value} ${line.trim()}` }
    } else if (trailer !== null) found.push(trailer)
    open = trailer
  }
  return found
}
