import { runOracleA } from '../../../test/real/oracle-a.ts'
import type { Outcome, ProofContext } from '../check.ts'

/** Values that must be compared in all, and the share of files that must be known in full. */
const wantedValues = 140_000
const wantedShare = 0.99

/** Three random configurations for every leaf makefile of both kernels. */
export async function proveEvaluator({ reference, say }: ProofContext): Promise<Outcome> {
  let values = 0
  const figures: string[] = []
  let isRight = true
  for (const [version, tree] of [
    ['6.12', reference.tree612],
    ['6.1', reference.tree61],
  ] as const) {
    const onProgress = (done: number, total: number): void => {
      if (done % 500 === 0) say(`${version}: ${done}/${total} makefiles`)
    }
    const result = await runOracleA({ tree, configsPerFile: 3, seed: 1, onProgress })
    const share = result.filesWithoutUnknown / result.files
    values += result.values
    isRight &&= result.differences.length === 0 && share >= wantedShare
    for (const { file, list, reason } of result.unknownReasons) say(`${version}: not known: ${file} ${list}: ${reason}`)
    for (const difference of result.differences.slice(0, 20)) say(`${version}: ${JSON.stringify(difference)}`)
    figures.push(
      `${version}: ${result.files} makefiles, ${result.runs} runs, ${result.values} values, ${result.differences.length} different, ${(share * 100).toFixed(2)} % known in full, make stopped in ${result.failures.length}`,
    )
  }
  return { ok: isRight && values >= wantedValues, figure: `${figures.join('; ')}; ${values} values in all` }
}
