import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch } from './batches.ts'
import { author } from './planted.ts'
import { idlePass, list, type BotName, type Running, type Stage } from './stage.ts'

/** The time that the bots are shown; it only goes on. */
export type Time = { now: number }

/** A mail of which nobody knows whether it went out is asked for after an hour. */
const hourMs = 61 * 60_000

/** Hours after a batch until nothing is left to do. */
const mostHours = 16

/** So long may a bot take for a batch (milliseconds). */
const patienceMs = 15 * 60_000

/** Lets the time of a batch come and adds it to the list. */
export function post(stage: Stage, { mails, at }: Batch, time: Time): void {
  time.now = Math.max(time.now, at)
  stage.setClock(time.now)
  stage.inbox.add(mails)
}

/** Lets hours pass, at least one, until a bot that runs has nothing left to do. */
export async function settleBatch(
  stage: Stage,
  { name, running }: { readonly name: BotName; readonly running: Running },
  time: Time,
): Promise<void> {
  for (let hours = 0; hours < mostHours; hours += 1) {
    await untilIdle(running)
    if (hours > 0 && !isOpen(stage, name)) return
    time.now += hourMs
    stage.setClock(time.now)
  }
  throw new Error(`the bot has not come to an end:\n${running.log().slice(-3000)}`)
}

/** Whether something is still to be judged or sent. */
function isOpen(stage: Stage, name: BotName): boolean {
  const [open] = stage.rows(
    name,
    "select (select count(*) from jobs where state in ('queued', 'running')) + (select count(*) from replies where state in ('approved', 'sending') or postponed is not null) as count",
  )
  return Number(open?.['count']) > 0
}

/** Waits for three looks in a row at which nothing was found: the first may have begun before something came, and its clock be late. */
async function untilIdle(running: Running): Promise<void> {
  const begun = running.log().length
  const ending = new AbortController()
  void running.ended.then(() => {
    ending.abort()
  })
  const until = performance.now() + patienceMs
  while (performance.now() < until) {
    await sleep(100)
    const since = running.log().slice(begun)
    const last = since.split('\n').filter((line) => line.includes(' event=pass '))
    if (last.length >= 3 && last.slice(-3).every((line) => idlePass.test(line))) return
    if (ending.signal.aborted) throw new Error(`the bot has ended:\n${running.log().slice(-3000)}`)
  }
  throw new Error(`the bot does not come to rest:\n${running.log().slice(-3000)}`)
}

/** What a bot has made of the list in the end: the same however often it was disturbed. */
export function finalState(stage: Stage, name: BotName): readonly string[] {
  const queries = [
    "select 'mail ' || key || ' ' || outcome || ' ' || detail as line from mails",
    "select 'version ' || head || ' v' || version || ' ' || state as line from versions",
    "select 'finding ' || head || ' ' || key as line from findings join versions on versions.id = findings.version",
    "select 'reply ' || message_id || ' ' || state || ' ' || reply as line from replies",
    "select 'work ' || kind || ' ' || state || ' ' || count(*) as line from jobs group by kind, state",
  ]
  return queries.flatMap((query) => stage.rows(name, `${query} order by 1`).map(({ line }) => String(line)))
}

/** What did not reach somebody as often as once, by Message-ID and recipient, and answers that are not there: none where all is well. */
export function wrongMails(
  stage: Stage,
  answered: readonly string[],
): { readonly lost: readonly string[]; readonly repeated: readonly string[] } {
  const header = (raw: Buffer, name: string): string =>
    new RegExp(`^${name}: <(.*)>`, 'mi').exec(raw.toString('latin1'))?.[1] ?? ''
  const copies = stage.server.taken.flatMap(({ to, raw }) =>
    to.map((recipient) => ({ recipient, id: header(raw, 'message-id'), parent: header(raw, 'in-reply-to') })),
  )
  const times = Map.groupBy(copies, ({ recipient, id }) => `${id} for ${recipient}`)
  const reached = new Set(copies.map(({ recipient, parent }) => `${parent} for ${recipient}`))
  return {
    lost: answered
      .flatMap((id) => [list, author].map((who) => `${id} for ${who}`))
      .filter((copy) => !reached.has(copy)),
    repeated: [...times].flatMap(([copy, members]) => (members.length > 1 ? [copy] : [])),
  }
}
