import { isAuthentic } from '../../mail/authentication.ts'
import type { Message } from '../../mail/message.ts'
import { isRewritten, senderOf } from '../../mail/relay.ts'
import { answerCommands, explanationLines, type Asked } from '../../review/answer.ts'
import type { Series } from '../../series/series.ts'
import { countFeedback, putFeedback } from '../../store/feedback.ts'
import { endJob, enqueue, holdsJob, takeJob, type TakenJob } from '../../store/jobs.ts'
import { dropUnsent, putReply, replyById, type KeptReply } from '../../store/outbox.ts'
import type { Records } from '../../store/store.ts'
import { versionById, versionsOfSeries, type VersionRecord } from '../../store/versions.ts'
import { replyOptions } from '../draft-replies.ts'
import { rulePage } from '../package.ts'
import { failJob, gatherVersion, jobLeaseMs } from './assemble.ts'
import { voicesOf, type Bot } from './bot.ts'
import { parseCommands, type Command } from './commands.ts'
import { policyOf } from './judge.ts'
import { kindOf } from './mail.ts'
import type { Policy } from './policy.ts'

const dayMs = 24 * 3_600_000

/** Does what people asked for by mail. Gives how many commands were obeyed. */
export async function obeyDue(bot: Bot): Promise<number> {
  let obeyed = 0
  for (;;) {
    bot.signal.throwIfAborted()
    const job = await takeJob(bot.store, { kind: 'obey', lease: bot.owner, now: bot.clock(), forMs: jobLeaseMs })
    if (job === null) return obeyed
    try {
      obeyed += await obeyMail(bot, job)
    } catch (error) {
      if (bot.signal.aborted) throw error
      await failJob(bot, job, error)
    }
  }
}

/** What a mail asks, of which mail of ours, about which series. */
type Request = Copy & {
  readonly commands: readonly Command[]
  readonly answered: KeptReply
  readonly version: VersionRecord
  readonly series: Series
}

async function obeyMail(bot: Bot, job: TakenJob): Promise<number> {
  const request = await readRequest(bot, job.key)
  const why = typeof request === 'string' ? request : await refusal(bot, request)
  if (typeof request === 'string' || why !== null) {
    bot.log('command-refused', { mail: job.key, why: why ?? '' })
    await endJob(bot.store.records, job, { state: 'done', detail: `refused: ${why ?? ''}` })
    return 0
  }
  return bot.store.transaction(async (records) => {
    if (!(await holdsJob(records, job))) return 0
    const done = await obey(bot, request, records)
    await endJob(records, job, { state: 'done', detail: done.join(', ') })
    for (const command of done) bot.log('command-obeyed', { mail: job.key, command, series: request.version.head })
    return done.length
  })
}

/** The request that a mail makes, or why it makes none. */
async function readRequest(bot: Bot, id: string): Promise<Request | string> {
  const copy = await findCopy(bot, id)
  if (copy === null) return 'no archive has the mail any longer'
  const { message } = copy
  const { records } = bot.store
  const answered = message.inReplyTo === null ? null : await replyById(records, message.inReplyTo)
  const version = answered === null ? null : await versionById(records, answered.version)
  const gathered = version === null ? null : await gatherVersion(bot, version)
  if (answered === null || version === null || gathered === null) return 'no archive has its series any longer'
  return { ...copy, commands: parseCommands(message.text), answered, version, series: gathered.series }
}

/** A mail as a list has it, and whether a server of that list vouches for its sender. */
type Copy = { readonly message: Message; readonly isVouched: boolean }

/** A mail of any list, as `findCopy` finds it; null where no archive has it. */
export async function findMail(bot: Pick<Bot, 'config' | 'sources'>, id: string): Promise<Message | null> {
  return (await findCopy(bot, id))?.message ?? null
}

/**
 * The copy of a mail for whose sender a server of its own list vouches, or else any. A server takes away what claims to be its own from the mails that come
 * to it (RFC 8601 §5), and so of one list: over another one anybody may send its name. Throws where no copy is
 * vouched for and the archive of a list cannot be asked that has such a server, or where none that can be asked has the mail.
 */
async function findCopy({ config, sources }: Pick<Bot, 'config' | 'sources'>, id: string): Promise<Copy | null> {
  let other: Copy | null = null
  const failures: { readonly isTrusted: boolean; readonly error: Error }[] = []
  for (const [list, source] of sources) {
    const trust = config.lists[list]?.trust ?? []
    try {
      const found = await source.find(id)
      if (found?.kind !== 'message') continue
      const { message } = found
      const isVouched = isAuthentic(message, trust)
      if (isVouched) return { message, isVouched }
      other ??= { message, isVouched }
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      failures.push({ isTrusted: trust.length > 0, error: failure })
    }
  }
  const missed = failures.find(({ isTrusted }) => isTrusted || other === null)
  if (missed !== undefined) throw missed.error
  return other
}

/** Why a person is not obeyed; null where he is. */
async function refusal(bot: Bot, { message, isVouched, commands, version, series }: Request): Promise<string | null> {
  const { people, 'daily-limit': limit } = bot.config.feedback
  const sender = message.from.address.toLowerCase()
  if (kindOf(message, voicesOf(bot)) !== 'answer') return 'it is not from a person'
  if (Object.values(bot.config.lists).every(({ trust }) => trust.length === 0))
    return 'no server is configured whose word on the sender is taken (`trust` of a list)'
  if (!isVouched) return 'no trusted server of a list that has it says that the sender is who he says'
  const lists = new Set(Object.keys(bot.config.lists))
  if (isRewritten(message.from) || lists.has(sender))
    return 'its list has put its own address in the place of the sender'
  const today = bot.clock() - (bot.clock() % dayMs)
  if ((await countFeedback(bot.store.records, sender, today)) + commands.length > limit)
    return `${sender} has given ${limit} commands today`
  const writers = series.patches.flatMap(({ author, envelope }) => [author, envelope.from, senderOf(envelope)])
  const known = [version.sender, ...writers.map(({ address }) => address.toLowerCase()), ...people]
  if (known.includes(sender) || (await isMaintainer(bot, sender, series))) return null
  return `${sender} is neither the author, nor a maintainer of the files, nor configured`
}

async function isMaintainer({ maintainersOf }: Bot, sender: string, { patches }: Series): Promise<boolean> {
  if (maintainersOf === undefined) return false
  const files = patches.flatMap(({ files: changed }) => changed.flatMap(({ oldPath, newPath }) => [oldPath, newPath]))
  const paths = [...new Set(files.filter((path) => path !== null))]
  return (await maintainersOf(paths)).some((address) => address.toLowerCase() === sender)
}

/** Does the commands that were not done before; what was done, in words. */
async function obey(bot: Bot, request: Request, records: Records): Promise<readonly string[]> {
  const { message, commands, answered, version } = request
  const done: Command[] = []
  for (const [ordinal, { name: command, argument }] of commands.entries()) {
    const given = { messageId: message.id, ordinal, version: version.id, reply: answered.messageId, command, argument }
    const sender = message.from.address.toLowerCase()
    if (!(await putFeedback(records, { ...given, sender, at: bot.clock() }))) continue
    done.push(...commands.slice(ordinal, ordinal + 1))
    if (command === 'retest')
      await enqueue(records, { kind: 'retest', key: message.id, version: version.id, priority: 1, dueAt: bot.clock() })
    if (command === 'quiet')
      for (const { id } of await versionsOfSeries(records, version.series))
        await dropUnsent(records, id, { detail: `its people asked for quiet: ${message.id}` })
  }
  await answer(bot, { request, done }, records)
  return done.map(({ name, argument }) => `${name} ${argument}`.trim())
}

type Done = { readonly request: Request; readonly done: readonly Command[] }

/** One mail for all commands that want an answer; a retest brings its own. */
async function answer(bot: Bot, { request, done }: Done, records: Records): Promise<void> {
  const { message, version, series } = request
  const lines = done
    .filter(({ wantsAnswer }) => wantsAnswer)
    .flatMap((command) => [...answerLines(command, request), ''])
    .slice(0, -1)
  if (lines.length === 0) return
  const policy = await policyOf(bot, series, version.id, records)
  if (policy === null || policy.send === 'never') return
  const asked: Asked = { message, series: version.head }
  const reply = answerCommands(asked, ['This is an automated answer.', '', ...lines], answerOptions(bot, policy))
  if (reply === null) return
  await putReply(records, { reply, version: version.id, ...answerTerms(bot, policy), rules: new Map() })
}

function answerLines({ name, argument }: Command, { version }: Request): readonly string[] {
  switch (name) {
    case 'explain': {
      const page = rulePage(argument)
      return page === null ? [`There is no rule ${argument}.`] : explanationLines(page, argument)
    }
    case 'invalid':
      return [`Noted: ${argument === '' ? 'the remarks' : `what ${argument} found`} will not be told again.`]
    case 'quiet':
      return ['Noted: there will be no more mails about this series.']
    case 'retest':
      return [`Version ${version.version} will be tested again; what comes of it is answered, too.`]
  }
}

/** What answers to people are written with. */
export function answerOptions(bot: Bot, policy: Policy): ReturnType<typeof replyOptions> {
  const { identity, cc, ruleCount } = bot.writer
  const copies = policy.copies ? [...cc, ...policy.lists] : []
  return replyOptions(
    {},
    {
      identity,
      cc: copies,
      now: bot.clock(),
      asked: true,
      ruleCount,
      obeys: true,
      lists: Object.keys(bot.config.lists),
    },
  )
}

/** When and whether an answer goes out: at once, where the lists allow it. */
export function answerTerms(
  bot: Bot,
  { send, lists }: Policy,
): Pick<Parameters<typeof putReply>[1], 'state' | 'createdAt' | 'dueAt' | 'detail' | 'lists'> {
  const now = bot.clock()
  const state = send === 'auto' ? 'approved' : 'drafted'
  return { state, createdAt: now, dueAt: now, detail: `the lists say \`${send}\``, lists }
}
