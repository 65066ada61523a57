import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import { runReview } from './proof/run-command.ts'

/** What lints of the same tree printed, and how long each start took, from the shortest to the longest (seconds). */
export type ColdLints = { readonly stdout: string; readonly seconds: readonly number[] }

/** Lints of which the one in the middle counts. */
const starts = 3

/** Runs `lint --format json` over all of a kernel, each time with nothing kept of it. */
export async function lintCold(root: string, tree: string): Promise<ColdLints> {
  const seconds: number[] = []
  let stdout = ''
  for (let start = 0; start < starts; start++) {
    const cache = mkdtempSync(join(tmpdir(), 'kbuild-review-cold-'))
    try {
      const env = { ...process.env, XDG_CACHE_HOME: cache }
      const ran = await runReview(root, ['lint', '--tree', tree, '--format', 'json'], { env })
      if (ran.status !== 0 && ran.status !== 1) throw new Error(`lint ended with ${ran.status}: ${ran.stderr}`)
      stdout = ran.stdout
      seconds.push(ran.ms / 1000)
    } finally {
      removeDirectory(cache)
    }
  }
  return { stdout, seconds: seconds.sort((one, other) => one - other) }
}

/** The start in the middle, and all of them: `7.2 s (of 7.1, 7.2, 8.4)`. */
export function describeStarts(seconds: readonly number[]): { readonly median: number; readonly text: string } {
  const median = seconds[Math.floor(seconds.length / 2)] ?? Infinity
  return { median, text: `${median.toFixed(1)} s (of ${seconds.map((each) => each.toFixed(1)).join(', ')})` }
}
