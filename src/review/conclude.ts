import type { Application } from '../series/application.ts'
import type { Series } from '../series/series.ts'
import { noChanges } from './changes.ts'
import type { Skipped } from './finding.ts'
import type { Judgement } from './review-series.ts'
import type { Review, Verdict } from './review.ts'
import type { JudgedChanges } from './series-changes.ts'

/** What a review has besides the judgement. */
type Further = { readonly timing?: Review['timing']; readonly changed?: JudgedChanges }

/**
 * Puts a review together from what assembling, applying and judging gave. Whatever kept a patch from being judged is
 * named in `notRun`; then the verdict is `not-judged`, also where other patches have findings.
 */
export function concludeReview(
  series: Series,
  application: Application,
  judgement: Judgement,
  { timing = {}, changed = unchanged }: Further = {},
): Review {
  const unjudged = [...missingPatches(series), ...unappliedPatches(series, application), ...judgement.unjudged]
  const notRun = [...unjudged, ...judgement.notRun, ...changed.notRun]
  const { findings, unsure, suppressed } = judgement
  const verdict: Verdict = unjudged.length > 0 ? 'not-judged' : findings.length > 0 ? 'findings' : 'clean'
  return { series, application, findings, unsure, suppressed, changes: changed.changes, notRun, verdict, timing }
}

const unchanged: JudgedChanges = { changes: noChanges, notRun: [] }

function missingPatches(series: Series): Skipped[] {
  return series.missing.map((index) => ({ what: `patch ${index}`, why: 'its mail is missing' }))
}

function unappliedPatches(series: Series, application: Application): Skipped[] {
  switch (application.kind) {
    case 'applied':
      return []
    case 'no-base':
      return [{ what: 'patch series', why: `there is no tree to apply it to: ${application.reason}` }]
    case 'conflict': {
      const first = application.first.index
      const refused = { what: `patch ${first}`, why: `it does not apply: ${refusals(application.first.files)}` }
      const later = series.patches.filter(({ index }) => index > first)
      return [refused, ...later.map(({ index }) => ({ what: `patch ${index}`, why: `patch ${first} does not apply` }))]
    }
  }
}

function refusals(files: readonly { readonly path: string; readonly reason: string }[]): string {
  return files.map(({ path, reason }) => `${path}: ${reason}`).join('; ')
}
