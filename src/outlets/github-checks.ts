import { createHash } from 'node:crypto'
import type { Octokit } from 'octokit'
import { lastLineOf, patchTextPath, type Finding, type Severity } from '../review/finding.ts'
import { printable } from '../review/printable.ts'
import type { Review } from '../review/review.ts'
import type { Patch } from '../series/series.ts'
import { placeAtEnd } from './github-place.ts'
import type { PullTarget } from './github-state.ts'
import { headline, summaryText } from './github-text.ts'

/** What a suite of builds and tests gave on one architecture. `environment`: it could not be run, which is nobody's fault. */
export type SuiteResult = {
  readonly suite: string
  readonly arch: string
  readonly outcome: 'passed' | 'failed' | 'environment'
  /** Markdown, ours. */
  readonly summary: string
  readonly findings: readonly Finding[]
}

type Conclusion = 'success' | 'failure' | 'neutral'

export type Annotation = {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column?: number
  readonly end_column?: number
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly title: string
  readonly message: string
}

/** A check run as it should be. */
export type WantedCheck = {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly conclusion: Conclusion
  readonly annotations: readonly Annotation[]
}

/** GitHub's limit of annotations a request, and of the characters of a summary; in characters of a title it shows less. */
const batch = 50
const maxSummary = 65_535

const levels = { error: 'failure', warning: 'warning', info: 'notice' } as const

/** The least severity that makes the check fail. */
export type FailOn = 'error' | 'warning' | 'never'

/** The checks of a review: one of the whole, and one of each suite on each architecture. */
export function checksOf(review: Review, suites: readonly SuiteResult[], failOn: FailOn): readonly WantedCheck[] {
  const { patches } = review.series
  const summary =
    summaryText({ review, findings: review.findings, commented: 0, notes: [] }) ?? 'There is nothing to say.'
  const all: WantedCheck = {
    name: 'kbuild-review',
    title: headline(review),
    summary: summary.slice(summary.indexOf('\n') + 1).slice(0, maxSummary),
    conclusion: conclusionOf(review, suites, failOn),
    annotations: annotationsOf(review.findings, patches),
  }
  return [all, ...suites.map((suite) => suiteCheck(suite, patches))]
}

function conclusionOf({ findings, verdict }: Review, suites: readonly SuiteResult[], failOn: FailOn): Conclusion {
  const severities = findings.map(({ severity }) => severity)
  if (severities.some((severity) => fails(severity, failOn)) || suites.some(({ outcome }) => outcome === 'failed'))
    return 'failure'
  const isOpen = verdict === 'not-judged' || suites.some(({ outcome }) => outcome === 'environment')
  return isOpen || severities.some((severity) => severity !== 'info') ? 'neutral' : 'success'
}

function fails(severity: Severity, failOn: FailOn): boolean {
  return failOn !== 'never' && (severity === 'error' || (severity === 'warning' && failOn === 'warning'))
}

const outcomes = { passed: 'success', failed: 'failure', environment: 'neutral' } as const

function suiteCheck({ suite, arch, outcome, summary, findings }: SuiteResult, patches: readonly Patch[]): WantedCheck {
  const titles = { passed: 'passed', failed: 'failed', environment: 'could not be run' }
  return {
    name: `kbuild-review / ${suite} (${arch})`,
    title: titles[outcome],
    summary: summary.slice(0, maxSummary),
    conclusion: outcomes[outcome],
    annotations: annotationsOf(findings, patches),
  }
}

/** Findings that have a line at the end of the series; columns only within one line, where GitHub takes them. */
function annotationsOf(findings: readonly Finding[], patches: readonly Patch[]): readonly Annotation[] {
  return findings.flatMap((finding) => {
    if (finding.path === patchTextPath) return []
    const end = placeAtEnd(finding, finding.patch, patches)
    if (end === null) return []
    const more = lastLineOf(finding) - finding.line
    const columns =
      more === 0 ? { start_column: finding.column, end_column: Math.max(finding.column, finding.endColumn - 1) } : {}
    return [
      {
        path: end.path,
        start_line: end.line,
        end_line: end.line + more,
        ...columns,
        annotation_level: levels[finding.severity],
        title: finding.rule,
        message: [finding.message, ...(finding.evidence ?? [])].map(printable).join('\n').slice(0, maxSummary),
      },
    ]
  })
}

/** A check run of ours as GitHub has it. */
type Run = {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly external_id: string | null
  readonly output: { readonly annotations_count: number }
}

/**
 * Makes the check runs that a commit lacks. One that says the same is known by its external id, and one that was left in the middle
 * goes on where it stood. Throws octokit's `RequestError`; a 403 says that only apps may do it.
 */
export async function postChecks(
  octokit: Octokit,
  target: PullTarget,
  wanted: readonly WantedCheck[],
): Promise<number> {
  const { owner, repo, head } = target
  const runs: readonly Run[] = await octokit.paginate(octokit.rest.checks.listForRef, {
    owner,
    repo,
    ref: head,
    per_page: 100,
  })
  let made = 0
  for (const check of wanted) {
    const id = identityOf(check)
    const known = runs.find(({ name, external_id }) => name === check.name && external_id === id)
    if (known?.status === 'completed') continue
    await finish(octokit, { owner, repo }, { check, run: known ?? (await begin(octokit, target, { check, id })) })
    made += 1
  }
  return made
}

type Place = { readonly owner: string; readonly repo: string }

function identityOf(check: WantedCheck): string {
  return createHash('sha256').update(JSON.stringify(check)).digest('hex').slice(0, 40)
}

async function begin(
  octokit: Octokit,
  target: PullTarget,
  { check, id }: { readonly check: WantedCheck; readonly id: string },
): Promise<Run> {
  const { owner, repo, head } = target
  const { data } = await octokit.rest.checks.create({
    owner,
    repo,
    name: check.name,
    head_sha: head,
    external_id: id,
    ...stateAfter(check, batch),
    output: outputOf(check, 0),
  })
  return data
}

/** Adds what annotations are missing; the last batch completes the run. */
async function finish(
  octokit: Octokit,
  place: Place,
  { check, run }: { readonly check: WantedCheck; readonly run: Run },
): Promise<void> {
  let [done, isCompleted] = [run.output.annotations_count, run.status === 'completed']
  while (!isCompleted) {
    const { data } = await octokit.rest.checks.update({
      ...place,
      check_run_id: run.id,
      ...stateAfter(check, done + batch),
      output: outputOf(check, done),
    })
    done += batch
    isCompleted = data.status === 'completed'
  }
}

function outputOf(
  { title, summary, annotations }: WantedCheck,
  from: number,
): { title: string; summary: string; annotations: Annotation[] } {
  return { title, summary, annotations: annotations.slice(from, from + batch) }
}

function stateAfter(
  check: WantedCheck,
  done: number,
): { status: 'completed'; conclusion: Conclusion } | { status: 'in_progress' } {
  return done >= check.annotations.length
    ? { status: 'completed', conclusion: check.conclusion }
    : { status: 'in_progress' }
}
