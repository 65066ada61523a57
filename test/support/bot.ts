import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import type { BotConfig } from '../../src/app/bot/config.ts'
import { runPass, type Pass } from '../../src/app/bot/pass.ts'
import type { Bot } from '../../src/app/bot/bot.ts'
import { parseConfig } from '../../src/app/config.ts'
import { judgeSeries } from '../../src/app/judge-series.ts'
import { openKernel, openLists, openMailParser, openState } from '../../src/app/wire.ts'
import type { Repository } from '../../src/git/repository.ts'
import type { MailParser } from '../../src/mail/parser.ts'
import { createFacts } from '../../src/review/facts.ts'
import type { Store } from '../../src/store/store.ts'
import { createRepository, type FencedRepository } from './git.ts'
import { testNow, writeMail } from './mails.ts'
import { addToMirror } from './mirror.ts'
import { wordRule } from './reviews.ts'

export const boards = 'boards@lists.example.org'
export const drivers = 'drivers@lists.example.org'

/** A patch mail to post; of what is not given there is something plain. */
export type PatchParts = {
  readonly id: string
  readonly subject?: string
  readonly title?: string
  readonly inReplyTo?: string
  readonly from?: string
  readonly to?: string
  /** The line that it adds to drivers/boards/Makefile; `obj-z` is what the rule of these tests finds. */
  readonly line?: string
  readonly headers?: readonly string[]
  readonly date?: number
}

/** Two lists with mirrors, a kernel of four files, a clock, and a bot that watches all this; every part is real. */
export type BotWorld = {
  readonly directory: string
  /** The kernel. */
  readonly tree: FencedRepository
  readonly store: Store
  readonly events: { readonly event: string; readonly fields: Readonly<Record<string, string | number>> }[]
  /** Milliseconds since 1970. */
  now: number
  /** The lines of the configuration below `bot`. */
  readonly configure: (lines: string) => void
  readonly post: (list: string, mail: string, postedAt?: number) => void
  readonly patch: (parts: PatchParts) => string
  readonly bot: (change?: Partial<Bot>) => Bot
  readonly pass: (change?: Partial<Bot>) => Promise<Pass>
  readonly close: () => Promise<void>
}

const makefile = 'obj-y += core.o\n'

/** Makes such a world; close it. What parses its mails is a thread: worlds one after the other may share one, which lives on. */
export async function createBotWorld(shared: MailParser | null = null): Promise<BotWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-bot-'))
  const tree = createRepository()
  const base = tree.commit('boards: begin', { Makefile: 'VERSION = 6\n', 'drivers/boards/Makefile': makefile })
  const surroundings = { env: tree.environment, cacheDirectory: join(directory, 'cache'), clock: () => world.now }
  const opened = await openKernel(tree.path, surroundings)
  if (opened.kind === 'none') throw new Error(opened.reason)
  const { repository } = opened
  const parser = shared ?? openMailParser()
  const store = await openState(join(directory, 'state.sqlite'))
  const archiveOf = archivesIn(directory)
  const diffs = new Map<string, string>()
  let config = configOf('', archiveOf)
  const sources = openLists(config.lists, surroundings, parser)
  const world: BotWorld = {
    directory,
    tree,
    store,
    events: [],
    now: testNow,
    configure: (lines) => {
      config = configOf(lines, archiveOf)
    },
    post: (list, mail, postedAt = world.now) =>
      void addToMirror(archiveOf(list), 0, [{ kind: 'mail', mail, postedAt, arrivedAt: world.now }]),
    patch: (parts) => patchMail(parts, { now: world.now, base, diff: diffOf(tree, base, diffs, parts.line) }),
    bot: (change = {}) => ({
      store,
      config,
      sources,
      clock: () => world.now,
      log: (event, fields = {}) => void world.events.push({ event, fields }),
      owner: 'test-host:1:test',
      signal: new AbortController().signal,
      judge: judgeWith(repository),
      writer: {
        identity: { from: { name: 'Kbuild review', address: 'review@example.org' }, replyTo: null },
        cc: [],
        ruleCount: 1,
        speaks: () => true,
        isTrial: false,
      },
      drafts: null,
      mailer: null,
      ...change,
    }),
    pass: (change) => runPass(world.bot(change)),
    close: async () => {
      for (const source of sources.values()) await source.close()
      await store.close()
      if (shared === null) await parser.close()
      await repository.close()
      tree.remove()
      removeDirectory(directory)
    },
  }
  return world
}

/** Where the mirror of a list lies. */
export function archivesIn(directory: string): (list: string) => string {
  return (list) => join(directory, list.replace(/@.*/, ''))
}

/** Judges by the rule of these tests. */
export function judgeWith(repository: Repository): Bot['judge'] {
  const rules = [wordRule('obj-z')]
  const facts = createFacts()
  return (series) => judgeSeries(series, { repository, rules, facts, base: {} })
}

/** The configuration of both lists, or what `lines` say below `bot`; `ARCHIVE(list)` in them is the mirror of a list. */
export function configOf(lines: string, archiveOf: (list: string) => string): BotConfig {
  const lists = [boards, drivers].map((list) => `    ${list}: { archive: ${archiveOf(list)} }\n`).join('')
  const own = lines.includes('lists:')
    ? lines.replaceAll(/ARCHIVE\((.*?)\)/g, (_, list: string) => archiveOf(list))
    : `${lines}  lists:\n${lists}`
  const text = `reply: { from: Kbuild review <review@example.org> }\nbot:\n  state: unused\n${own}`
  const parsed = parseConfig(text, 'c.yaml', ['told-word'])
  if (parsed.kind === 'bad') throw new Error(`${parsed.problems.join('\n')}\n${text}`)
  if (parsed.config.bot === undefined) throw new Error('no bot')
  return parsed.config.bot
}

/** What git says of the makefile with one more line. */
function diffOf(tree: FencedRepository, base: string, known: Map<string, string>, line = 'obj-z += extra.o'): string {
  const diff = known.get(line) ?? makeDiff(tree, base, line)
  known.set(line, diff)
  return diff
}

function makeDiff(tree: FencedRepository, base: string, line: string): string {
  const commit = tree.commit('a change', { 'drivers/boards/Makefile': `${makefile}${line}\n` })
  const diff = tree.git('show', '--format=', commit)
  tree.git('reset', '--quiet', '--hard', base)
  return diff
}

type Applying = { readonly now: number; readonly base: string; readonly diff: string }

function patchMail(parts: PatchParts, { now, base, diff }: Applying): string {
  const { id, subject = '[PATCH]', title = 'boards: list the switch', to = boards, headers = [], ...rest } = parts
  return writeMail({
    id,
    subject: `${subject} ${title}`,
    from: parts.from ?? 'Ada Byron <ada@example.org>',
    date: parts.date ?? now,
    headers: [`To: ${to}`, ...headers],
    ...(rest.inReplyTo !== undefined && { inReplyTo: rest.inReplyTo, references: [rest.inReplyTo] }),
    body: `The switch was missing.\n\nSigned-off-by: Ada Byron <ada@example.org>\n---\n${diff}--\n2.40.1\n\nbase-commit: ${base}\n`,
  })
}
