import { compareWithB4 } from '../../test/real/compare-b4.ts'
import type { Outcome, ProofContext } from './check.ts'

const wanted = 200

/** 200 series of the archives: the same patches in the same order and version as `b4 am` makes of the same thread. */
export async function proveSameAsB4({ reference }: ProofContext): Promise<Outcome> {
  const { compared, same, explained, unexplained } = await compareWithB4({ lore: reference.lore, count: wanted })
  const first = unexplained.slice(0, 3).map(({ id, difference }) => ` ${id}: ${difference}`)
  return {
    ok: compared >= wanted && unexplained.length === 0,
    figure: `${compared} series, ${same} the same, ${explained.length} differences explained, ${unexplained.length} not${first.join('')}`,
  }
}
