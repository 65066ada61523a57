import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, ProofContext } from '../check.ts'
import { runReview } from '../run-command.ts'

/** `objects` on a real directory, and whether the README shows what it and `diff` really print. */
export async function proveCommands({ root, reference }: ProofContext): Promise<Outcome> {
  const directory = 'drivers/tty/serial/8250'
  const { stdout, status, ms } = await runReview(root, ['objects', directory, '--tree', reference.tree612])
  const lines = stdout.split('\n').filter((line) => line !== '')
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const shown = lines.filter((line) => readme.includes(line.trim()))
  const showsDiff = /kbuild-review diff /.test(readme)
  return {
    ok: status === 0 && lines.length > 20 && shown.length >= 3 && showsDiff,
    figure: `${lines.length} objects of ${directory} in ${(ms / 1000).toFixed(1)} s, ${shown.length} of their lines in README.md, diff ${showsDiff ? 'in' : 'not in'} README.md`,
  }
}
