import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, ProofContext } from '../check.ts'
import { runCommand, runReview } from '../run-command.ts'

/** `objects` on a real directory, and whether the README shows what it and `diff` really print. */
export async function proveCommands({ root, reference }: ProofContext): Promise<Outcome> {
  const directory = 'drivers/tty/serial/8250'
  const { stdout, status, ms } = await runReview(root, ['objects', directory, '--tree', reference.tree612])
  const lines = stdout.split('\n').filter((line) => line !== '')
  const readme = readFileSync(join(root, 'README.md'), 'utf8').split('\n')
  const shown = lines.filter((line) => readme.includes(line))
  const invented = readme.filter((line) => line.startsWith(`${directory}/`) && !lines.includes(line))
  const diffAt = readme.findIndex((line) => /^\$ kbuild-review diff /.test(line))
  const diffLines = diffAt === -1 ? 0 : readme.slice(diffAt + 1).findIndex((line) => line === '```')
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const printed = await runCommand(process.execPath, [vitest, 'run', 'test/e2e/readme.test.ts'], { cwd: root })
  const ok = status === 0 && lines.length > 20 && shown.length >= 10 && invented.length === 0 && diffLines > 3
  return {
    ok: ok && printed.status === 0,
    figure: `${lines.length} objects of ${directory} in ${(ms / 1000).toFixed(1)} s, the first ${shown.length} in README.md, ${invented.length} lines there that are not printed; ${diffLines} lines of diff, ${printed.status === 0 ? 'as printed' : 'NOT AS PRINTED'}`,
  }
}
