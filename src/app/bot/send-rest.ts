import type { Delivery, Mailer } from '../../ports.ts'
import { notePostponed, type Ending, type KeptReply, type TakenReply } from '../../store/outbox.ts'
import { versionById } from '../../store/versions.ts'
import { toMail } from '../draft-replies.ts'
import { gather } from './assemble.ts'
import type { Bot } from './bot.ts'
import { cutRecipients } from './cut-recipients.ts'
import { describe } from './intake.ts'
import { policyOf } from './judge.ts'

/** RFC 5321 §4.5.4.1: a destination that put a mail off is tried again after 30 minutes at the earliest, and given up after four to five days. */
export const restWaitMs = 30 * 60_000
const giveUpMs = 5 * 24 * 3_600_000

/** Who is to get a reply now: all of its recipients but those that the server put off. */
export function recipientsOf({ reply, postponed }: Pick<KeptReply, 'reply' | 'postponed'>): readonly string[] {
  const all = new Set([...reply.to, ...reply.cc].map(({ address }) => address))
  return [...all].filter((address) => !postponed.includes(address))
}

/**
 * Sends a reply that others have to the recipients that the server put off. None of them gets it twice: where a connection breaks so late that
 * they may have it, they are left alone.
 */
export async function sendRest(bot: Bot, mailer: Mailer, taken: TakenReply): Promise<Ending> {
  const now = bot.clock()
  const { reply } = taken
  if ((taken.dated ?? now) + giveUpMs < now)
    return restEnds(taken, now, `never taken for ${taken.postponed.join(', ')}`)
  let allowed: readonly string[] | string
  try {
    allowed = await whoMay(bot, taken)
  } catch (error) {
    if (bot.signal.aborted) throw error
    return restWaits(taken, now, describe(error))
  }
  if (typeof allowed === 'string') return restEnds(taken, now, allowed)
  const { identity } = bot.writer
  const delivery = await mailer.send({
    from: identity.from.address,
    to: allowed,
    bytes: toMail(reply, { identity, now: taken.dated ?? now }, 'crlf'),
    onEnvelope: (still) => notePostponed(bot.store.records, taken, still),
  })
  return restAfter(delivery, { ...taken, postponed: allowed }, bot.clock())
}

/** Those who were put off and may have it by what the lists say now, or why nobody may. */
async function whoMay(bot: Bot, taken: TakenReply): Promise<readonly string[] | string> {
  const version = await versionById(bot.store.records, taken.version)
  const gathered = version === null ? null : await gather(bot, version.head, taken.lists)
  if (gathered === null) return 'no archive has its series any longer'
  const policy = await policyOf(bot, gathered.series, taken.version, bot.store.records)
  if (policy === null || policy.send === 'never' || policy.send === 'draft')
    return `the lists say \`${policy?.send ?? 'never'}\` now`
  const { reply, postponed } = taken
  if (reply.to.some(({ address }) => policy.isQuietAuthor(address.toLowerCase()))) return 'its author is not written to'
  const left = recipientsOf({ reply: cutRecipients(reply, policy, bot), postponed: [] })
  const allowed = postponed.filter((address) => left.includes(address))
  return allowed.length > 0 ? allowed : `the lists no longer let ${postponed.join(', ')} have it`
}

function restAfter(delivery: Delivery, taken: TakenReply, now: number): Ending {
  const who = taken.postponed.join(', ')
  switch (delivery.kind) {
    case 'accepted': {
      const { response, refused, postponed } = delivery
      const detail = [response, ...(refused.length === 0 ? [] : [`refused for ${refused.join(', ')}`])].join('; ')
      return { ...restWaits(taken, now, detail), postponed }
    }
    case 'later':
    case 'barred':
      return restWaits(taken, now, delivery.reason)
    case 'never':
      return restEnds(taken, now, `refused for ${who}: ${delivery.reason}`)
    case 'unclear':
      return { state: 'sent', detail: delivery.reason, dueAt: now + restWaitMs, sentAt: taken.sentAt }
  }
}

function restWaits({ sentAt, postponed }: TakenReply, now: number, detail: string): Ending {
  return { state: 'sent', detail, dueAt: now + restWaitMs, sentAt, postponed }
}

function restEnds({ sentAt }: TakenReply, now: number, detail: string): Ending {
  return { state: 'sent', detail, dueAt: now, sentAt, postponed: [] }
}
