import { join } from 'node:path'
import type { Outcome, ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

/** All oracle cases, each run by GNU make and by us. */
export async function proveMakeCases({ root }: ProofContext): Promise<Outcome> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { stdout, status } = await runCommand(process.execPath, [vitest, 'run', 'test/oracle', '--reporter=json'], {
    cwd: root,
  })
  // What vitest's json reporter prints; other lines may stand before it.
  const report = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as {
    readonly numPassedTests: number
    readonly numFailedTests: number
    readonly numPendingTests: number
  }
  const { numPassedTests, numFailedTests, numPendingTests } = report
  return {
    ok: status === 0 && numPassedTests > 50 && numFailedTests + numPendingTests === 0,
    figure: `${numPassedTests} oracle cases as GNU make has them, ${numFailedTests} not, ${numPendingTests} not run`,
  }
}
