import { createHash } from 'node:crypto'
import type { Message, ReadResult, RefusalCode } from '../../mail/message.ts'
import type { Arrival, MailSource } from '../../ports.ts'
import { enqueue } from '../../store/jobs.ts'
import {
  mailsToRetry,
  moveCursor,
  noteFailure,
  noteSuccess,
  recordMail,
  sourceState,
  type KeptMail,
  type MailRecord,
} from '../../store/mails.ts'
import type { Records } from '../../store/store.ts'
import { kindOf, type MailKind } from './mail.ts'
import { voicesOf, type Bot } from './bot.ts'
import { UnavailableError } from '../../sources/unavailable.ts'
import { noteCommands } from './note-commands.ts'

/** Waits after failures in a row: half a minute, doubled each time, at most an hour (milliseconds). */
const firstWaitMs = 30_000
const longestWaitMs = 3_600_000

/** A mail that failed so often is dead: listed with its reason, and not tried again. */
const mostTries = 5

/** When something that failed `failures` times in a row is tried again. */
export function waitAfter(failures: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 20))
}

/**
 * Reads what is new in every archive, and mails whose time to be tried again has come. A list that cannot be read is left for later
 * and holds up no other. Gives how many mails were seen.
 */
export async function readNewMails(bot: Bot): Promise<number> {
  let seen = 0
  for (const [list, source] of bot.sources) {
    bot.signal.throwIfAborted()
    const { failures, retryAt } = await sourceState(bot.store.records, list)
    if (retryAt > bot.clock()) continue
    try {
      seen += await readSource(bot, list, source)
    } catch (error) {
      if (bot.signal.aborted) throw error
      const at = bot.clock()
      const reason = describe(error)
      const asked = error instanceof UnavailableError ? error.retryAfterMs : 0
      const waitMs = Math.max(waitAfter(failures), asked)
      await noteFailure(bot.store.records, list, { at, retryAt: at + waitMs, reason })
      bot.log('list-failed', { list, reason, 'retry-seconds': waitMs / 1000 })
    }
  }
  return seen + (await retryMails(bot))
}

async function readSource(bot: Bot, list: string, source: MailSource): Promise<number> {
  const { cursor, failures } = await sourceState(bot.store.records, list)
  const window = cursor === null ? { since: bot.clock() - bot.config.begin } : { cursor }
  let seen = 0
  for await (const arrival of source.since(window)) {
    bot.signal.throwIfAborted()
    await takeArrival(bot, list, arrival)
    seen++
  }
  if (failures > 0) bot.log('list-back', { list })
  await noteSuccess(bot.store.records, list, bot.clock())
  return seen
}

/** Writes what follows from a mail, what became of it, and the cursor behind it, all or nothing. */
async function takeArrival(bot: Bot, list: string, { result, cursor, id }: Arrival): Promise<void> {
  const at = bot.clock()
  if (result.kind === 'refused') {
    const key = id ?? `unread-${createHash('sha256').update(cursor).digest('hex').slice(0, 32)}`
    const record = refusedMail(bot, { source: list, key, refusal: result, attempts: id === null ? mostTries : 0 })
    await bot.store.transaction(async (records) => {
      await recordMail(records, record)
      await moveCursor(records, list, { cursor, at })
    })
    return
  }
  const { message } = result
  await bot.store.transaction(async (records) => {
    await moveCursor(records, list, { cursor, at })
    await takeMail(bot, { source: list, message, attempts: 0 }, records)
  })
}

type Refused = {
  readonly source: string
  readonly key: string
  readonly refusal: ReadResult & { readonly kind: 'refused' }
  readonly attempts: number
}

/** What says nothing of the mail: a machine that stood still for seconds, a thread that ended. The mail is tried again. */
const passing: readonly RefusalCode[] = ['timeout', 'parser-failed']

function refusedMail(bot: Bot, { source, key, refusal, attempts }: Refused): MailRecord {
  const [at, reason] = [bot.clock(), refusal.reason]
  const isLast = !passing.includes(refusal.code) || attempts + 1 >= mostTries
  bot.log(isLast ? 'mail-dead' : 'mail-failed', { list: source, mail: key, reason })
  const again = isLast
    ? ({ outcome: 'dead', retryAt: null } as const)
    : ({ outcome: 'retry', retryAt: at + waitAfter(attempts) } as const)
  return { source, key, at, ...again, detail: reason }
}

type Coming = { readonly source: string; readonly message: Message; readonly attempts: number }

/** A mail that makes us fail is a bug of ours: it is tried again and then dead, and the mails behind it are read all the same. */
async function takeMail(bot: Bot, { source, message, attempts }: Coming, records: Records): Promise<void> {
  const at = bot.clock()
  const record = { source, key: message.id, at }
  const kind = attempt(() => kindOf(message, voicesOf(bot)))
  if (kind.kind === 'failed') {
    const isLast = attempts + 1 >= mostTries
    bot.log(isLast ? 'mail-dead' : 'mail-failed', { list: source, mail: message.id, reason: kind.reason })
    const again = isLast
      ? ({ outcome: 'dead', retryAt: null } as const)
      : ({ outcome: 'retry', retryAt: at + waitAfter(attempts) } as const)
    return recordMail(records, { ...record, ...again, detail: kind.reason })
  }
  const detail = await follow(bot, { message, kind: kind.value }, records)
  await recordMail(records, { ...record, outcome: 'done', detail, retryAt: null })
}

type Attempt<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly reason: string }

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { kind: 'done', value: work() }
  } catch (error) {
    return { kind: 'failed', reason: describe(error) }
  }
}

/** What follows from a mail; in a few words. */
async function follow(
  bot: Bot,
  { message, kind }: { readonly message: Message; readonly kind: MailKind },
  records: Records,
): Promise<string> {
  if (kind === 'answer' && (await noteCommands(bot, message, records))) return 'command'
  if (kind !== 'patch') return kind
  const job = { kind: 'assemble', key: message.id, version: null, priority: 0, dueAt: bot.clock() }
  await enqueue(records, job)
  return kind
}

async function retryMails(bot: Bot): Promise<number> {
  const waiting = await mailsToRetry(bot.store.records, bot.clock())
  const away = new Set<string>()
  let tried = 0
  for (const mail of waiting) {
    bot.signal.throwIfAborted()
    if (away.has(mail.source)) continue
    try {
      await retryMail(bot, mail)
      tried++
    } catch (error) {
      if (bot.signal.aborted || !(error instanceof UnavailableError)) throw error
      // they wait for it, and it is asked again by the next pass
      away.add(mail.source)
      bot.log('retry-postponed', { list: mail.source, reason: describe(error) })
    }
  }
  return tried
}

async function retryMail(bot: Bot, { source, key, attempts }: KeptMail): Promise<void> {
  const found = (await bot.sources.get(source)?.find(key)) ?? null
  await bot.store.transaction(async (records) => {
    if (found?.kind === 'message') return takeMail(bot, { source, message: found.message, attempts }, records)
    if (found?.kind === 'refused')
      return recordMail(records, refusedMail(bot, { source, key, refusal: found, attempts }))
    const detail = 'the archive has it no longer'
    bot.log('mail-dead', { list: source, mail: key, reason: detail })
    await recordMail(records, { source, key, at: bot.clock(), outcome: 'dead', detail, retryAt: null })
  })
}

/** An error in one line, with what is behind it. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
