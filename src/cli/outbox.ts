import { userInfo } from 'node:os'
import { Command } from 'commander'
import { toMail } from '../app/draft-replies.ts'
import { openState } from '../app/wire.ts'
import { approveReply, dropReply, replies, repliesLike, type KeptReply } from '../store/outbox.ts'
import type { ReplyState } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { requireBot } from './bot.ts'
import { correspondenceOf } from './correspondence.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, formatOption } from './options.ts'
import { readConfig, surroundingsOf } from './session.ts'
import type { Terminal } from './terminal.ts'

type Flags = { readonly config?: string }
type ListFlags = Flags & { readonly format: 'text' | 'json'; readonly all?: boolean }
type DropFlags = Flags & { readonly why?: string }

/** `outbox list|show|approve|drop`: the replies of the bot and what becomes of them. */
export function outboxCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const command = new Command('outbox').description(
    'the replies of the bot: those that wait for a person, and the others',
  )
  const sub = (name: string, about: string): Command =>
    command.command(name).description(about).addOption(configOption())
  const id = ['<id>', 'the beginning of a Message-ID, as `outbox list` prints it'] as const
  sub('list', 'list what waits: drafts, and mails on their way')
    .option('--all', 'also what was sent or dropped')
    .addOption(formatOption(['text', 'json']))
    .action(async (flags: ListFlags) =>
      finish(await withStore(flags, terminal, (store) => list(store, flags, terminal))),
    )
  sub('show', 'print a reply as the mail it is, and why it is where it is')
    .argument(...id)
    .action(async (wanted: string, flags: Flags) =>
      finish(await withStore(flags, terminal, (store) => show(store, wanted, { flags, terminal }))),
    )
  sub('approve', 'let a draft go out; `bot` sends it, after it has looked at its thread once more')
    .argument(...id)
    .action(async (wanted: string, flags: Flags) =>
      finish(await withStore(flags, terminal, (store) => approve(store, wanted, terminal))),
    )
  sub('drop', 'never send a reply')
    .argument(...id)
    .option('--why <text>', 'the reason that is kept with it')
    .action(async (wanted: string, flags: DropFlags) =>
      finish(await withStore(flags, terminal, (store) => drop(store, wanted, { flags, terminal }))),
    )
  return command
}

async function withStore(
  flags: Flags,
  terminal: Terminal,
  work: (store: Store) => Promise<ExitCode>,
): Promise<ExitCode> {
  const store = await openState(requireBot(readConfig(flags, terminal)).state)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

const waiting: readonly ReplyState[] = ['drafted', 'approved', 'sending']

async function list(store: Store, { format, all }: ListFlags, terminal: Terminal): Promise<ExitCode> {
  const kept = await replies(store.records, all === true ? {} : { states: waiting })
  await terminal.out(format === 'json' ? `${JSON.stringify(kept, null, 2)}\n` : kept.map(line).join(''))
  return exitCodes.clean
}

/** State, the beginning of the Message-ID, to whom, subject, and why it is in its state. */
function line({ state, messageId, reply, detail }: KeptReply): string {
  const to = reply.to.map(({ address }) => address).join(',')
  return `${state.padEnd(8)}  ${messageId.slice(0, shownId)}  ${to}  ${reply.subject}  (${detail})\n`
}

/** `kr.` and 50 bits of the key. */
const shownId = 13

/** The one reply that is meant; throws `UsageError` where there is none, or several. */
async function find(store: Store, wanted: string): Promise<KeptReply> {
  const found = await repliesLike(store.records, wanted.replace(/^<(.*)>$/, '$1'))
  const [only, ...more] = found
  if (only === undefined) throw new UsageError(`no reply has a Message-ID that begins with \`${wanted}\``)
  if (more.length > 0) throw new UsageError(`${found.length} replies have a Message-ID that begins with \`${wanted}\``)
  return only
}

type Context<F> = { readonly flags: F; readonly terminal: Terminal }

async function show(store: Store, wanted: string, { flags, terminal }: Context<Flags>): Promise<ExitCode> {
  const { reply, state, detail, dated, createdAt } = await find(store, wanted)
  const config = readConfig(flags, terminal)
  const { identity } = correspondenceOf({
    config,
    rules: [],
    speaks: () => true,
    surroundings: surroundingsOf(terminal),
  })
  terminal.note(`${state}: ${detail}`)
  await terminal.out(toMail(reply, { identity, now: dated ?? createdAt }, 'lf'))
  return exitCodes.clean
}

async function approve(store: Store, wanted: string, terminal: Terminal): Promise<ExitCode> {
  const { messageId, state, lists } = await find(store, wanted)
  const by = userInfo().username
  if (!(await approveReply(store.records, messageId, { by, dueAt: Date.now() })))
    throw new UsageError(`\`${messageId}\` is ${state}: only drafts are approved`)
  terminal.note(`approved; \`bot\` sends it where ${lists.join(' and ')} let it`)
  return exitCodes.clean
}

async function drop(store: Store, wanted: string, { flags, terminal }: Context<DropFlags>): Promise<ExitCode> {
  const { messageId, state } = await find(store, wanted)
  const detail = `dropped by ${userInfo().username}${flags.why === undefined ? '' : `: ${flags.why}`}`
  if (!(await dropReply(store.records, messageId, { detail, now: Date.now() })))
    throw new UsageError(`\`${messageId}\` is ${state === 'sending' ? 'just being sent' : state}: it cannot be dropped`)
  terminal.note(`dropped ${messageId}`)
  return exitCodes.clean
}
