import { reviewedState, stateSummary, type ReviewedState } from './reviewed-state.ts'
import { renderReview } from './terminal.ts'
import type { Review } from '../review/review.ts'

/** What `b4 review` knows of a check: green, yellow, red. */
const statuses: Record<ReviewedState, 'pass' | 'warn' | 'fail'> = {
  clean: 'pass',
  warning: 'warn',
  'not-judged': 'warn',
  error: 'fail',
}

/**
 * Reviews as the answer of a check command of `b4 review`, one result for each: a JSON array of `tool`, `status`, `summary` and
 * `details`; an empty one for a mail without a patch, such as a cover letter (b4, docs/maintainer/review.rst, "CI check integration",
 * and src/b4/review/checks.py `_run_external_cmd()`). b4 keeps results by Message-ID and tool and asks again only when told to, so that
 * what was not judged is a warning, never a pass. Ends in a newline.
 */
export function renderB4(reviews: readonly Review[]): string {
  const results = reviews
    .filter(({ series }) => series.patches.length > 0)
    .map((review) => ({
      tool: 'kbuild-review',
      status: statuses[reviewedState(review)],
      summary: stateSummary(review),
      details: renderReview(review, { colour: false }),
    }))
  return `${JSON.stringify(results, null, 2)}\n`
}
