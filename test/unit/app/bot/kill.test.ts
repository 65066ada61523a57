import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMailParser } from '../../../../src/app/wire.ts'
import { countJobs } from '../../../../src/store/jobs.ts'
import { replies } from '../../../../src/store/outbox.ts'
import { boards, createBotWorld, type BotWorld } from '../../../support/bot.ts'
import { writeMail } from '../../../support/mails.ts'
import { answer, startCutter, startSink, type Sink } from '../../../support/smtp.ts'

const program = new URL('program.ts', import.meta.url).pathname
const seriesCount = 5
/** How often the bot is killed. */
const wantedKills = Number(process.env['KBUILD_REVIEW_KILLS'] ?? 5)

/** Passes that nothing disturbs, afterwards, until everything is done. */
const mostCalm = 10

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
let sink: Sink
beforeEach(async () => {
  world = await createBotWorld(parser)
  let mails = 0
  sink = await startSink({
    // the list has the mail before the server says so, and each third one is refused at first
    accept: (mail) => {
      if (mails++ % 3 === 0) return answer(451, 'try again')
      world.post(boards, mail.text)
      return undefined
    },
  })
})
afterEach(async () => {
  await sink.close()
  await world.close()
})

/** Numbers in [0, 1) that are the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** An hour goes by, and people write to the list: by their mails its archive is known to be up to date. */
function letHourPass(): void {
  world.now += 61 * 60_000
  world.post(boards, writeMail({ id: `chat-${world.now}@x`, subject: 'lunch', date: world.now }))
}

/** Whether something is still to be judged or sent. */
async function isOpen(): Promise<boolean> {
  const { records } = world.store
  const work = await countJobs(records)
  const mails = await replies(records, { states: ['approved', 'sending'] })
  return mails.length > 0 || work.some(({ state }) => state === 'queued' || state === 'running')
}

/** How long a pass took, or that it was killed before its end. */
type Pass = { readonly killed: boolean; readonly ms: number }

/** Makes a pass in a process of its own, which is killed so long after it has begun. */
async function pass(port: number, killAfterMs: number): Promise<Pass> {
  const child = spawn(process.execPath, [program, world.directory, world.tree.path, String(world.now), String(port)], {
    // what the first pass has compiled the others need not compile again
    env: { ...world.tree.environment, NODE_COMPILE_CACHE: join(world.directory, 'compiled') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let begun = 0
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  child.stdout.once('data', () => {
    begun = performance.now()
    if (killAfterMs < Infinity) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  })
  // an exit is told with its status, null where a signal was the end
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== null && code !== 0) throw new Error(said)
  return { killed: code === null, ms: performance.now() - begun }
}

describe('a bot that is killed at any moment, with a server that breaks off', () => {
  it('loses no reply and repeats none', { timeout: 600_000 }, async () => {
    const random = createRandom(7)
    let kills = 0
    let shortest = Infinity
    for (let passes = 0; passes < seriesCount || (kills < wantedKills && passes < 10 * wantedKills); passes++) {
      if (passes < seriesCount) {
        const change = { title: `boards: number ${passes}`, line: `obj-z += board-${passes}.o` }
        world.post(boards, world.patch({ id: `v1-${passes}@x`, ...change }))
      }
      letHourPass()
      const way = await startCutter(sink.port, random() < 0.5 ? Math.floor(random() * 3000) : Infinity)
      const { killed, ms } = await pass(way.port, passes === 0 ? Infinity : random() * shortest)
      if (killed) kills += 1
      else shortest = Math.min(shortest, ms)
      await way.close()
    }
    for (let calm = 0; calm < mostCalm && (await isOpen()); calm++) {
      letHourPass()
      await pass(sink.port, Infinity)
    }
    expect(kills).toBeGreaterThanOrEqual(wantedKills)
    const ids = sink.taken.map(({ text }) => /^Message-ID: (.*)$/m.exec(text)?.[1])
    const answered = sink.taken.map(({ text }) => /^In-Reply-To: <(.*)>$/m.exec(text)?.[1])
    expect(answered.sort()).toEqual(Array.from({ length: seriesCount }, (_, at) => `v1-${at}@x`))
    expect(new Set(ids).size).toBe(seriesCount)
    const kept = await replies(world.store.records)
    expect(kept.map(({ state }) => state)).toEqual(Array.from({ length: seriesCount }, () => 'sent'))
    expect((await countJobs(world.store.records)).map(({ kind, state, count }) => `${kind} ${state} ${count}`)).toEqual(
      [`assemble done ${seriesCount}`, `judge done ${seriesCount}`],
    )
    expect(readdirSync(join(world.directory, 'drafts', 'new'))).toHaveLength(seriesCount)
    expect(readdirSync(join(world.directory, 'drafts', 'tmp')).length).toBeLessThanOrEqual(kills)
  })
})
