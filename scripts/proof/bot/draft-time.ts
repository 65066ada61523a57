import type { Outcome, ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

/** Seconds from receipt to draft that 95 of 100 series may take at most. */
const mostSeconds = 10

/** The bench's line on a part of the year. */
export async function proveDraftTime({ root, say }: ProofContext): Promise<Outcome> {
  say('running the bench')
  const { stdout, status } = await runCommand(process.execPath, ['bench/run.ts', 'bot'], { cwd: root })
  const seconds = /from receipt to draft p50 [\d.]+ s, p95 ([\d.]+) s/.exec(stdout)?.[1]
  const ok = status === 0 && seconds !== undefined && Number(seconds) < mostSeconds
  return { ok, figure: stdout.trim().split('\n').join('; ') }
}
