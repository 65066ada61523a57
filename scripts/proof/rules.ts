import type { Check } from './check.ts'
import { proveCatalogue } from './rules/catalogue.ts'
import { proveInjection } from './rules/injection.ts'
import { proveJudgedBacktest } from './rules/judged-backtest.ts'
import { proveJudgedLint } from './rules/judged-lint.ts'
import { proveObjections } from './rules/objections.ts'
import { proveReviewSpeed } from './rules/review-speed.ts'

/** What "The rules: the whole catalogue, right on real patches" must show. */
export const checks: readonly Check[] = [
  { number: 1, title: 'the catalogue', run: proveCatalogue },
  { number: 2, title: 'every finding on two kernels read', run: proveJudgedLint },
  { number: 3, title: 'every finding on two years of lists read', run: proveJudgedBacktest },
  { number: 4, title: 'the objections of reviewers', run: proveObjections },
  { number: 5, title: 'planted defects and neutral edits', run: proveInjection },
  { number: 6, title: 'the time of a review', run: proveReviewSpeed },
]
