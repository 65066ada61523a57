import type { Outcome, ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

const aims = { ratio: 10, coldSeconds: 3, megabytes: 1000, changedMs: 150 }

/** The bench's lines on the model of a whole tree, and whether they are within the aims. */
export async function proveModelSpeed({ root, say }: ProofContext): Promise<Outcome> {
  say('running the bench')
  const { stdout, status } = await runCommand(process.execPath, ['bench/run.ts', 'model'], { cwd: root })
  const figure = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN)
  const ratio = figure(/ratio (\d+\.\d+)/)
  const cold = figure(/cold (\d+\.\d+) s/)
  const megabytes = figure(/(\d+) MB/)
  const changed = figure(/one file changed (\d+\.\d+) ms/)
  const ok = ratio >= aims.ratio && cold <= aims.coldSeconds && megabytes <= aims.megabytes && changed <= aims.changedMs
  return { ok: status === 0 && ok, figure: stdout.trim().split('\n').join('; ') }
}
