import { join } from 'node:path'
import { rules as allRules } from '../../../rules/index.ts'
import { levelOf } from '../../../rules/levels.ts'
import type { Bot } from '../../../src/app/bot/bot.ts'
import type { Log } from '../../../src/app/bot/log.ts'
import { runPass } from '../../../src/app/bot/pass.ts'
import { parseConfig } from '../../../src/app/config.ts'
import { openLists, openMailParser, openState, type Surroundings } from '../../../src/app/wire.ts'
import type { MailSource } from '../../../src/ports.ts'
import { hears } from '../../../src/review/level.ts'
import { nextDue } from '../../../src/store/jobs.ts'
import type { Store } from '../../../src/store/store.ts'
import { openGrowingMirror, type GrowingMirror } from './growing-mirror.ts'

/** The list that is replayed. */
export const kbuildList = 'linux-kbuild@vger.kernel.org'

/** As often as the bot looks for mails by default (milliseconds). */
const everyMs = 120_000

export type Replay = {
  /** The git directory of the epoch that is replayed. */
  readonly epoch: string
  /** Where the mirror, the state and the caches lie; a replay that was cut off goes on from there. */
  readonly directory: string
  /** Milliseconds since 1970. */
  readonly until: number
  readonly judge: Bot['judge']
  readonly signal: AbortSignal
  /** What the bot logs, at the time of the replay. */
  readonly log: (now: number, ...event: Parameters<Log>) => void
  /** A mail was read. */
  readonly onMail: (now: number, id: string) => void
  /** Before each pass; minutes have gone by since the last one. */
  readonly onRest: () => Promise<void>
  /** After each pass: how many mails have come, and how many there are. */
  readonly onPass: (arrived: number, total: number) => Promise<void>
}

/**
 * Plays an epoch of a list archive to the bot as it came: mails appear in the mirror at the time at which they arrived, and the bot looks for
 * them every two minutes. The list says `draft`, every rule that waits to be asked may speak, and nothing is sent.
 */
export async function replay(options: Replay): Promise<void> {
  const mirror = openGrowingMirror(join(options.directory, 'list'), options.epoch)
  const start = mirror.mails[0]?.arrivedAt ?? 0
  const clock = { now: slotOf(mirror.mails[Math.max(0, mirror.arrived() - 1)]?.arrivedAt ?? start) }
  const surroundings = { env: process.env, cacheDirectory: join(options.directory, 'cache'), clock: () => clock.now }
  const parser = openMailParser()
  const store = await openState(join(options.directory, 'state.sqlite'))
  const config = configOf(mirror)
  const lists = openLists(config.lists, surroundings, parser)
  const sources = new Map(
    [...lists].map(([list, source]) => [list, noting(source, (id) => options.onMail(clock.now, id))]),
  )
  try {
    const bot = { ...fixedParts(options, surroundings), store, config, sources }
    for (let next = await nextLook(mirror, store, options.until); next !== null;) {
      options.signal.throwIfAborted()
      clock.now = Math.max(clock.now, next)
      mirror.grow(mirror.mails.findLastIndex(({ arrivedAt }) => arrivedAt <= Math.min(clock.now, options.until)) + 1)
      await options.onRest()
      await runPass(bot)
      await options.onPass(mirror.arrived(), mirror.mails.filter(({ arrivedAt }) => arrivedAt <= options.until).length)
      next = await nextLook(mirror, store, options.until)
    }
  } finally {
    for (const source of sources.values()) await source.close()
    await store.close()
    await parser.close()
  }
}

/** What is the same in each pass. */
function fixedParts(
  { judge, signal, log }: Replay,
  { clock }: Surroundings,
): Omit<Bot, 'store' | 'config' | 'sources'> {
  return {
    clock,
    log: (...event) => log(clock(), ...event),
    owner: `replay:${process.pid}:replay`,
    signal,
    judge,
    writer: {
      identity: { from: { name: 'Kbuild review', address: 'review@example.org' }, replyTo: null },
      cc: [],
      ruleCount: allRules.length,
      speaks: (rule) => hears('preview', levelOf(rule)),
      isTrial: true,
    },
    drafts: null,
    mailer: null,
  }
}

function configOf({ directory }: GrowingMirror): Bot['config'] {
  const text = `reply: { from: Kbuild review <review@example.org> }\nbot:\n  state: unused\n  lists:\n    ${kbuildList}: { archive: ${directory} }\n`
  const parsed = parseConfig(text, 'replay.yaml', [])
  if (parsed.kind === 'bad' || parsed.config.bot === undefined)
    throw new Error('the configuration of the replay is bad')
  return parsed.config.bot
}

/** When the bot looks next and finds something: a mail that has come, or work that is due; null at the end. */
async function nextLook(mirror: GrowingMirror, store: Store, until: number): Promise<number | null> {
  const coming = mirror.mails[mirror.arrived()]
  const arrival = coming !== undefined && coming.arrivedAt <= until ? coming.arrivedAt : null
  const due = [arrival, await nextDue(store.records, 'assemble'), await nextDue(store.records, 'judge')]
  const times = due.filter((time) => time !== null)
  return times.length === 0 ? null : slotOf(Math.min(...times))
}

function slotOf(time: number): number {
  return Math.ceil(time / everyMs) * everyMs
}

/** A source that tells of each mail that it gives. */
function noting(source: MailSource, onMail: (id: string) => void): MailSource {
  return {
    ...source,
    since: async function* (window) {
      for await (const arrival of source.since(window)) {
        if (arrival.id !== null) onMail(arrival.id)
        yield arrival
      }
    },
  }
}
