import { mendClock } from '../../store/clock.ts'
import { freeJobs, prolongJobs } from '../../store/jobs.ts'
import { dropLease, leaseOf, takeLease } from '../../store/leases.ts'
import { freeReplies, markLaid, repliesToLay } from '../../store/outbox.ts'
import { assembleDue, buryDue, jobLeaseMs } from './assemble.ts'
import { readNewMails } from './intake.ts'
import { judgeDue } from './judge.ts'
import { obeyDue } from './obey.ts'
import { retestDue } from './retest.ts'
import { sendDue, unclearWaitMs } from './send.ts'
import type { Bot } from './bot.ts'
import { isOwnerGone } from '../process-owner.ts'

/** What a pass did; `busy` where another process is at it. */
export type Pass =
  | {
      readonly kind: 'passed'
      readonly mails: number
      readonly judged: number
      readonly laid: number
      readonly sent: number
    }
  | { readonly kind: 'busy'; readonly owner: string }

const leaseName = 'bot'

/** A lease outlasts the longest piece of work during which it cannot be prolonged. */
const leaseMs = 10 * 60_000
const prolongMs = 30_000

/**
 * One pass: reads what is new, puts series together, judges them, lays out the replies and sends those that may go out. One process at a time does this, however
 * many there are. Ends early, and throws, where `signal` is aborted; whatever was not finished is taken up by the next pass.
 */
export async function runPass(bot: Bot): Promise<Pass> {
  const { store, owner } = bot
  const isGone = (other: string): boolean => isOwnerGone(other, owner)
  if ((await takeLease(store, { name: leaseName, owner, now: bot.clock(), forMs: leaseMs, isGone })) === null) {
    return { kind: 'busy', owner: (await leaseOf(store.records, leaseName))?.owner ?? '' }
  }
  // Nobody is waited for: a lease that is lost shows in the leases of the work itself.
  const heart = setInterval(
    () => void prolongLeases(bot).catch((error: unknown) => bot.log('lease-failed', { reason: String(error) })),
    prolongMs,
  )
  try {
    await freeJobs(store.records, isGone)
    await freeReplies(store.records, isGone)
    await lookAtClock(bot)
    await buryDue(bot)
    const mails = await readNewMails(bot)
    await obeyDue(bot)
    await assembleDue(bot)
    const judged = (await judgeDue(bot)) + (await retestDue(bot))
    const laid = await layDrafts(bot)
    return { kind: 'passed', mails, judged, laid, sent: await sendDue(bot) }
  } finally {
    clearInterval(heart)
    await dropLease(store.records, leaseName, owner)
  }
}

/** Prolongs the lease of the pass, and those of the work that it is at: what a series builds may take an hour. */
export async function prolongLeases({ store, owner, clock }: Pick<Bot, 'store' | 'owner' | 'clock'>): Promise<void> {
  const now = clock()
  const isGone = (other: string): boolean => isOwnerGone(other, owner)
  if ((await takeLease(store, { name: leaseName, owner, now, forMs: leaseMs, isGone })) === null) return
  await prolongJobs(store.records, owner, now + jobLeaseMs)
}

/** A clock that was ahead for a while has put off work that nobody would do until then. */
async function lookAtClock({ store, clock, log }: Bot): Promise<void> {
  const now = clock()
  const ahead = await mendClock(store, { now, unclearUntil: now + unclearWaitMs })
  if (ahead > 0) log('clock-went-back', { seconds: Math.round(ahead / 1000) })
}

/** Lays the replies that wait into the maildir of drafts, each once, also after a person has taken it away. */
async function layDrafts({ store, drafts, signal }: Bot): Promise<number> {
  if (drafts === null) return 0
  const waiting = await repliesToLay(store.records)
  for (const { reply, messageId } of waiting) {
    signal.throwIfAborted()
    await drafts.publish(reply)
    await markLaid(store.records, messageId)
  }
  return waiting.length
}
