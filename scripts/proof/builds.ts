import type { Check, Outcome, ProofContext } from './check.ts'
import { proveBoot } from './builds/boot.ts'
import { proveFastTier } from './builds/fast-tier.ts'
import { proveHostile } from './builds/hostile-patches.ts'
import { proveJourney } from './builds/journey.ts'
import { proveKills } from './builds/kills.ts'
import { proveKlpConvert } from './builds/klp-convert.ts'
import { proveOrder } from './builds/order.ts'
import { proveWarm } from './builds/warm.ts'

/** What "Build, test and boot" must show. */
export const checks: readonly Check[] = [
  { number: 1, title: 'five architectures from nothing; kernels that boot', run: proveTiers },
  { number: 2, title: 'klp-convert', run: proveKlpConvert },
  { number: 3, title: 'the failures of the journey', run: proveJourney },
  { number: 4, title: 'order, and warnings that were there', run: proveOrder },
  { number: 5, title: 'before and after, warm', run: proveWarm },
  { number: 6, title: 'hostile patches', run: proveHostile },
  { number: 7, title: 'kill -9', run: proveKills },
]

async function proveTiers(context: ProofContext): Promise<Outcome> {
  const fast = await proveFastTier(context)
  const boot = await proveBoot(context)
  return { ok: fast.ok && boot.ok, figure: `${fast.figure}; ${boot.figure}` }
}
