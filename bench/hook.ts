import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { amRun } from '../scripts/proof/faces/am-run.ts'
import { openKernelCopy, type KernelCopy } from '../scripts/proof/faces/kernel-copy.ts'
import { findRealRuns } from '../scripts/proof/faces/real-runs.ts'
import type { Bench } from './run.ts'

const patches = 40
const saves = 20

/** What the hook adds to `git am` of a patch, and what an editor waits for at a save, both with a judge in memory. */
export const bench: Bench = async (reference, say) => {
  say('a copy of 6.12')
  const root = resolve(import.meta.dirname, '..')
  const copy = openKernelCopy(reference.tree612, root)
  try {
    const runs = await findRealRuns([join(reference.lore, 'linux-kbuild')], { copy, patches, say })
    copy.review(['hook', 'install'])
    const plain: number[] = []
    const overheads: number[] = []
    for (const [at, run] of runs.entries()) {
      if (at % 10 === 0) say(`${at}/${runs.length} series`)
      const alone = copy.git(['am', ...run.paths])
      copy.reset()
      const judged = amRun(run, copy)
      // The judge starts with the first; at a stop a person reads.
      if (at === 0 || judged.stops.length > 0) continue
      plain.push(alone.ms / run.ids.length)
      overheads.push((judged.ms - alone.ms) / run.ids.length)
    }
    const load = (loadavg()[0] ?? Number.NaN).toFixed(1)
    return [
      `git am with the hook, ${overheads.length} series that pass: ${both(overheads)} more a patch, on ${both(plain)} (load ${load})`,
      `lint --stdin --resident, ${saves} texts: ${both(saveTexts(copy, root))} (load ${load})`,
    ]
  } finally {
    copy.close()
  }
}

/** A makefile that is saved with another line each time: how long the whole command takes. */
function saveTexts(copy: KernelCopy, root: string): readonly number[] {
  const path = 'drivers/watchdog/Makefile'
  const text = readFileSync(join(copy.directory, path), 'utf8')
  const program = ['--disable-warning=ExperimentalWarning', join(root, 'bin/kbuild-review.mjs')]
  const args = [...program, 'lint', '--stdin', '--path', path, '--resident', '--format', 'checkpatch']
  const times = Array.from({ length: saves + 1 }, (_, at) => {
    const started = performance.now()
    const input = `${text}obj-$(CONFIG_WATCHDOG) += absent${at}.o\n`
    const { stdout } = spawnSync(process.execPath, args, {
      cwd: copy.directory,
      env: copy.environment,
      input,
      encoding: 'utf8',
    })
    if (!stdout.includes('KO_MISSING_SOURCE')) throw new Error('lint does not see what is planted')
    return performance.now() - started
  })
  return times.slice(1)
}

function both(times: readonly number[]): string {
  return `p50 ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms`
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN)
}
