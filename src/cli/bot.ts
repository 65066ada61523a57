import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { logLine, type Log } from '../app/bot/log.ts'
import { describe } from '../app/bot/intake.ts'
import { maintainersOf } from '../app/bot/maintainers-of.ts'
import { runPass } from '../app/bot/pass.ts'
import { runBot } from '../app/bot/run.ts'
import { botStatus, type BotStatus } from '../app/bot/status.ts'
import type { Bot } from '../app/bot/bot.ts'
import type { BotConfig } from '../app/bot/config.ts'
import type { Config } from '../app/config.ts'
import { toMail } from '../app/draft-replies.ts'
import { createJudgeAside, type JudgeAside } from '../app/judge-aside.ts'
import { nameOwner } from '../app/process-owner.ts'
import {
  createMailboxWatch,
  openCompleters,
  openLists,
  openMailer,
  openMailParser,
  openNetwork,
  openOutbox,
  openState,
  type MailboxWatch,
  type Surroundings,
} from '../app/wire.ts'
import type { MailParser } from '../mail/parser.ts'
import type { MailSource } from '../ports.ts'
import type { Store } from '../store/store.ts'
import { buildReviewed } from '../app/series-builds.ts'
import { configuredBuilds } from './check-build.ts'
import { correspondenceOf } from './correspondence.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, formatOption, treeOption } from './options.ts'
import { chosenBy, openSession, readConfig, type Session, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

/** `bot once`, `bot run`, `bot status`: watches lists, judges every series once, keeps the replies. */
export function botCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const command = new Command('bot').description(
    'watch the lists of the configuration, judge every series once, and keep the replies in the outbox',
  )
  const sub = (name: string, about: string): Command =>
    command.command(name).description(about).addOption(treeOption()).addOption(configOption())
  const trial = [
    '--preview',
    'let rules speak that have not earned it on a list; then nothing is sent, only drafted',
  ] as const
  sub('once', 'one look at the lists: read what is new, judge what is complete')
    .option(...trial)
    .action(async (flags: TreeFlags) => finish(await withBot(flags, terminal, once)))
  sub('run', 'look at the lists again and again, as `bot.schedule` says, until SIGTERM or SIGINT')
    .option(...trial)
    .action(async (flags: TreeFlags) => finish(await withBot(flags, terminal, run)))
  sub('status', 'say how the lists are read, what waits, and which mails could not be dealt with')
    .addOption(formatOption(['text', 'json']))
    .action(async (flags: TreeFlags & { readonly format: 'text' | 'json' }) => finish(await status(flags, terminal)))
  return command
}

/** The part of the configuration that is needed; throws `UsageError` where there is none. */
export function requireBot({ bot }: Config): BotConfig {
  if (bot === undefined) throw new UsageError('the configuration has no `bot`; deploy/config.example.yaml explains it')
  return bot
}

/** What lasts as long as the command. */
type Opened = {
  readonly flags: TreeFlags
  readonly terminal: Terminal
  readonly session: Session
  /** Those of the session, with the network that the lists are read over. */
  readonly surroundings: Surroundings
  readonly store: Store
  readonly parser: MailParser
  readonly judges: Judges
  readonly owner: string
  readonly log: Log
}

async function withBot(
  flags: TreeFlags,
  terminal: Terminal,
  work: (opened: Opened) => Promise<ExitCode>,
): Promise<ExitCode> {
  const session = await openSession(flags, terminal)
  const parser = openMailParser()
  const judges = createJudges(session)
  let store: Store | null = null
  try {
    const { state, pause } = requireBot(session.config)
    store = await openState(state)
    const network = await openNetwork(session.surroundings, { pauseMs: pause, signal: terminal.signal })
    const surroundings = { ...session.surroundings, network }
    const log: Log = (event, fields) => terminal.log(logLine(session.surroundings.clock(), event, fields))
    return await work({
      flags,
      terminal,
      session,
      surroundings,
      store,
      parser,
      judges,
      owner: nameOwner(randomUUID()),
      log,
    })
  } finally {
    await store?.close()
    await parser.close()
    await judges.close()
    await session.close()
  }
}

/** What judges by the rules of a session; made anew where they are others. Close it. */
type Judges = { readonly of: (session: Session) => Promise<JudgeAside>; readonly close: () => Promise<void> }

function createJudges(first: Session): Judges {
  let [known, judge] = [rulesOf(first), openJudge(first)]
  return {
    of: async (session) => {
      const wanted = rulesOf(session)
      if (wanted !== known) {
        await judge.close()
        ;[known, judge] = [wanted, openJudge(session)]
      }
      return judge
    },
    close: () => judge.close(),
  }
}

const rulesOf = ({ rules, ignored }: Session): string => JSON.stringify([rules.map(({ id }) => id), ignored])

/** What judges is a process, so that the bot can be stopped in the middle of a long series. */
function openJudge({ repository, rules, ignored, surroundings }: Session): JudgeAside {
  const { env, cacheDirectory } = surroundings
  const ids = rules.map(({ id }) => id)
  return createJudgeAside({ gitDirectory: repository.gitDirectory, rules: ids, ignored, env, cacheDirectory })
}

async function once(opened: Opened): Promise<ExitCode> {
  const { terminal, session } = opened
  const pass = await passWith(session.config, opened)
  if (pass.kind === 'busy') {
    terminal.note(`another process is at it: ${pass.owner}`)
    return exitCodes.notJudged
  }
  await terminal.out(
    `${pass.mails} mails read, ${pass.judged} series judged, ${pass.laid} replies laid out, ${pass.sent} sent\n`,
  )
  return exitCodes.clean
}

/** The configuration is read again before each pass; one that is broken changes nothing until it is mended. */
async function run(opened: Opened): Promise<ExitCode> {
  const { flags, terminal, session, log } = opened
  const { schedule, jitter } = requireBot(session.config)
  let config = session.config
  let mailboxes: MailboxWatch | null = null
  await runBot({
    schedule,
    jitterMs: jitter,
    log,
    signal: terminal.signal,
    onNews: (wake) => {
      const onFailure = (list: string, error: unknown): void => log('watch-failed', { list, reason: describe(error) })
      mailboxes = createMailboxWatch(opened.surroundings, { onNews: wake, onFailure })
      mailboxes.watch(requireBot(config).lists)
    },
    pass: () => {
      config = reread(config, { flags, terminal, log })
      mailboxes?.watch(requireBot(config).lists)
      return passWith(config, opened)
    },
  })
  return exitCodes.clean
}

function reread(config: Config, { flags, terminal, log }: Pick<Opened, 'flags' | 'terminal' | 'log'>): Config {
  try {
    const fresh = readConfig(flags, terminal)
    const [before, after] = [requireBot(config), requireBot(fresh)]
    if (
      before.state !== after.state ||
      before.schedule !== after.schedule ||
      before.jitter !== after.jitter ||
      before.pause !== after.pause ||
      config.tree !== fresh.tree
    )
      log('config-needs-restart', { keys: 'tree bot.state bot.schedule bot.jitter bot.pause' })
    return fresh
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    log('config-broken', { reason: error.message })
    return config
  }
}

async function passWith(config: Config, opened: Opened): ReturnType<typeof runPass> {
  const { surroundings, parser } = opened
  const bot = requireBot(config)
  const sources = openLists(bot.lists, surroundings, parser)
  const completers = openCompleters(bot, surroundings, parser)
  try {
    const { repository } = opened.session
    const maintainers = (paths: readonly string[]) => maintainersOf(repository, paths)
    return await runPass({ ...(await toBot(config, sources, opened)), completers, maintainersOf: maintainers })
  } finally {
    for (const source of [...sources.values(), ...completers]) await source.close()
  }
}

async function toBot(config: Config, sources: ReadonlyMap<string, MailSource>, opened: Opened): Promise<Bot> {
  const { flags, terminal, store, judges, owner, log } = opened
  const bot = requireBot(config)
  const session = { ...opened.session, ...chosenBy(flags, config) }
  const judge = await judges.of(session)
  const correspondence = correspondenceOf(session)
  const plan = configuredBuilds(config, { session, terminal })
  const { clock } = session.surroundings
  return {
    store,
    config: bot,
    sources,
    clock,
    log,
    owner,
    signal: terminal.signal,
    judge: async (series) => {
      const review = await judge.judge(series, terminal.signal)
      return plan === null ? review : buildReviewed(review, plan)
    },
    writer: { ...correspondence, isTrial: flags.preview === true },
    drafts:
      bot.drafts === undefined
        ? null
        : openOutbox(bot.drafts, (reply) => toMail(reply, { ...correspondence, now: clock() }, 'lf')),
    mailer: bot.smtp === undefined ? null : await openMailer(bot.smtp, terminal.signal),
  }
}

async function status(flags: TreeFlags & { readonly format: 'text' | 'json' }, terminal: Terminal): Promise<ExitCode> {
  const config = requireBot(readConfig(flags, terminal))
  const store = await openState(config.state)
  try {
    const found = await botStatus(store.records, Object.keys(config.lists))
    await terminal.out(flags.format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : renderStatus(found))
    return exitCodes.clean
  } finally {
    await store.close()
  }
}

function renderStatus({ lists, work, replies, incomplete, failed, dead }: BotStatus): string {
  return [
    ...lists.map(({ list, state }) => `list ${list}: ${state}`),
    ...work.map(({ kind, state, count }) => `work: ${kind}: ${count} ${state}`),
    ...replies.map(({ state, count }) => `replies: ${count} ${state}`),
    ...incomplete.map(({ head, version, detail }) => `incomplete: v${version} ${head}: ${detail}`),
    ...failed.map(({ head, version, detail }) => `failed: v${version} ${head}: ${detail}`),
    ...dead.map(({ source, key, detail }) => `dead: ${source}: ${key}: ${detail}`),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
