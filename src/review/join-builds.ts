import type { SeriesBuilds } from './build-result.ts'
import { compareFindings } from './compare-findings.ts'
import { buildPath, type Placed, type Severity } from './finding.ts'
import type { Review } from './review.ts'

/** A review with what builds say: one remark where both say something of one line. Without them it is `clean` only where all was built. */
export function withBuilds(review: Review, { results, findings, notRun, isComplete }: SeriesBuilds): Review {
  const joined = joinFindings(review.findings, findings)
  const judged = review.verdict !== 'not-judged' && isComplete
  return {
    ...review,
    findings: joined,
    builds: results,
    notRun: [...review.notRun, ...notRun],
    verdict: !judged ? 'not-judged' : joined.length > 0 ? 'findings' : 'clean',
  }
}

/** What a compiler says of a line that a rule speaks of already is evidence for the rule. */
function joinFindings(told: readonly Placed[], built: readonly Placed[]): readonly Placed[] {
  const rest = new Set(built)
  const confirmed = told.map((finding) => {
    const same = [...rest].filter((each) => isSameLine(each, finding))
    for (const each of same) rest.delete(each)
    if (same.length === 0) return finding
    const evidence = same.flatMap((each) => [each.message, ...(each.evidence ?? [])])
    const severity = worst([finding, ...same])
    return { ...finding, severity, evidence: [...(finding.evidence ?? []), ...evidence] }
  })
  return [...confirmed, ...rest].sort(compareFindings)
}

function isSameLine(one: Placed, other: Placed): boolean {
  return one.path !== buildPath && one.patch === other.patch && one.path === other.path && one.line === other.line
}

function worst(findings: readonly Placed[]): Severity {
  const order = ['error', 'warning', 'info'] as const
  return order.find((severity) => findings.some((each) => each.severity === severity)) ?? 'info'
}
