import { compareKconfig } from '../../../test/real/kconfig-compare.ts'
import type { Outcome, ProofContext } from '../check.ts'

const questions = (['x86_64', 'arm64'] as const).flatMap((arch) =>
  ['defconfig', 'allnoconfig', 'allmodconfig'].map((mode) => ({ arch, mode })),
)

/** Symbols, types and values of both kernels beside what their own conf says. */
export async function proveKconfig({ reference, say }: ProofContext): Promise<Outcome> {
  const figures: string[] = []
  let isRight = true
  for (const [version, tree] of [
    ['6.12', reference.tree612],
    ['6.1', reference.tree61],
  ] as const) {
    for (const { arch, mode } of questions) {
      const compared = await compareKconfig({ tree, arch, mode })
      const different = [...compared.typeDifferences, ...compared.valueDifferences]
      for (const line of different.slice(0, 10)) say(`${version} ${arch} ${mode}: ${line}`)
      isRight &&= different.length === 0 && compared.symbols > 10_000
      figures.push(
        `${version} ${arch} ${mode}: ${compared.symbols} symbols, ${compared.values} values, ${different.length} different`,
      )
    }
  }
  return { ok: isRight, figure: figures.join('; ') }
}
