import type { Outcome, ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

/** Milliseconds of a review in the process, beyond git's own time. */
const aims = { half: 60, most: 300 }

/** The bench's line on the review of single patches with the model known. */
export async function proveReviewSpeed({ root, say }: ProofContext): Promise<Outcome> {
  say('running the bench')
  const { stdout, status } = await runCommand(process.execPath, ['bench/run.ts', 'review'], { cwd: root })
  const [, half = '', most = ''] = /without git p50 (\d+\.\d+) ms, p95 (\d+\.\d+) ms/.exec(stdout) ?? []
  const ok = status === 0 && half !== '' && Number(half) <= aims.half && Number(most) <= aims.most
  return { ok, figure: stdout.trim().split('\n').join('; ') }
}
