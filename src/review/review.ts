import type { Application } from '../series/application.ts'
import type { Series } from '../series/series.ts'
import type { BuildResult } from './build-result.ts'
import type { Changes } from './changes.ts'
import type { Placed, Skipped, Unsure } from './finding.ts'
import type { Suppressed } from './suppression.ts'

/** How a review ends: `clean` and `findings` judge the whole series; `not-judged` says why in `notRun`. */
export type Verdict = 'clean' | 'findings' | 'not-judged'

/** Everything that was found out about a series: what every face renders. JSON-serialisable. */
export type Review = {
  readonly series: Series
  readonly application: Application
  readonly findings: readonly Placed[]
  readonly unsure: readonly Unsure[]
  /** What is not told because a comment or the configuration says so. */
  readonly suppressed: readonly Suppressed[]
  /** What the patches that applied change in the build. */
  readonly changes: Changes
  /** What was built, the trees in the order of the patches; left out where nothing was asked to be built. */
  readonly builds?: readonly BuildResult[]
  readonly notRun: readonly Skipped[]
  readonly verdict: Verdict
  /** Milliseconds by stage: assemble, apply, judge. Never part of a reply. */
  readonly timing: Readonly<Record<string, number>>
}
