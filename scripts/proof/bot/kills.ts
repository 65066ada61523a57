import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { seededRandom, type Random } from '../mutate-mail.ts'
import { makeBatches, wholePlan, type Batch, type BatchPlan } from './batches.ts'
import { lintMails } from './lint-mails.ts'
import { programOf } from './replay-run.ts'
import { finalState, post, settleBatch, wrongMails, type Time } from './play.ts'
import { openStage, type Running, type Stage } from './stage.ts'

/** How often the bot is killed in a run; with `flaky` the mail server cuts, delays and refuses at random. */
export type Disturbance = {
  readonly name: string
  readonly kills: number
  readonly flaky: boolean
  readonly seed: number
}

const wholeKills = 200

/** Of so many kills some must have met work: what was only idle proves nothing. */
const leastForHits = 50

/** The bot killed 200 times, and again with a mail server that breaks off: nothing lost, nothing repeated, and the same in the end. */
export function proveKills(context: ProofContext): Promise<Outcome> {
  return killed(context, wholePlan, wholeKills)
}

/** The same with other numbers. */
export async function killed(context: ProofContext, plan: BatchPlan, kills: number): Promise<Outcome> {
  // at once: each has a list, a server and a state of its own
  const lives = await Promise.all(disturbancesOf(kills).map((each) => lived(context, plan, each)))
  const [calm] = lives
  const parts = calm === undefined ? [] : lives.map((life) => judge(life, calm))
  return { ok: parts.length > 0 && parts.every(({ ok }) => ok), figure: parts.map(({ figure }) => figure).join('; ') }
}

/** The three lives: undisturbed, killed so often, and killed with a mail server that breaks off. */
export function disturbancesOf(kills: number): readonly Disturbance[] {
  return [
    { name: 'undisturbed', kills: 0, flaky: false, seed: 1 },
    { name: 'killed', kills, flaky: false, seed: 2 },
    { name: 'killed, with a mail server that breaks off', kills, flaky: true, seed: 3 },
  ]
}

/** A life to its end, or as it ended earlier with the same program: a proof that was cut off does not repeat it. */
export async function lived(context: ProofContext, plan: BatchPlan, disturbance: Disturbance): Promise<Life> {
  const top = join(context.root, '.kbuild-review', 'proof', 'bot', `lives-${programOf(context.root)}`)
  const { kills, flaky, seed } = disturbance
  const path = join(top, `${Object.values(plan).join('-')}-${kills}-${flaky ? 'flaky' : 'sound'}-${seed}.json`)
  // written below
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Life
  const life = await live(context, makeBatches(context.reference, plan), disturbance)
  mkdirSync(top, { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(life))
  renameSync(`${path}.new`, path)
  return life
}

type Hits = { judging: number; sending: number; kills: number }

/** What a life came to. */
export type Life = {
  readonly name: string
  readonly answered: number
  readonly lost: readonly string[]
  readonly repeated: readonly string[]
  readonly state: readonly string[]
  readonly linted: readonly string[]
  readonly mails: number
  /** At how many kills something was being judged, and a mail being sent. */
  readonly hits: Hits
  readonly faults: Readonly<Record<string, number>>
}

function judge(life: Life, calm: Life): Outcome {
  const { lost, repeated, linted, hits, faults } = life
  const apart = [...new Set([...life.state, ...calm.state])].filter(
    (line) => life.state.includes(line) !== calm.state.includes(line),
  )
  const troubles = Object.entries(faults)
    .map(([fault, count]) => `${count} ${fault}`)
    .sort()
  const kills =
    hits.kills === 0 ? '' : ` ${hits.kills} times (${hits.judging} while judging, ${hits.sending} while sending)`
  const isMet = hits.kills < leastForHits || (hits.judging > 0 && hits.sending > 0)
  const some = (ids: readonly string[]): string =>
    ids.length > 0 ? ` (${ids.slice(0, 3).join(' | ').slice(0, 500)})` : ''
  return {
    ok: isMet && lost.length + repeated.length + linted.length + apart.length === 0 && life.mails === life.answered,
    figure: `${life.name}${kills}${troubles.length > 0 ? `, ${troubles.join(', ')}` : ''}: ${life.mails} mails of ${life.answered}, ${lost.length} lost${some(lost)}, ${repeated.length} repeated${some(repeated)}, ${linted.length} that a list would mind${some(linted)}, ${apart.length} of ${calm.state.length} lines of the state otherwise${some(apart)}`,
  }
}

/** The bot's life with the list, from nothing to the last batch; what settled a batch goes on with the next, until it is killed. */
async function live(context: ProofContext, batches: readonly Batch[], disturbance: Disturbance): Promise<Life> {
  const { name, kills, flaky, seed } = disturbance
  const stage = await openStage(context)
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-lint-'))
  const killing: Killing = {
    random: seededRandom(seed),
    spanMs: firstSpanMs,
    hits: { judging: 0, sending: 0, kills: 0 },
  }
  const { hits } = killing
  try {
    const time: Time = { now: 0 }
    let running: Running | null = null
    stage.server.setFaults(flaky ? killing.random : null)
    for (const [number, batch] of batches.entries()) {
      context.say(`${name}: batch ${number + 1} of ${batches.length}, ${hits.kills} of ${kills} kills`)
      post(stage, batch, time)
      const wanted = Math.ceil((kills * (number + 1)) / batches.length)
      for (; hits.kills < wanted; running = null) await kill(stage, running ?? stage.start('git'), { killing, time })
      running ??= stage.start('git')
      await settleBatch(stage, { name: 'git', running }, time)
    }
    await stop(running)
    const answered = batches.flatMap((batch) => batch.answered)
    // a copy that goes to somebody later is the same mail, byte for byte
    const mails = [...new Set(stage.server.taken.map(({ raw }) => raw.toString('latin1')))].map((mail) =>
      Buffer.from(mail, 'latin1'),
    )
    return {
      name,
      answered: answered.length,
      ...wrongMails(stage, answered),
      state: finalState(stage, 'git'),
      linted: lintMails(directory, mails),
      mails: mails.length,
      hits,
      faults: Object.fromEntries(stage.server.faults),
    }
  } finally {
    removeDirectory(directory)
    await stage.close()
  }
}

async function stop(running: Running | null): Promise<void> {
  if (running === null) return
  running.kill('SIGTERM')
  const { code } = await running.ended
  if (code !== 0) throw new Error(`the bot ended with ${code ?? 'a signal'}:\n${running.log().slice(-3000)}`)
}

/** `spanMs` is how long a bot that begins lately took until it had nothing to do. */
type Killing = { readonly random: Random; spanMs: number; readonly hits: Life['hits'] }

const firstSpanMs = 10_000
const leastSpanMs = 3000

/** How far the clock goes on from one life to the next: work that is put off is due again (milliseconds). */
const betweenMs = 61 * 60_000

/** So long may a mail be on its way from the first word to the server on (milliseconds). */
const dialogueMs = 1500

/** A random moment while a mail is on its way; where none goes out for as long as a batch takes, the end of that. */
async function inDialogue({ server }: Stage, chance: number, spanMs: number): Promise<void> {
  const before = server.dialogues()
  for (const end = performance.now() + spanMs; server.dialogues() === before && performance.now() < end;) await sleep(5)
  if (server.dialogues() > before) await sleep(chance ** 2 * dialogueMs)
}

/** Ends a life at a random moment of what the bot has to do, and each third one while a mail is on its way. */
async function kill(
  stage: Stage,
  running: Running,
  { killing, time }: { readonly killing: Killing; readonly time: Time },
): Promise<void> {
  const { random, hits } = killing
  const isFresh = running.restedAfterMs() === null
  const begun = performance.now()
  const chance = random()
  const moment = hits.kills % 3 === 2 ? inDialogue(stage, chance, killing.spanMs) : sleep(chance * killing.spanMs)
  await Promise.race([moment, running.ended])
  const lifeMs = performance.now() - begun
  running.kill('SIGKILL')
  const { code } = await running.ended
  if (code !== null) throw new Error(`the bot ended by itself with ${code}:\n${running.log().slice(-3000)}`)
  const restedMs = running.restedAfterMs()
  if (isFresh && restedMs === null) killing.spanMs = Math.max(killing.spanMs, 1.2 * lifeMs)
  else if (isFresh && restedMs !== null) killing.spanMs = Math.max(leastSpanMs, Math.min(killing.spanMs, restedMs))
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
