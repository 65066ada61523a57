import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { awaitNothing, placesOf, processesWith, runningOf } from './left-behind.ts'
import { readBuilds, runBuild } from './run-build.ts'
import { layOutSmallKernel, attackPath } from './small-kernel.ts'

const moments = 50
/** No build of others has it in its command line. */
const marker = '0.3141592'
const work = `all:\n\t@sleep ${marker}; echo made > /build/output/pump.ko\n`

/** kill -9 of a build at random moments: nothing is left running or mounted, and the next run is right. */
export async function proveKills({ root, say }: ProofContext): Promise<Outcome> {
  const parent = mkdtempSync(join(tmpdir(), 'kbuild-review-kills-'))
  const cache = join(parent, 'cache')
  try {
    const { kernel, args } = layOutSmallKernel(parent, work)
    const commit = kernel.commit('HEAD', 'work on it', { [attackPath]: `# again\n${work}` })
    const whole = [...args, '--range', `${commit}~1..${commit}`]
    const first = await runBuild(whole, { root, cache })
    const wrong = [...judge('the first run', first)]
    let ended = 0
    for (let count = 1; count <= moments; count += 1) {
      if (count % 10 === 0) say(`killed ${count} of ${moments} times`)
      removeDirectory(cache)
      const killed = await killAfter(whole, { root, cache, ms: Math.random() * first.ms })
      if (!killed.wasAlive) ended += 1
      const left = await awaitNothing(() => [...runningOf(killed.pid), ...processesWith(`sleep ${marker}`)], leftMs)
      wrong.push(...left.map((line) => `moment ${count}: left: ${line.slice(0, 120)}`))
      wrong.push(...judge(`the run after moment ${count}`, await runBuild(whole, { root, cache })))
      wrong.push(...placesOf(killed.pid).map((name) => `moment ${count}: the next run left ${name}`))
    }
    const figure = `${moments} kills within ${(first.ms / 1000).toFixed(1)} s, ${ended} of them after the end: nothing left, each next run right`
    return { ok: wrong.length === 0, figure: wrong.length === 0 ? figure : wrong.slice(0, 5).join('; ') }
  } finally {
    removeDirectory(parent)
  }
}

/** What a killed sandbox may take to end (milliseconds). */
const leftMs = 10_000

type Killing = { readonly root: string; readonly cache: string; readonly ms: number }

/** Kills the process itself and none of those that it started: they must see to it. */
async function killAfter(
  args: readonly string[],
  { root, cache, ms }: Killing,
): Promise<{ readonly pid: number; readonly wasAlive: boolean }> {
  const main = join(root, 'src', 'cli', 'main.ts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: root,
    env: { ...process.env, XDG_CACHE_HOME: cache },
    stdio: 'ignore',
  })
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await sleep(ms)
  const wasAlive = child.exitCode === null
  child.kill('SIGKILL')
  await closed
  return { pid: child.pid ?? 0, wasAlive }
}

function judge(what: string, ran: Awaited<ReturnType<typeof runBuild>>): readonly string[] {
  const [built] = readBuilds(ran).builds
  const all = [...(built?.before ?? []), ...(built?.after.flatMap(({ runs }) => runs) ?? [])]
  const isRight =
    all.length === 2 && all.every(({ goals }) => goals.at(-1)?.goal === 'modules' && goals.at(-1)?.status === 'ok')
  return ran.status === 0 && isRight
    ? []
    : [`${what} is not right: status ${ran.status ?? 'none'}: ${ran.stderr.slice(0, 200)}`]
}
