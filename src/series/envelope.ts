import type { Message } from '../mail/message.ts'
import type { Envelope } from './series.ts'

/** Headers that say how a mail is to be treated, and by which program it came. */
const keptHeaders = new Set([
  'auto-submitted',
  'list-id',
  'mail-followup-to',
  'precedence',
  'x-b4-tracking',
  'x-loop',
  'x-mailer',
  'x-mailing-list',
  'x-original-from',
  'x-stable',
])

/** What a reply needs of a mail. */
export function envelopeOf(message: Message): Envelope {
  const { id, inReplyTo, references, from, replyTo, to, cc, date, subject, origin } = message
  const headers = message.headers.filter(([name]) => keptHeaders.has(name) || name.startsWith('x-kbuild-review-'))
  return { id, inReplyTo, references, from, replyTo, to, cc, date, subject, headers, origin }
}
