import { answerRetest } from '../../review/answer.ts'
import { endJob, holdsJob, takeJob, type TakenJob } from '../../store/jobs.ts'
import { putReply } from '../../store/outbox.ts'
import { putFindings } from '../../store/reviews.ts'
import { versionById } from '../../store/versions.ts'
import { buryUnread, failJob, gatherVersion, jobLeaseMs } from './assemble.ts'
import type { Bot } from './bot.ts'
import { toldAgain } from './disputes.ts'
import { policyOf } from './judge.ts'
import { answerOptions, answerTerms, findMail } from './obey.ts'

/** Judges again what people asked to be judged again, and answers them. Gives how many were judged. */
export async function retestDue(bot: Bot): Promise<number> {
  let judged = 0
  for (;;) {
    bot.signal.throwIfAborted()
    const job = await takeJob(bot.store, { kind: 'retest', lease: bot.owner, now: bot.clock(), forMs: jobLeaseMs })
    if (job === null) return judged
    try {
      if (await retest(bot, job)) judged++
    } catch (error) {
      if (bot.signal.aborted) throw error
      await failJob(bot, job, error)
    }
  }
}

/** The key of the work is the mail that asks. */
async function retest(bot: Bot, job: TakenJob): Promise<boolean> {
  const { records: all } = bot.store
  const version = job.version === null ? null : await versionById(all, job.version)
  const gathered = version === null ? null : await gatherVersion(bot, version)
  const message = gathered === null ? null : await findMail(bot, job.key)
  if (version === null || gathered === null || message === null) {
    await buryUnread(bot, job)
    return false
  }
  const review = await bot.judge(gathered.series)
  bot.signal.throwIfAborted()
  const isKept = await bot.store.transaction(async (records) => {
    if (!(await holdsJob(records, job))) return false
    await putFindings(records, version.id, review.findings)
    const policy = await policyOf(bot, gathered.series, version.id, records)
    if (policy !== null && policy.send !== 'never') {
      const isTold = await toldAgain(records, bot.config)
      const findings = review.findings.filter(
        (finding) =>
          bot.writer.speaks(finding.rule) &&
          policy.allows(finding.rule) &&
          !policy.isQuietPath(finding.path) &&
          isTold(finding),
      )
      const options = { ...answerOptions(bot, policy), now: bot.clock() }
      const reply = answerRetest({ ...review, findings }, { message, series: version.head }, options)
      const rules = new Map(findings.map(({ key, rule }) => [key, rule]))
      if (reply !== null) await putReply(records, { reply, version: version.id, ...answerTerms(bot, policy), rules })
    }
    return endJob(records, job, { state: 'done', detail: review.verdict })
  })
  bot.log('series-tested-again', { series: version.head, asked: job.key, verdict: review.verdict })
  return isKept
}
