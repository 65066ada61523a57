import { indexLines, positionToOffset } from '../../src/text/line-index.ts'
import { createFacts } from '../../src/review/facts.ts'
import { concludeReview } from '../../src/review/conclude.ts'
import { reviewSeries } from '../../src/review/review-series.ts'
import type { Review } from '../../src/review/review.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type Rule } from '../../src/review/rule.ts'
import type { Step } from '../../src/review/step.ts'
import type { Application, Base } from '../../src/series/application.ts'
import type { Series } from '../../src/series/series.ts'

/** A base as a series names it. */
export const namedBase: Base = {
  commit: '4a39ac5b7d62ab4d3a7b2f8a9c0f1e2d3c4b5a69',
  how: 'base-commit',
  certain: true,
  detail: 'base-commit of the mail',
}

/** Everything applied cleanly to `namedBase`. */
export function appliedTo(series: Series, base: Base = namedBase): Application {
  return {
    kind: 'applied',
    base,
    patches: series.patches.map(({ index }) => ({
      index,
      kind: 'applied',
      commit: String(index).repeat(40),
      how: 'clean',
      detail: '',
    })),
  }
}

/** The review of a series by rules. */
export function reviewOf(
  { series, steps }: { series: Series; steps: readonly Step[] },
  rules: readonly Rule[],
): Review {
  const judgement = reviewSeries({ series, steps, rules, facts: createFacts() })
  return concludeReview(series, appliedTo(series), judgement)
}

/** What `wordRule` says of a word besides where it is. */
export type Telling = Omit<Report, 'at' | 'message'> & { readonly message?: string }

/** A rule that reports every place of a word in makefiles. */
export function wordRule(
  word: string,
  telling: Telling = {},
  described: Partial<Pick<Rule, 'id' | 'severity'>> = {},
): Rule {
  return defineRule({
    id: described.id ?? 'told-word',
    severity: described.severity ?? 'error',
    scope: 'tree',
    summary: `Somebody wrote ${word}.`,
    since: '0.1.0',
    check({ makefiles, report }) {
      for (const { path, text } of makefiles)
        for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
          report({
            message: `\`${word}\` is written`,
            ...telling,
            at: { file: path, start: at, end: at + word.length },
          })
    },
  })
}

/** The offset of a line and column of a text, for spans in tests. */
export function offsetOf(text: string, line: number, column: number): number {
  return positionToOffset(indexLines(text), { line, column }) ?? -1
}
