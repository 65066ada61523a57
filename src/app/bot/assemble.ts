import type { Message } from '../../mail/message.ts'
import { assembleSeries, seriesOf } from '../../series/assemble.ts'
import { isRelease } from '../../series/entry.ts'
import type { Patch, Series } from '../../series/series.ts'
import {
  buryJobs,
  cancelJobs,
  endJob,
  enqueue,
  postponeJobs,
  retryJob,
  settleJobs,
  takeJob,
  type TakenJob,
} from '../../store/jobs.ts'
import { gaveCommand } from '../../store/feedback.ts'
import { lastSeen, sourcesOf } from '../../store/mails.ts'
import { dropUnsent, replies } from '../../store/outbox.ts'
import type { Records } from '../../store/store.ts'
import {
  addMails,
  joinSeries,
  kinOf,
  mailsOf,
  putVersion,
  setVersion,
  versionOf,
  type VersionRecord,
} from '../../store/versions.ts'
import { isOfEnvironment } from './environment-error.ts'
import { complete } from './complete.ts'
import { describe, waitAfter } from './intake.ts'
import { readThreads, type Bot } from './bot.ts'

/** For how long a worker may be busy with one piece of work before another one takes it up (milliseconds). */
export const jobLeaseMs = 15 * 60_000

/** Work that failed so often is dead. */
const mostJobTries = 3

/** Work during which the process ended so often is dead: a restart or two are nobody's fault. */
const mostJobEnds = 10

/** How far back a series may have begun of which a new version comes, and how many versions are looked at. */
const kinAgeMs = 180 * 24 * 3_600_000
const mostKin = 5

/** A series of this many patches or more lets others go first. */
const largeSeries = 50

/** Puts together every series of which mails have come. Gives how many versions were queued to be judged. */
export async function assembleDue(bot: Bot): Promise<number> {
  let queued = 0
  for (;;) {
    bot.signal.throwIfAborted()
    const taking = {
      kind: 'assemble',
      lease: bot.owner,
      now: bot.clock(),
      forMs: jobLeaseMs,
    }
    const job = await takeJob(bot.store, taking)
    if (job === null) return queued
    try {
      queued += await assemble(bot, job)
    } catch (error) {
      if (bot.signal.aborted) throw error
      await failJob(bot, job, error)
    }
  }
}

/** Work that the environment keeps from being done is tried again so much later (milliseconds). */
const environmentWaitMs = 5 * 60_000

/** Puts failed work back, or gives it up; both are told. What the environment is at fault for is no failure of the work. */
export async function failJob(bot: Bot, job: TakenJob, error: unknown): Promise<void> {
  const reason = describe(error)
  if (isOfEnvironment(error)) {
    bot.log('work-waits', { kind: job.kind, key: job.key, reason })
    const again = { dueAt: bot.clock() + environmentWaitMs, detail: reason, attempts: job.attempts - 1 }
    await retryJob(bot.store.records, job, again)
    return
  }
  const isLast = job.attempts >= mostJobTries
  bot.log(isLast ? 'work-dead' : 'work-failed', { kind: job.kind, key: job.key, reason, tries: job.attempts })
  if (!isLast) {
    await retryJob(bot.store.records, job, { dueAt: bot.clock() + waitAfter(job.attempts), detail: reason })
    return
  }
  await bot.store.transaction(async (records) => {
    await endJob(records, job, { state: 'dead', detail: reason })
    if (job.version !== null) await setVersion(records, job.version, { state: 'failed', detail: reason })
  })
}

/** Gives up work that ends whoever does it, and tells. */
export async function buryDue({ store, clock, log }: Bot): Promise<void> {
  await store.transaction(async (records) => {
    for (const { kind, key, version, attempts } of await buryJobs(records, {
      now: clock(),
      mostAttempts: mostJobEnds,
    })) {
      const detail = `the process ended ${attempts} times while it was done`
      log('work-dead', { kind, key, reason: detail })
      if (version !== null) await setVersion(records, version, { state: 'failed', detail })
    }
  })
}

/** A series as it is now, and what else is known in the threads around it. */
export type Gathered = { readonly series: Series; readonly all: readonly Series[] }

/**
 * The series that a mail stands in, out of all archives, completed where they lack patches, with the versions before and after it, which often stand in threads of their
 * own: those of the same sender or change-id that are remembered are read again. Null where the mail belongs to no series. Throws
 * where the archive of one of the lists in `needed` cannot be read.
 */
export async function gather(bot: Bot, id: string, needed: readonly string[] = []): Promise<Gathered | null> {
  const own = await complete(bot, id, await readOwn(bot, id, needed))
  const found = seriesOf(id, own)
  if (found === null) return null
  const since = bot.clock() - kinAgeMs
  const kin = await kinOf(bot.store.records, { ...traitsOf(found), subject: found.subject, since, most: mostKin })
  const others = await notAmong(bot.store.records, kin, own)
  const messages: readonly Message[] = others.length === 0 ? own : [...own, ...(await readThreads(bot, others, needed))]
  const series = others.length === 0 ? found : seriesOf(id, messages)
  return series === null ? null : { series, all: assembleSeries(messages) }
}

/** The heads of versions of which some mail is not there: a server shows mails of one subject as one thread, and then a part of a version. */
async function notAmong(
  records: Records,
  versions: readonly VersionRecord[],
  messages: readonly Message[],
): Promise<readonly string[]> {
  const known = new Set(messages.map((message) => message.id))
  const heads: string[] = []
  for (const { id, head } of versions)
    if ((await mailsOf(records, id)).some((mail) => !known.has(mail))) heads.push(head)
  return heads
}

/** As `gather`, of a version that is remembered; throws where the archive of a list that its mails came over cannot be read. */
export async function gatherVersion(bot: Bot, { id, head }: VersionRecord): Promise<Gathered | null> {
  const { records } = bot.store
  return gather(bot, head, await sourcesOf(records, await mailsOf(records, id)))
}

/** Ends work for whose series there is nothing to read, and tells. */
export async function buryUnread(bot: Bot, job: TakenJob): Promise<void> {
  const reason = 'no archive has its mails any longer'
  bot.log('work-dead', { kind: job.kind, key: job.key, reason })
  await endJob(bot.store.records, job, { state: 'dead', detail: reason })
}

/** The thread of a mail; where only a server that completes series has it, the threads of the mails that the lists have of its version. */
async function readOwn(bot: Bot, id: string, needed: readonly string[]): Promise<readonly Message[]> {
  const own = await readThreads(bot, [id], needed)
  if (own.some((message) => message.id === id)) return own
  const version = await versionOf(bot.store.records, [id])
  return version === null ? own : readThreads(bot, await mailsOf(bot.store.records, version.id), needed)
}

/** What versions of one series have in common. */
function traitsOf({
  cover,
  patches,
  changeId,
  base: { branch },
}: Series): Pick<VersionRecord, 'sender' | 'changeId' | 'release'> {
  const from = cover?.envelope.from ?? patches[0]?.envelope.from
  const release = branch !== null && isRelease(branch) ? branch : ''
  return { sender: from?.address.toLowerCase() ?? '', changeId, release }
}

async function assemble(bot: Bot, job: TakenJob): Promise<number> {
  const needed = await sourcesOf(bot.store.records, [job.key])
  const gathered = await gather(bot, job.key, needed)
  if (gathered === null) {
    if (!(await isHandedOut(bot, job.key, needed))) throw new Error('no archive hands out the mail, which was read')
    await endJob(bot.store.records, job, { state: 'done', detail: 'belongs to no series' })
    return 0
  }
  return bot.store.transaction(async (records) => {
    const queued = await settle(bot, { job, ...gathered }, records)
    if (!queued.kept) throw new Error('the lease is lost')
    return queued.count
  })
}

/** Whether an archive has a mail that it gave us: a server of many processes may not know yet what it has shown. */
async function isHandedOut(bot: Bot, id: string, needed: readonly string[]): Promise<boolean> {
  return (await readThreads(bot, [id], needed)).some((message) => message.id === id)
}

type Settling = Gathered & { readonly job: TakenJob }

/** Writes what is known of a series, and what follows for its other versions. */
async function settle(
  bot: Bot,
  { job, series, all }: Settling,
  records: Records,
): Promise<{ readonly kept: boolean; readonly count: number }> {
  const mails = await ownMails({ series, all }, records)
  const known = await versionOf(records, mails)
  const isOver = known !== null && known.state !== 'incomplete'
  const wait = isOver ? null : await waitFor(bot, { series, mails }, records)
  if (wait !== null) {
    const { dueAt, why: detail } = wait
    bot.log('series-waits', { series: series.id, version: series.version, why: detail })
    // Mails that come meanwhile bring work of their own; the tries of this one begin anew.
    await postponeJobs(records, { kind: job.kind, keys: mails, dueAt })
    return { kept: await retryJob(records, job, { dueAt, detail, attempts: 0 }), count: 0 }
  }
  const count = isOver ? 0 : await remember(bot, { series, mails }, records)
  if (isOver) await addLate(bot, { version: known, mails }, records)
  await supersede(bot, all, records)
  await settleJobs(records, { kind: job.kind, keys: mails, detail: `with ${job.key}` })
  return { kept: await endJob(records, job, { state: 'done', detail: series.id }), count }
}

/** Mails that came when their version was judged already, as `[PATCH 7/6]`: they are its own, told, and not judged. */
async function addLate(
  bot: Bot,
  { version, mails }: { readonly version: VersionRecord; readonly mails: readonly string[] },
  records: Records,
): Promise<void> {
  for (const mail of await addMails(records, version.id, mails))
    bot.log('mail-late', { series: version.head, version: version.version, mail })
}

/** The mails of a version that are no other version's: a partial reroll is completed with patches of those before, which may be partial, too. */
async function ownMails({ series, all }: Gathered, records: Records): Promise<readonly string[]> {
  const { cover, patches } = series
  const ids = new Set([...(cover === null ? [] : [cover.envelope.id]), ...patches.map(({ envelope }) => envelope.id)])
  const bases = new Set<number>()
  for (const base of basesOf(series, all)) {
    const version = await versionOf(records, [base])
    if (version !== null) bases.add(version.id)
  }
  if (bases.size === 0) return [...ids]
  const own: string[] = []
  for (const id of ids) if (!bases.has((await versionOf(records, [id]))?.id ?? -1)) own.push(id)
  return own
}

/** The version that a partial reroll rests on, the one which that rests on, and so on. */
function basesOf({ rerollOf }: Series, all: readonly Series[]): ReadonlySet<string> {
  const bases = new Set<string>()
  for (let base = rerollOf; base !== null && !bases.has(base);) {
    bases.add(base)
    const id = base
    base = all.find((each) => each.id === id)?.rerollOf ?? null
  }
  return bases
}

/** Until when more mails may come that belong to a series, and which; null where it is as whole as it will be. */
async function waitFor(
  { config, clock }: Bot,
  { series, mails }: { readonly series: Series; readonly mails: readonly string[] },
  records: Records,
): Promise<{ readonly dueAt: number; readonly why: string } | null> {
  const isWhole = series.missing.length === 0
  if (isWhole && isCertain(series)) return null
  const dueAt = (await lastSeen(records, mails)) + (isWhole ? config.settle : config.patience)
  if (dueAt <= clock()) return null
  return { dueAt, why: isWhole ? 'a cover letter or more patches may come' : missingIn(series) }
}

/**
 * Whether no mail can come any more that would make another series of one that has all its patches: nothing of it is a guess, none of it
 * is of the version before, and no patch answers a cover letter that is not there.
 */
function isCertain({ cover, patches, expected, rerollOf, inferred }: Series): boolean {
  const own = new Set(patches.map(({ envelope }) => envelope.id))
  const answers = ({ envelope: { inReplyTo } }: Patch): boolean => inReplyTo !== null && !own.has(inReplyTo)
  const isHeaded = cover !== null || expected === 1 || !patches.some(answers)
  return isHeaded && rerollOf === null && inferred.length === 0
}

async function remember(
  bot: Bot,
  { series, mails }: { readonly series: Series; readonly mails: readonly string[] },
  records: Records,
): Promise<number> {
  const isWhole = series.missing.length === 0
  const detail = isWhole ? '' : missingIn(series)
  const dates = [...(series.cover === null ? [] : [series.cover.envelope.date]), ...series.patches.map(dateOf)]
  const version = await putVersion(records, {
    head: series.id,
    version: series.version,
    subject: series.subject,
    ...traitsOf(series),
    postedAt: Math.min(bot.clock(), Math.max(...dates)),
    state: isWhole ? 'queued' : 'incomplete',
    detail,
    mails,
  })
  const fields = { series: series.id, version: series.version, subject: series.subject, patches: series.patches.length }
  if (!isWhole) {
    bot.log('series-incomplete', { ...fields, why: detail })
    return 0
  }
  bot.log('series-complete', fields)
  const priority = series.patches.length >= largeSeries ? -1 : 0
  const job = { kind: 'judge', key: String(version), version, priority, dueAt: bot.clock() }
  return (await enqueue(records, job)) ? 1 : 0
}

const dateOf = ({ envelope }: Series['patches'][number]): number => envelope.date

/**
 * Versions that a newer one has taken the place of: their work and what they would mail are no longer wanted. What a person asked for is
 * done and answered all the same.
 */
async function supersede(bot: Bot, all: readonly Series[], records: Records): Promise<void> {
  for (const { id, supersededBy } of all) {
    if (supersededBy === null) continue
    const old = await versionOf(records, [id])
    const newer = await versionOf(records, [supersededBy])
    if (newer !== null && old !== null && newer.id !== old.id) await joinSeries(records, old.id, newer.id)
    if (old === null || old.id === newer?.id || old.state === 'superseded') continue
    const detail = `a newer version is posted: ${supersededBy}`
    await cancelJobs(records, old.id, detail)
    await dropUnsent(records, old.id, { detail, but: await askedFor(records, old.id) })
    // What was judged stays judged; only what was to come is not.
    if (old.state !== 'judged') await setVersion(records, old.id, { state: 'superseded', detail })
    bot.log('series-superseded', { series: old.head, version: old.version, by: supersededBy })
  }
}

/** The replies of a version that answer what a person asked for. */
async function askedFor(records: Records, version: number): Promise<readonly string[]> {
  const asked: string[] = []
  for (const { messageId, reply } of await replies(records, { version, states: ['drafted', 'approved'] }))
    if (reply.inReplyTo !== null && (await gaveCommand(records, reply.inReplyTo))) asked.push(messageId)
  return asked
}

function missingIn({ missing, expected }: Series): string {
  const named = missing.slice(0, 10).join(', ')
  return `missing of ${expected}: ${missing.length > 10 ? `${named}, ...` : named}`
}
