import type { Skipped } from '../review/finding.ts'
import { printable } from '../review/printable.ts'
import type { Review } from '../review/review.ts'
import { summarise } from './terminal.ts'

/** A review as one light: remarks alone are clean, and nothing is clean that was not looked at. */
export type ReviewedState = 'error' | 'warning' | 'not-judged' | 'clean'

/** What a review comes to where one word is asked for. */
export function reviewedState(review: Review): ReviewedState {
  const severities = new Set(review.findings.map(({ severity }) => severity))
  if (severities.has('error')) return 'error'
  if (severities.has('warning')) return 'warning'
  return whyNotJudged(review) === null ? 'clean' : 'not-judged'
}

/** The same in one line: how many findings, or why there is no verdict. */
export function stateSummary(review: Review): string {
  const why = whyNotJudged(review)
  const count = summarise(review.findings)
  if (why === null) return count
  return review.findings.length === 0 ? `not judged: ${printable(why)}` : `${count}; not judged: ${printable(why)}`
}

/**
 * Why a patch that was given has no verdict; null where all have one. That other mails of the series are missing is no reason: whoever
 * asks for one light hands over one mail. A patch that the tree has already changes nothing there, and that is no verdict.
 */
function whyNotJudged({ series, application, notRun }: Review): string | null {
  const missing = new Set(series.missing.map((index) => `patch ${index}`))
  const reasons = notRun.filter(({ what }: Skipped) => !missing.has(what)).map(({ what, why }) => `${what}: ${why}`)
  const present =
    application.kind === 'no-base'
      ? []
      : application.patches.filter((patch) => patch.kind === 'applied' && patch.how === 'already-applied')
  const [first] = [...reasons, ...present.map(({ index }) => `patch ${index} is in the tree already`)]
  return first ?? null
}
