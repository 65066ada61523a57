import type { Delivery, Mailer } from '../../ports.ts'
import { seriesSilence } from '../../review/silence.ts'
import type { Reply } from '../../review/reply.ts'
import { replyKey } from '../../review/reply-key.ts'
import type { Series } from '../../series/series.ts'
import {
  beginSending,
  countSent,
  endSending,
  notePostponed,
  takeReply,
  type Ending,
  type TakenReply,
} from '../../store/outbox.ts'
import { gaveCommand, isQuiet } from '../../store/feedback.ts'
import { findingsOf } from '../../store/reviews.ts'
import { versionById } from '../../store/versions.ts'
import { gather } from './assemble.ts'
import { describe, waitAfter } from './intake.ts'
import { policyOf } from './judge.ts'
import { ownAddresses, readThreads, voicesOf, type Bot } from './bot.ts'
import { toMail } from '../draft-replies.ts'
import { cutRecipients } from './cut-recipients.ts'
import { toldAgain } from './disputes.ts'
import type { Policy } from './policy.ts'
import { saidBefore } from './said-before.ts'
import { recipientsOf, restWaitMs, sendRest } from './send-rest.ts'

/** A reply is somebody's for so long; a server may be silent for two minutes at each of some ten commands. */
const sendLeaseMs = 30 * 60_000

/** When a mail of which nobody knows whether it went out would have shown in the archives: some lists take half an hour. */
export const unclearWaitMs = 3_600_000

/** An archive that falls behind is waited for so long before a person is asked. */
const behindWaitMs = 24 * unclearWaitMs

/** What is to be done with a reply now. */
type Verdict =
  /** To those who are left of its recipients. */
  | { readonly kind: 'send'; readonly reply: Reply }
  | { readonly kind: 'sent'; readonly why: string }
  | { readonly kind: 'drop'; readonly why: string }
  /** A person must look at it. */
  | { readonly kind: 'hold'; readonly why: string }
  | { readonly kind: 'wait'; readonly until: number; readonly why: string }

/**
 * Sends what may go out and whose time has come. Just before each try the archives are asked whether they have the mail already, and
 * everything is looked at again that could forbid it: newer versions, the policy, what others have said. Gives how many were sent.
 */
export async function sendDue(bot: Bot): Promise<number> {
  const { mailer, store } = bot
  if (mailer === null) return 0
  let sent = 0
  for (;;) {
    bot.signal.throwIfAborted()
    const reply = await takeReply(store, { lease: bot.owner, now: bot.clock(), forMs: sendLeaseMs })
    if (reply === null) return sent
    const isRest = reply.state === 'sent'
    const ending = isRest ? await sendRest(bot, mailer, reply) : await sendFirst(bot, mailer, reply)
    if (ending === null || !(await endSending(store.records, reply, ending))) {
      bot.log('reply-lost', { mail: reply.messageId })
      continue
    }
    if (ending.state === 'sent' && !isRest) sent++
    bot.log(isRest ? 'reply-rest' : `reply-${ending.state}`, {
      mail: reply.messageId,
      why: ending.detail,
      tries: reply.attempts,
    })
  }
}

async function sendFirst(bot: Bot, mailer: Mailer, reply: TakenReply): Promise<Ending | null> {
  const verdict = await weigh(bot, reply)
  if (verdict.kind !== 'send') return endingOf(verdict, reply, bot.clock())
  return trySending(bot, mailer, { ...reply, reply: verdict.reply })
}

function endingOf(verdict: Exclude<Verdict, { kind: 'send' }>, reply: TakenReply, now: number): Ending {
  const { why: detail } = verdict
  switch (verdict.kind) {
    case 'sent':
      return { state: 'sent', detail, dueAt: now, sentAt: reply.dated ?? now }
    case 'drop':
      return { state: 'dropped', detail, dueAt: now, sentAt: null }
    case 'hold':
      return { state: 'drafted', detail, dueAt: now, sentAt: null }
    case 'wait':
      return { state: reply.unclear ? 'sending' : 'approved', detail, dueAt: verdict.until, sentAt: null }
  }
}

/** An archive that cannot be asked is no permission: then the reply waits. */
async function weigh(bot: Bot, reply: TakenReply): Promise<Verdict> {
  try {
    // first: it brings the archives up to date
    const behind = reply.unclear ? await weighArchives(bot, reply) : null
    const found = await findSent(bot, reply)
    if (found.kind === 'found') return { kind: 'sent', why: `it is in the archive of ${found.list}` }
    if (found.kind === 'unknown')
      return { kind: 'wait', until: bot.clock() + waitAfter(reply.attempts), why: found.reason }
    if (reply.unclear && archivedIn(bot.sources, reply).length === 0 && reply.postponed.length > 0)
      return { kind: 'sent', why: `nobody knows to whom but ${reply.postponed.join(', ')}: ${reply.detail}` }
    if (reply.unclear && archivedIn(bot.sources, reply).length === 0)
      return { kind: 'hold', why: `it may have gone out, and no archive would show it: ${reply.detail}` }
    return behind ?? (await weighThread(bot, reply))
  } catch (error) {
    if (bot.signal.aborted) throw error
    return { kind: 'wait', until: bot.clock() + waitAfter(reply.attempts), why: describe(error) }
  }
}

/** Whether an archive has nothing of the time in which the mail would have come to it: then it cannot tell that it did not. Null where all can. */
async function weighArchives({ sources, clock }: Bot, reply: TakenReply): Promise<Verdict | null> {
  const tried = reply.triedAt ?? 0
  for (const list of archivedIn(sources, reply)) {
    const until = (await sources.get(list)?.knownUntil?.()) ?? Infinity
    if (until >= tried + unclearWaitMs) continue
    const why = `the archive of ${list} has nothing newer than ${new Date(until).toISOString()}`
    return tried + behindWaitMs > clock()
      ? { kind: 'wait', until: clock() + unclearWaitMs / 2, why }
      : { kind: 'hold', why: `it may have gone out, and ${why}` }
  }
  return null
}

type Found =
  | { readonly kind: 'found'; readonly list: string }
  | { readonly kind: 'none' }
  /** An archive has something of that name, and does not show that it is the mail. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** The list whose archive has the mail itself. The archives of other lists than those it goes to cannot have it. */
async function findSent({ sources }: Bot, reply: TakenReply): Promise<Found> {
  const { messageId, lists } = reply
  let reason: string | null = null
  for (const list of new Set([...lists, ...archivedIn(sources, reply)])) {
    const found = (await sources.get(list)?.find(messageId)) ?? null
    if (found?.kind === 'message' && found.message.id === messageId) return { kind: 'found', list }
    if (found?.kind === 'message') reason ??= `the archive of ${list} has another mail in its place`
    if (found?.kind === 'refused') reason ??= `the archive of ${list} does not show it: ${found.reason}`
  }
  return reason === null ? { kind: 'none' } : { kind: 'unknown', reason }
}

/** The lists whose archives will show a reply that went out. */
function archivedIn(sources: Bot['sources'], reply: TakenReply): readonly string[] {
  return recipientsOf(reply)
    .map((address) => address.toLowerCase())
    .filter((address) => sources.has(address))
}

async function weighThread(bot: Bot, reply: TakenReply): Promise<Verdict> {
  const version = await versionById(bot.store.records, reply.version)
  const gathered = version === null ? null : await gather(bot, version.head, reply.lists)
  if (version === null || gathered === null) return { kind: 'drop', why: 'no archive has its series any longer' }
  const { series } = gathered
  // what a person asked for is answered, whatever became of the series, and whatever others said
  const asked = await isAsked(bot, reply)
  const occasion = { now: bot.clock(), asked: false, ownAddresses: ownAddresses(bot.writer) }
  const [silence] = asked ? [] : seriesSilence(series, occasion)
  if (silence !== undefined) return { kind: 'drop', why: silence.why }
  const policy = await policyOf(bot, series, version.id, bot.store.records)
  if (policy === null) return { kind: 'drop', why: 'no list that it went to opted in' }
  const forbidden =
    (await weighPolicy(bot, reply, { policy, series })) ?? (await weighFeedback(bot, reply, version.series))
  if (forbidden !== null) return forbidden
  const left = weighRecipients(bot, reply, policy)
  if (asked || left.kind !== 'send') return left
  const told = (await findingsOf(bot.store.records, version.id)).filter(({ key }) => reply.reply.findings.includes(key))
  const thread = await readThreads(bot, [reply.reply.inReplyTo ?? series.id], reply.lists)
  const said = saidBefore(told, thread, voicesOf(bot))
  return said === null ? left : { kind: 'drop', why: `somebody has said it: ${said}` }
}

async function isAsked({ store }: Bot, { reply }: TakenReply): Promise<boolean> {
  return reply.inReplyTo !== null && (await gaveCommand(store.records, reply.inReplyTo))
}

/** What people said meanwhile of the series, and of what the reply tells; null where they let it go out. */
async function weighFeedback(bot: Bot, reply: TakenReply, series: number): Promise<Verdict | null> {
  const { records } = bot.store
  if (!(await isAsked(bot, reply)) && (await isQuiet(records, series)))
    return { kind: 'drop', why: 'its people asked for quiet' }
  const isTold = await toldAgain(records, bot.config)
  const findings = await findingsOf(records, reply.version)
  const disputed = findings.filter((finding) => reply.reply.findings.includes(finding.key) && !isTold(finding))
  const [first] = disputed
  if (first === undefined) return null
  const why = `what \`${first.rule}\` says of ${first.path} was called invalid`
  return new Set(disputed.map(({ key }) => key)).size === new Set(reply.reply.findings).size
    ? { kind: 'drop', why }
    : { kind: 'hold', why }
}

/** Who may have it now. None that a try was made for is forgotten: those that the server put off get it when the others have it. */
function weighRecipients(bot: Bot, taken: TakenReply, policy: Policy): Verdict {
  const reply = cutRecipients(taken.reply, policy, bot)
  if (reply.to.length === 0) return { kind: 'drop', why: 'nobody is left whom it may go to' }
  if (recipientsOf({ ...taken, reply }).length > 0) return { kind: 'send', reply }
  return { kind: 'sent', why: `nobody but ${taken.postponed.join(', ')} may have it now` }
}

type Weighed = { readonly policy: Policy; readonly series: Series }

/** What the lists say now, which may be something else than when the reply was written; null where they allow it. */
async function weighPolicy(bot: Bot, reply: TakenReply, { policy, series }: Weighed): Promise<Verdict | null> {
  if (policy.send === 'never') return { kind: 'drop', why: 'a list that it went to says `never`' }
  if (policy.send === 'draft') return { kind: 'hold', why: 'a list that it went to says `draft`' }
  if (policy.send === 'approve' && reply.approvedBy === null) return { kind: 'hold', why: 'a person must approve it' }
  const told = (await findingsOf(bot.store.records, reply.version)).filter(({ key }) =>
    reply.reply.findings.includes(key),
  )
  const silenced = told.find(
    ({ rule, path }) => !policy.allows(rule) || !bot.writer.speaks(rule) || policy.isQuietPath(path),
  )
  if (silenced !== undefined)
    return { kind: 'hold', why: `\`${silenced.rule}\` may no longer speak of ${silenced.path}` }
  if (reply.reply.to.some(({ address }) => policy.isQuietAuthor(address.toLowerCase())))
    return { kind: 'drop', why: 'its author is not written to' }
  if (!policy.tellsClean && saysClean(reply, series))
    return { kind: 'drop', why: 'a list that it went to does not say `positive: author`' }
  return weighLimits(bot, reply, { policy, series })
}

/** Whether a reply says that nothing was found. */
function saysClean({ reply }: TakenReply, { id, cover, patches }: Series): boolean {
  const envelopes = [cover?.envelope, ...patches.map(({ envelope }) => envelope)]
  return envelopes.some((envelope) => envelope !== undefined && replyKey(id, envelope.id, 'clean') === reply.key)
}

const dayMs = 24 * 3_600_000

async function weighLimits(bot: Bot, reply: TakenReply, { policy, series }: Weighed): Promise<Verdict | null> {
  const now = bot.clock()
  const posted = Math.min(now, Math.max(...series.patches.map(({ envelope }) => envelope.date)))
  if (reply.approvedBy === null && posted + policy.embargoMs > now && !(await isAsked(bot, reply)))
    return { kind: 'wait', until: posted + policy.embargoMs, why: 'the lists ask to wait' }
  const today = now - (now % dayMs)
  for (const [list, limit] of policy.dailyLimits) {
    // a second try of the same mail is no second mail
    const others = (await countSent(bot.store.records, list, today)) - (reply.dated !== null && reply.unclear ? 1 : 0)
    if (others >= limit)
      return { kind: 'wait', until: today + dayMs, why: `${list} has had its ${limit} mails of today` }
  }
  return null
}

/** One try; null where the reply was taken from us before it began. */
async function trySending(bot: Bot, mailer: Mailer, taken: TakenReply): Promise<Ending | null> {
  const now = bot.clock()
  const begun = await beginSending(bot.store.records, taken, { now, againAt: now + unclearWaitMs })
  if (begun === null) return null
  const { reply } = taken
  const { identity } = bot.writer
  const delivery = await mailer.send({
    from: identity.from.address,
    to: recipientsOf(taken),
    bytes: toMail(reply, { identity, now: begun.dated }, 'crlf'),
    onEnvelope: (postponed) => notePostponed(bot.store.records, taken, [...taken.postponed, ...postponed]),
  })
  return endingAfter(delivery, taken, bot.clock())
}

function endingAfter(delivery: Delivery, { attempts, postponed: earlier }: TakenReply, now: number): Ending {
  switch (delivery.kind) {
    case 'accepted': {
      const { response, refused, postponed } = delivery
      const rest = [...earlier, ...postponed]
      const detail = [
        response,
        ...(refused.length === 0 ? [] : [`refused for ${refused.join(', ')}`]),
        ...(rest.length === 0 ? [] : [`later for ${rest.join(', ')}`]),
      ].join('; ')
      return { state: 'sent', detail, dueAt: now + (postponed.length === 0 ? 0 : restWaitMs), sentAt: now }
    }
    case 'later':
      return {
        state: 'approved',
        detail: delivery.reason,
        dueAt: now + waitAfter(attempts),
        sentAt: null,
        postponed: earlier,
      }
    case 'barred':
      return { state: 'drafted', detail: delivery.reason, dueAt: now, sentAt: null, postponed: earlier }
    case 'never':
      return { state: 'dropped', detail: delivery.reason, dueAt: now, sentAt: null }
    case 'unclear':
      return { state: 'sending', detail: delivery.reason, dueAt: now + unclearWaitMs, sentAt: null }
  }
}
