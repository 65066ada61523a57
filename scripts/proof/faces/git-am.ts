import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { Outcome, ProofContext } from '../check.ts'
import { liveThrough, type LifeMails } from './am-life.ts'
import { amRun } from './am-run.ts'
import { checkMails, type Verdict } from './check-verdicts.ts'
import { openKernelCopy, type KernelCopy } from './kernel-copy.ts'
import { layOutNewerGit } from './newer-git.ts'
import { findRealRuns, patchesOf, type RealRun } from './real-runs.ts'

/** Patches that are applied with the git of the machine, and with the newest that Debian has. */
const wanted = { own: 100, newest: 30 }

/** `git am` of real patches on a kernel: the hook says what `check` says, and git does what it does without one. */
export async function proveGitAm({ root, reference, say }: ProofContext): Promise<Outcome> {
  say('a copy of the kernel')
  const copy = openKernelCopy(reference.tree612, root)
  try {
    const archives = ['linux-kbuild', 'live-patching'].map((list) => join(reference.lore, list))
    const runs = await findRealRuns(archives, { copy, patches: wanted.own, say })
    say(`check of ${patchesOf(runs)} patches`)
    const paths = runs.flatMap((run) => run.paths)
    const expected = checkMails(paths, copy)
    const life = findLife(runs, expected)
    if (life === null) return { ok: false, figure: `${patchesOf(runs)} patches, and none stops, or none passes` }
    const own = judgeWith(runs, { copy, expected, life, say })
    copy.useGit(layOutNewerGit(say))
    let held = 0
    const first = runs.filter(({ ids }) => (held += ids.length) <= wanted.newest)
    const newest = judgeWith(first, { copy, expected, life, say })
    const wrong = [...own.wrong, ...newest.wrong]
    const well =
      'verdicts are those of `check`, commits those of git alone; a hook of the user’s runs first, and a stop can be continued, skipped, aborted, and kept from happening'
    return {
      ok: wrong.length === 0 && own.patches >= wanted.own && own.stopped > 0,
      figure: `${tell(own)}; ${tell(newest)}; ${wrong.length === 0 ? well : wrong.slice(0, 3).join(' | ')}`,
    }
  } finally {
    copy.close()
  }
}

/** What was seen of some runs with one git. */
type Seen = {
  readonly git: string
  readonly series: number
  readonly patches: number
  readonly stopped: number
  /** The median of what a patch takes longer than without the hook, in series that were not stopped (milliseconds). */
  readonly overheadMs: number
  /** The median of what it takes without (milliseconds). */
  readonly plainMs: number
  readonly load: number
  readonly wrong: readonly string[]
}

function tell({ git, series, patches, stopped, overheadMs, plainMs, load }: Seen): string {
  return `${git}: ${patches} patches in ${series} series, ${stopped} stopped, median overhead ${Math.round(overheadMs)} ms on ${Math.round(plainMs)} ms a patch at a load of ${load.toFixed(1)}`
}

/** A single patch that is stopped, and one that is not. */
function findLife(runs: readonly RealRun[], expected: ReadonlyMap<string, Verdict>): LifeMails | null {
  const single = (isStopped: boolean): RealRun | undefined =>
    runs.find(({ ids: [id = '', ...more] }) => {
      const verdict = expected.get(id)
      return more.length === 0 && verdict !== undefined && verdict.told.length > 0 === isStopped
    })
  const [stopping, passing] = [single(true), single(false)]
  return stopping && passing ? { stopping, passing } : null
}

type Judging = {
  readonly copy: KernelCopy
  readonly expected: ReadonlyMap<string, Verdict>
  readonly life: LifeMails
  readonly say: (text: string) => void
}

function judgeWith(runs: readonly RealRun[], { copy, expected, life, say }: Judging): Seen {
  const git = copy.git(['--version']).stdout.trim()
  const wrong: string[] = []
  const overheads: number[] = []
  let stopped = 0
  copy.review(['hook', 'install'])
  // The judge starts with the first patch of a day, which is not what a patch costs.
  amRun(life.passing, copy)
  for (const [at, run] of runs.entries()) {
    if (at % 10 === 0) say(`${git}: ${at}/${runs.length} series`)
    const seen = amRun(run, copy)
    const stops = run.ids
      .map((id) => expected.get(id)?.told ?? ['not judged by check'])
      .filter((told) => told.length > 0)
    if (JSON.stringify(seen.stops) !== JSON.stringify(stops))
      wrong.push(`${run.name}: told ${JSON.stringify(seen.stops)} and not ${JSON.stringify(stops)}`)
    if (seen.head !== run.head) wrong.push(`${run.name}: another commit than git alone makes`)
    wrong.push(...seen.unjudged.map((line) => `${run.name}: ${line}`))
    if (seen.stops.length === 0) overheads.push((seen.ms - run.plainMs) / run.ids.length)
    stopped += seen.stops.length
  }
  wrong.push(...liveThrough(copy, life))
  copy.review(['hook', 'uninstall'])
  return {
    ...{ git, series: runs.length, patches: patchesOf(runs), stopped, wrong },
    overheadMs: median(overheads),
    plainMs: median(runs.map(({ plainMs, ids }) => plainMs / ids.length)),
    load: loadavg()[0] ?? NaN,
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
