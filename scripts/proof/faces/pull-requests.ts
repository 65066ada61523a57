import { spawn } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { randomFaults, type FaultPlan } from '../../../test/support/github/faults.ts'
import { openScene, type Scene } from '../../../test/support/github/scene.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { seededRandom } from '../mutate-mail.ts'
import { startBot, type Bot } from './pull-bot.ts'
import { scenario, shownOf } from './pull-scenario.ts'

/** Faults on the wire that must have happened, in as many lives of the pull request as that takes. */
const wantedFaults = 60
const mostPerLife = 15
const mostLives = 12

type Tally = { wire: number; late: number; webhooks: number; replays: number; restarts: number; kills: number }

/** A life of a pull request: what was not as it should be, step by step. */
async function live(seed: number | null, tally: Tally): Promise<readonly string[]> {
  const scene = await openScene()
  const bot = await startBot(scene)
  const random = seededRandom(seed ?? 1)
  const wrong: string[] = []
  try {
    if (seed !== null) scene.github.setFaults(counted(randomFaults(random, { every: 5, most: mostPerLife }), tally))
    for (const { title, act, expected } of scenario) {
      const late = seed === null ? 0 : Math.floor(random() * 4)
      tally.late += late > 0 ? 1 : 0
      act(scene, late)
      if (seed !== null) await disturb(scene, bot, { random, tally })
      await bot.settle()
      const shown = shownOf(scene)
      if (!isDeepStrictEqual(shown, expected)) {
        wrong.push(
          `${seed === null ? 'without faults' : `seed ${seed}`}, ${title}: ${JSON.stringify(shown)} and not ${JSON.stringify(expected)}`,
        )
        break
      }
    }
    return [...wrong, ...scene.github.problems]
  } finally {
    await bot.close()
    await scene.close()
  }
}

function counted(plan: FaultPlan, tally: Tally): FaultPlan {
  return (request) => {
    const fault = plan(request)
    if (fault !== null) tally.wire += 1
    return fault
  }
}

type Chance = { readonly random: () => number; readonly tally: Tally }

/** Webhooks of this and of earlier steps, shuffled and doubled; a process killed in the middle; a daemon that begins anew. */
async function disturb(scene: Scene, bot: Bot, { random, tally }: Chance): Promise<void> {
  if (random() < 0.25) {
    await killWorker(scene, random)
    tally.kills += 1
  }
  if (random() < 0.4) {
    await bot.restart()
    tally.restarts += 1
  }
  const payload = { number: 1, repository: { full_name: scene.github.repository } }
  const ids = Array.from({ length: 1 + Math.floor(random() * 4) }, () => `delivery-${Math.floor(random() * 12)}`)
  for (const id of ids) {
    const event = random() < 0.5 ? 'pull_request' : 'issue_comment'
    const told =
      event === 'pull_request' ? payload : { repository: payload.repository, issue: { number: 1, pull_request: {} } }
    const status = await scene.github.deliver(bot.webhooks, { id, event, payload: told, secret: bot.secret })
    if (status === 409) tally.replays += 1
    tally.webhooks += 1
  }
}

/** A process that reviews the pull request, killed somewhere between its first request and its end. */
async function killWorker(scene: Scene, random: () => number): Promise<void> {
  const worker = join(import.meta.dirname, 'pull-worker.ts')
  const args = ['--disable-warning=ExperimentalWarning', worker, scene.github.api, scene.tree.gitDirectory]
  const before = scene.github.exchanges.length
  const last = before + 1 + Math.floor(random() * 12)
  const child = spawn(process.execPath, args, { env: scene.server.environment, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const timer = setInterval(() => {
    if (scene.github.exchanges.length >= last) child.kill('SIGKILL')
  }, 2)
  await ended
  clearInterval(timer)
}

/** A pull request of twelve commits through its life: what it shows is exactly right after each step, whatever fails. */
export async function provePullRequests({ say }: ProofContext): Promise<Outcome> {
  const tally: Tally = { wire: 0, late: 0, webhooks: 0, replays: 0, restarts: 0, kills: 0 }
  const wrong = [...(await live(null, tally))]
  let lives = 0
  while (wrong.length === 0 && tally.wire < wantedFaults && lives < mostLives) {
    lives += 1
    say(`life ${lives}, ${tally.wire} of ${wantedFaults} faults`)
    wrong.push(...(await live(lives, tally)))
  }
  const told = `${tally.wire} faults on the wire, ${tally.late} late heads, ${tally.webhooks} webhooks shuffled and doubled (${tally.replays} replays refused), ${tally.restarts} restarts, ${tally.kills} kills`
  return {
    ok: wrong.length === 0 && tally.wire >= wantedFaults && tally.kills > 0,
    figure: `${scenario.length} steps of a pull request of 12 commits, as expected after each, and in ${lives} lives with ${told}: ${wrong.length === 0 ? 'the same after each step' : wrong.slice(0, 3).join(' | ')}`,
  }
}
