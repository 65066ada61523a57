import { applySeries, type AppliedSeries } from '../git/apply-series.ts'
import type { BaseOptions } from '../git/base.ts'
import type { Repository } from '../git/repository.ts'
import type { SeriesBuilds } from '../review/build-result.ts'
import { concludeReview } from '../review/conclude.ts'
import { withBuilds } from '../review/join-builds.ts'
import type { Facts } from '../review/facts.ts'
import type { Review } from '../review/review.ts'
import { reviewSeries } from '../review/review-series.ts'
import { seriesChanges } from '../review/series-changes.ts'
import type { Rule } from '../review/rule.ts'
import type { Step } from '../review/step.ts'
import type { IgnoredPaths } from '../review/suppression.ts'
import type { Series } from '../series/series.ts'

/** What series are judged with; the same for all series of a run, so that facts are worked out once. */
export type Judging = {
  readonly repository: Repository
  readonly rules: readonly Rule[]
  readonly facts: Facts
  readonly base: BaseOptions
  /** What the configuration keeps from being told. */
  readonly ignored?: IgnoredPaths
  /** Builds a series that was applied; nothing is built where it is left out. */
  readonly build?: (series: Series, applied: AppliedSeries) => Promise<SeriesBuilds>
  readonly signal?: AbortSignal
}

/** Applies a series to the tree and judges the patches that applied, up to the first that did not. */
export async function judgeSeries(series: Series, judging: Judging): Promise<Review> {
  const { repository, base, signal } = judging
  const started = performance.now()
  const applied = await applySeries(repository, series, { ...base, ...(signal && { signal }) })
  return judgeAndBuild(series, applied, { ...judging, timing: { apply: performance.now() - started } })
}

type Building = JudgingApplied & Pick<Judging, 'build'>

/** Judges a series that is applied already, and builds it where that is asked for. */
export async function judgeAndBuild(series: Series, applied: AppliedSeries, judging: Building): Promise<Review> {
  const review = judgeApplied(series, applied, judging)
  if (judging.build === undefined) return review
  const started = performance.now()
  const built = withBuilds(review, await judging.build(series, applied))
  return { ...built, timing: { ...review.timing, build: performance.now() - started } }
}

type JudgingApplied = Pick<Judging, 'rules' | 'facts' | 'ignored'> & { readonly timing?: Review['timing'] }

/** Judges a series that is applied already: local commits. */
export function judgeApplied(series: Series, applied: AppliedSeries, judging: JudgingApplied): Review {
  const { timing, ...how } = judging
  const started = performance.now()
  const steps = unbrokenSteps(series, applied)
  const judgement = reviewSeries({ ...how, series, steps })
  const judged = performance.now()
  const changed = seriesChanges({ series, steps, knowledge: how.facts })
  const spent = { judge: judged - started, changes: performance.now() - judged }
  return concludeReview(series, applied.application, judgement, { changed, timing: { ...timing, ...spent } })
}

/** The steps before the first patch that was refused: what follows it stands on a tree that its author never saw. */
export function unbrokenSteps(series: Series, { application, steps }: AppliedSeries): Step[] {
  const end = application.kind === 'conflict' ? application.first.index : Infinity
  return steps.flatMap(({ index, before, after }) => {
    const patch = series.patches.find((each) => each.index === index)
    return patch === undefined || index >= end ? [] : [{ patch, before, after }]
  })
}
