import { draftMails, toMail, type Correspondence } from '../app/draft-replies.ts'
import { openOutbox } from '../app/wire.ts'
import { parseAddresses } from '../mail/address.ts'
import type { Address } from '../mail/message.ts'
import type { Reply } from '../review/reply.ts'
import type { Review } from '../review/review.ts'
import { rules as allRules } from '../../rules/index.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** Who a mail is from that is only looked at. */
const nobody: Address = { name: 'kbuild-review', address: 'kbuild-review@localhost.invalid' }

/** Who writes the replies, as the configuration says. A review on the command line was asked for. */
export function correspondenceOf({
  config,
  rules,
  speaks,
  surroundings,
}: Pick<Session, 'config' | 'rules' | 'speaks' | 'surroundings'>): Correspondence {
  const { reply } = config
  const address = (text: string, key: string): Address => {
    const [found, ...more] = parseAddresses(text)
    if (found === undefined || more.length > 0 || !found.address.includes('@'))
      throw new UsageError(`reply.${key}: \`${text}\` is no mail address`)
    return found
  }
  return {
    identity: {
      from: reply ? address(reply.from, 'from') : nobody,
      replyTo: reply?.['reply-to'] === undefined ? null : address(reply['reply-to'], 'reply-to'),
    },
    cc: (reply?.cc ?? []).map((text) => address(text, 'cc').address.toLowerCase()),
    now: surroundings.clock(),
    asked: true,
    ruleCount: allRules.filter((rule) => rules.includes(rule)).length,
    speaks,
  }
}

/** The replies to a review; why there are none is told. */
export function draftsOf(review: Review, correspondence: Correspondence, terminal: Terminal): readonly Reply[] {
  const { replies, silent } = draftMails(review, correspondence)
  for (const { why } of silent) terminal.note(`no reply: ${why}`)
  return replies
}

/** Puts the replies to reviews in a maildir, each once however often it is made. Nothing is sent. */
export async function fillOutbox(
  directory: string,
  reviews: readonly Review[],
  { session, terminal }: { readonly session: Session; readonly terminal: Terminal },
): Promise<void> {
  if (session.config.reply === undefined)
    throw new UsageError('--outbox needs `reply.from` in the configuration: who the replies are from')
  const correspondence = correspondenceOf(session)
  const outbox = openOutbox(directory, (reply) => toMail(reply, correspondence, 'lf'))
  for (const review of reviews) {
    for (const reply of draftsOf(review, correspondence, terminal)) {
      const { kind, where } = await outbox.publish(reply)
      terminal.note(kind === 'published' ? `drafted ${where}` : `drafted before: ${where}`)
    }
  }
}
