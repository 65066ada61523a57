import type { BuildResult } from '../review/build-result.ts'
import type { Review } from '../review/review.ts'
import { codeBlock, markdownLine } from './github-markdown.ts'
import type { SuiteResult } from './github-checks.ts'

/** Scripts are long: those of so many failures are told. */
const maxScripts = 3

/** What the builds of a review gave on each architecture, as suites: the findings that only they have stand in the review already. */
export function suitesOf({ builds = [] }: Review): readonly SuiteResult[] {
  return [...Map.groupBy(builds, ({ arch }) => arch)].flatMap(([arch, results]) => {
    const [first] = results
    if (first === undefined || isInapplicable(results)) return []
    const outcome = outcomeOf(results)
    return [{ suite: first.profile, arch, outcome, summary: summaryOf(results), findings: [] }]
  })
}

/** An architecture that the tree has not, or a compiler that nobody installed: the review says so where that matters. */
function isInapplicable(results: readonly BuildResult[]): boolean {
  return results.every(({ goals, toolchain }) => goals.length === 0 && toolchain === null)
}

/** What failed before the patches says nothing of them. */
function outcomeOf(results: readonly BuildResult[]): SuiteResult['outcome'] {
  const goals = results.flatMap(({ goals, patch }) => goals.map(({ goal, status }) => ({ goal, status, patch })))
  const old = new Set(
    goals.filter(({ patch, status }) => patch === null && status === 'failed').map(({ goal }) => goal),
  )
  const last = Math.max(0, ...goals.map(({ patch }) => patch ?? 0))
  // What a later patch mends is a matter of the order, and told by a finding.
  const isFailed = goals.some(({ goal, status, patch }) => patch === last && status === 'failed' && !old.has(goal))
  if (isFailed) return 'failed'
  return goals.some(({ status }) => status !== 'ok' && status !== 'failed') ? 'environment' : 'passed'
}

function summaryOf(results: readonly BuildResult[]): string {
  const lines = results.map(({ patch, goals, notRun }) => {
    const told = [
      ...goals.map(
        ({ goal, status, seconds }) => `${goal} ${status === 'ok' ? '' : `${status} `}${seconds.toFixed(1)} s`,
      ),
      ...notRun.map(({ what, why }) => `${what} not run: ${why}`),
    ]
    return `- ${patch === null ? 'before the series' : `after patch ${patch}`}: ${markdownLine(told.join(', '))}`
  })
  const evidence = results.at(-1)?.evidence ?? []
  const scripts = results.flatMap(({ goals }) => goals.flatMap(({ reproduce }) => reproduce ?? [])).slice(0, maxScripts)
  return [
    ...lines,
    ...(evidence.length === 0 ? [] : ['', ...codeBlock(evidence)]),
    ...scripts.flatMap((script) => ['', 'To see it again:', '', ...codeBlock(script.trimEnd().split('\n'))]),
    '',
  ].join('\n')
}
