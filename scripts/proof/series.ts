import type { Check } from './check.ts'
import { proveBacktest } from './backtest.ts'
import { proveFreshClone } from './fresh-clone.ts'
import { proveHostileInput } from './hostile-input.ts'
import { proveKnownSeries } from './known-series.ts'
import { proveRoundTrip } from './round-trip.ts'
import { proveSameAsB4 } from './same-as-b4.ts'

/** What "Review a real series end to end" must show. */
export const checks: readonly Check[] = [
  { number: 1, title: 'demo and tests on a fresh clone under Node 20', run: proveFreshClone },
  { number: 2, title: 'a series of the archive, checked', run: proveKnownSeries },
  { number: 3, title: 'a year of linux-kbuild, replayed and interrupted', run: proveBacktest },
  { number: 4, title: '200 series, assembled as b4 does', run: proveSameAsB4 },
  { number: 5, title: 'makefiles printed as they were, and speed beside checkpatch.pl', run: proveRoundTrip },
  { number: 6, title: '20,000 mutated mails', run: proveHostileInput },
]
