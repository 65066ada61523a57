import { senderOf } from '../../mail/relay.ts'
import type { Review } from '../../review/review.ts'
import type { Series } from '../../series/series.ts'
import { isQuiet } from '../../store/feedback.ts'
import { endJob, holdsJob, takeJob, type TakenJob } from '../../store/jobs.ts'
import { sourcesOf } from '../../store/mails.ts'
import { putReply } from '../../store/outbox.ts'
import { putFindings } from '../../store/reviews.ts'
import type { Records } from '../../store/store.ts'
import { mailsOf, setVersion, versionById, type VersionRecord } from '../../store/versions.ts'
import { buryUnread, failJob, gatherVersion, jobLeaseMs } from './assemble.ts'
import type { Bot } from './bot.ts'
import { draftMails } from '../draft-replies.ts'
import type { Reply } from '../../review/reply.ts'
import { toldAgain } from './disputes.ts'
import { addressesOf, policyFor, type Policy } from './policy.ts'

/** A list is written to once about a version, whatever is found: what concerns several patches answers their cover letter. */
const mostReplies = 1

/** Judges every version that waits for it. Gives how many were judged. */
export async function judgeDue(bot: Bot): Promise<number> {
  let judged = 0
  for (;;) {
    bot.signal.throwIfAborted()
    const taking = { kind: 'judge', lease: bot.owner, now: bot.clock(), forMs: jobLeaseMs }
    const job = await takeJob(bot.store, taking)
    if (job === null) return judged
    try {
      if (await judge(bot, job)) judged++
    } catch (error) {
      if (bot.signal.aborted) throw error
      await failJob(bot, job, error)
    }
  }
}

async function judge(bot: Bot, job: TakenJob): Promise<boolean> {
  const version = job.version === null ? null : await versionById(bot.store.records, job.version)
  const gathered = version === null ? null : await gatherVersion(bot, version)
  if (version === null || gathered === null) {
    await buryUnread(bot, job)
    return false
  }
  const started = performance.now()
  const review = await bot.judge(gathered.series)
  bot.signal.throwIfAborted()
  const kept = await bot.store.transaction((records) => keepReview(bot, { job, version, review }, records))
  if (kept === null) {
    bot.log('series-cancelled', { series: version.head, version: version.version })
    return false
  }
  const { findings } = review
  const fields = { series: version.head, version: version.version, verdict: review.verdict, findings: findings.length }
  bot.log('series-judged', {
    ...fields,
    replies: kept.replies,
    why: kept.detail,
    ms: Math.round(performance.now() - started),
  })
  return true
}

type Judged = { readonly job: TakenJob; readonly version: VersionRecord; readonly review: Review }

/** The findings, the replies and the end of the work, all or nothing; null where the work was cancelled meanwhile. */
async function keepReview(
  bot: Bot,
  { job, version, review }: Judged,
  records: Records,
): Promise<{ readonly replies: number; readonly detail: string } | null> {
  if (!(await holdsJob(records, job))) return null
  await putFindings(records, version.id, review.findings)
  const policy = await policyOf(bot, review.series, version.id, records)
  const isTold = await toldAgain(records, bot.config)
  const wanted = { ...review, findings: review.findings.filter(isTold) }
  const { replies, why } = (await isQuiet(records, version.series))
    ? silence('its people asked for quiet')
    : draftsFor(bot, { judged: wanted, isAll: wanted.findings.length === review.findings.length }, policy)
  const detail = why.join('; ')
  const rules = new Map(review.findings.map(({ key, rule }) => [key, rule]))
  const now = bot.clock()
  let count = 0
  for (const reply of replies) {
    const fresh = await putReply(records, {
      reply,
      version: version.id,
      state: policy?.send === 'auto' ? 'approved' : 'drafted',
      createdAt: now,
      dueAt: Math.max(now, version.postedAt + (policy?.embargoMs ?? 0)),
      detail: `the lists say \`${policy?.send ?? 'never'}\``,
      lists: policy?.lists ?? [],
      rules,
    })
    if (fresh) count++
  }
  await setVersion(records, version.id, { state: 'judged', detail })
  await endJob(records, job, { state: 'done', detail })
  return { replies: count, detail }
}

/** What the lists of a version allow now; null where none of them opted in. On trial nothing is sent. */
export async function policyOf(
  bot: Pick<Bot, 'config' | 'writer'>,
  series: Series,
  version: number,
  records: Records,
): Promise<Policy | null> {
  const seenIn = await sourcesOf(records, await mailsOf(records, version))
  const policy = policyFor(bot.config, { addresses: addressesOf(series), seenIn })
  if (policy === null || !bot.writer.isTrial || policy.send === 'never') return policy
  return { ...policy, send: 'draft' }
}

type Drafts = { readonly replies: readonly Reply[]; readonly why: readonly string[] }

/** The replies that the policy lets us write, or why there are none. `isAll` says that nothing found is kept back. */
function draftsFor(
  bot: Bot,
  { judged, isAll }: { readonly judged: Review; readonly isAll: boolean },
  policy: Policy | null,
): Drafts {
  if (policy === null) return silence('no list that it went to opted in')
  if (policy.send === 'never') return silence('a list that it went to says `never`')
  const people = [judged.series.cover?.envelope, ...judged.series.patches.map(({ envelope }) => envelope)]
  const authors = judged.series.patches.map(({ author }) => author.address)
  const quiet = [
    ...people.flatMap((each) => (each ? [each.from.address, senderOf(each).address] : [])),
    ...authors,
  ].find((address) => policy.isQuietAuthor(address.toLowerCase()))
  if (quiet !== undefined) return silence('its author is not written to')
  const { identity, cc, ruleCount, speaks } = bot.writer
  const review = { ...judged, findings: judged.findings.filter(({ path }) => !policy.isQuietPath(path)) }
  const { replies, silent } = draftMails(review, {
    identity,
    cc: policy.copies ? [...cc, ...policy.lists] : [],
    now: bot.clock(),
    asked: false,
    ruleCount,
    speaks: (rule) => speaks(rule) && policy.allows(rule),
    obeys: policy.obeys,
    mostReplies,
    lists: Object.keys(bot.config.lists),
    tellsClean: policy.tellsClean && isAll && review.findings.length === judged.findings.length,
  })
  return { replies, why: silent.map((each) => each.why) }
}

function silence(why: string): Drafts {
  return { replies: [], why: [why] }
}
