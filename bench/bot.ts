import { mkdtempSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import { latencies, quantile } from '../scripts/proof/bot/latency.ts'
import { readReplayLines } from '../scripts/proof/bot/replay-lines.ts'
import { versionMails, year } from '../scripts/proof/bot/replay-run.ts'
import { runCommand } from '../scripts/proof/run-command.ts'
import type { Bench } from './run.ts'

/** The first two months of the year: some 650 mails. */
const until = '2024-08-01'

/**
 * From the last mail of a series to its replies, with what the bot waits for on purpose, on two months of linux-kbuild: each mail comes when it came, the
 * bot looks every two minutes, and finds its judge at rest where it had nothing to do for a minute.
 */
export const bench: Bench = async (reference, say) => {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-bench-'))
  try {
    say(`linux-kbuild up to ${until}`)
    const root = resolve(import.meta.dirname, '..')
    const worker = join(root, 'scripts', 'proof', 'bot', 'replay-worker.ts')
    const args = [worker, join(reference.lore, year.epoch), reference.tree612, directory, until, 'cold']
    const started = performance.now()
    const { status, stderr } = await runCommand(process.execPath, args, { cwd: root })
    if (status !== 0) throw new Error(`the replay ended with ${status ?? 'a signal'}: ${stderr.slice(-2000)}`)
    const lines = readReplayLines(join(directory, 'lines.jsonl'))
    const mails = versionMails(join(directory, 'state.sqlite'))
    const times = latencies(lines, (head) => mails.get(head) ?? [])
    const seconds = (share: number): string => (quantile(times, share) / 1000).toFixed(2)
    const end = lines.findLast((line) => line.kind === 'memory')
    const judged = lines.filter((line) => line.kind === 'event' && line.event === 'series-judged').length
    const cpu = (end === undefined ? Number.NaN : end.cpu / 1000 / judged).toFixed(2)
    const load = loadavg()[1]?.toFixed(1) ?? ''
    const read = lines.filter(({ kind }) => kind === 'mail').length
    return [
      `${read} mails, ${times.length} series in ${Math.round((performance.now() - started) / 1000)} s; mails as they came, a look every two minutes, from receipt to draft p50 ${seconds(0.5)} s, p95 ${seconds(0.95)} s, at most ${seconds(1)} s, load ${load}, CPU ${cpu} s a series`,
    ]
  } finally {
    removeDirectory(directory)
  }
}
