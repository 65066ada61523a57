import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome, ProofContext } from '../check.ts'
import { seededRandom, type Random } from '../mutate-mail.ts'
import { makeBatches, wholePlan, type Batch, type BatchPlan } from './batches.ts'
import { lintMails } from './lint-mails.ts'
import { finalState, post, settleBatch, wrongMails, type Time } from './play.ts'
import { openStage, type Stage } from './stage.ts'

/** How often the bot is killed in a run; with `flaky` the mail server cuts, delays and refuses at random. */
export type Disturbance = { readonly kills: number; readonly flaky: boolean; readonly seed: number }

const wholeKills = 200

/** The bot killed 200 times, and again with a mail server that breaks off: nothing lost, nothing repeated, and the same in the end. */
export function proveKills(context: ProofContext): Promise<Outcome> {
  return killed(context, wholePlan, wholeKills)
}

/** The same with other numbers. */
export async function killed(context: ProofContext, plan: BatchPlan, kills: number): Promise<Outcome> {
  const batches = makeBatches(context.reference, plan)
  const calm = await live(context, batches, { kills: 0, flaky: false, seed: 1 })
  const parts = [judge('undisturbed', calm, calm)]
  for (const flaky of [false, true]) {
    const life = await live(context, batches, { kills, flaky, seed: flaky ? 3 : 2 })
    parts.push(judge(flaky ? 'killed, with a mail server that breaks off' : 'killed', life, calm))
  }
  return { ok: parts.every(({ ok }) => ok), figure: parts.map(({ figure }) => figure).join('; ') }
}

type Life = {
  readonly answered: number
  readonly lost: readonly string[]
  readonly repeated: readonly string[]
  readonly state: readonly string[]
  readonly linted: readonly string[]
  readonly mails: number
  /** At how many kills something was being judged, and a mail being sent. */
  readonly hits: { judging: number; sending: number; kills: number }
  readonly faults: ReadonlyMap<string, number>
}

function judge(what: string, life: Life, calm: Life): Outcome {
  const { lost, repeated, linted, hits, faults } = life
  const apart = [...new Set([...life.state, ...calm.state])].filter(
    (line) => life.state.includes(line) !== calm.state.includes(line),
  )
  const troubles = [...faults].map(([fault, count]) => `${count} ${fault}`).sort()
  const kills =
    hits.kills === 0 ? '' : ` ${hits.kills} times (${hits.judging} while judging, ${hits.sending} while sending)`
  const some = (ids: readonly string[]): string =>
    ids.length > 0 ? ` (${ids.slice(0, 3).join(' | ').slice(0, 500)})` : ''
  return {
    ok: lost.length + repeated.length + linted.length + apart.length === 0 && life.mails === life.answered,
    figure: `${what}${kills}${troubles.length > 0 ? `, ${troubles.join(', ')}` : ''}: ${life.mails} mails of ${life.answered}, ${lost.length} lost${some(lost)}, ${repeated.length} repeated${some(repeated)}, ${linted.length} that a list would mind${some(linted)}, ${apart.length} of ${calm.state.length} lines of the state otherwise${some(apart)}`,
  }
}

/** The bot's life with the list, from nothing to the last batch. */
async function live(context: ProofContext, batches: readonly Batch[], disturbance: Disturbance): Promise<Life> {
  const { kills, flaky, seed } = disturbance
  const stage = await openStage(context)
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-lint-'))
  const random = seededRandom(seed)
  const hits = { judging: 0, sending: 0, kills: 0 }
  try {
    const time: Time = { now: 0 }
    let span = 10_000
    for (const [number, batch] of batches.entries()) {
      context.say(`${flaky ? 'flaky, ' : ''}batch ${number + 1} of ${batches.length}, ${hits.kills} of ${kills} kills`)
      post(stage, batch, time)
      stage.server.setFaults(flaky ? random : null)
      const wanted = Math.ceil((kills * (number + 1)) / batches.length)
      while (hits.kills < wanted) await killOnce(stage, { random, span, hits }, time)
      stage.server.setFaults(null)
      const running = stage.start('git')
      const started = performance.now()
      await settleBatch(stage, { name: 'git', running }, time)
      running.kill('SIGTERM')
      const { code } = await running.ended
      if (code !== 0) throw new Error(`the bot ended with ${code ?? 'a signal'}:\n${running.log().slice(-3000)}`)
      span = Math.max(3000, performance.now() - started)
    }
    const answered = batches.flatMap((batch) => batch.answered)
    const mails = stage.server.taken.map(({ raw }) => raw)
    return {
      answered: answered.length,
      ...wrongMails(stage, answered),
      state: finalState(stage, 'git'),
      linted: lintMails(directory, mails),
      mails: mails.length,
      hits,
      faults: new Map(stage.server.faults),
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
    await stage.close()
  }
}

type Killing = { readonly random: Random; readonly span: number; readonly hits: Life['hits'] }

/** How far the clock goes on from one life to the next: work that is put off is due again (milliseconds). */
const betweenMs = 61 * 60_000

/** A life that ends at a random moment of what the bot needs for a batch. */
async function killOnce(stage: Stage, { random, span, hits }: Killing, time: Time): Promise<void> {
  const running = stage.start('git')
  await Promise.race([sleep(random() * span), running.ended])
  running.kill('SIGKILL')
  const { code } = await running.ended
  if (code !== null) throw new Error(`the bot ended by itself with ${code}:\n${running.log().slice(-3000)}`)
  hits.kills += 1
  const [held] = stage.rows(
    'git',
    "select (select count(*) from jobs where state = 'running' and kind = 'judge') as judging, (select count(*) from replies where state = 'sending' and lease_until is not null) as sending",
  )
  if (Number(held?.['judging']) > 0) hits.judging += 1
  if (Number(held?.['sending']) > 0) hits.sending += 1
  if (random() < 0.3) {
    time.now += betweenMs
    stage.setClock(time.now)
  }
}
