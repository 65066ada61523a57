import type { Repository } from '../git/repository.ts'
import { checksOf, postChecks, type FailOn, type SuiteResult, type WantedCheck } from '../outlets/github-checks.ts'
import { postReview, type Posted } from '../outlets/github-review.ts'
import { readPullState, type PullTarget } from '../outlets/github-state.ts'
import { postStatuses } from '../outlets/github-statuses.ts'
import { headline } from '../outlets/github-text.ts'
import type { Review } from '../review/review.ts'
import type { Series } from '../series/series.ts'
import type { PullRequest, PullSource } from '../sources/github.ts'
import type { GithubClient } from './github-client.ts'
import { troubleOf } from './github-trouble.ts'
import { rulePage } from './package.ts'
import { answerText, invalidRules, readCommands, type GivenCommand } from './pull-commands.ts'
import { readPull, type ReadPull } from './read-pull.ts'

type ReadSeries = Extract<ReadPull, { kind: 'series' }>

/** What pull requests of one repository are judged with, and how they are told. */
export type PullDesk = {
  readonly client: GithubClient
  readonly source: PullSource
  readonly repository: Repository
  /** Judges a series that is applied; builds too, where that is wanted. */
  readonly judge: (read: ReadSeries) => Promise<{ readonly review: Review; readonly suites: readonly SuiteResult[] }>
  /** Without it nothing is written to GitHub. */
  readonly post: boolean
  readonly drafts: boolean
  readonly failOn: FailOn
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** What was judged in this run, by the commits of the pull request; the desk keeps it. */
  readonly judged: Map<string, { readonly review: Review; readonly suites: readonly SuiteResult[] }>
}

/** What became of a pull request. `later` is to be asked again; `refused` will be the same then. */
export type PullOutcome =
  | {
      readonly kind: 'posted'
      readonly posted: Posted
      readonly checks: number
      readonly answers: number
      readonly notes: readonly string[]
    }
  | { readonly kind: 'judged'; readonly review: Review }
  | { readonly kind: 'skipped'; readonly why: 'gone' | 'closed' | 'draft' }
  | { readonly kind: 'later'; readonly why: string; readonly ms: number }
  | { readonly kind: 'refused'; readonly why: string }

/** Tries of one pull request; after the last it is for the next round. */
const tries = 6
/** A limit that holds longer is waited for in the next round (milliseconds). */
const longestWait = 120_000
/** Judgements kept; an older one is made again. */
const mostKept = 100
/** GitHub tells an old head for up to 30 seconds after a push. */
const unsettledMs = 10_000

/**
 * Judges a pull request as it is now and brings what GitHub says of it in line. Whatever fails in the middle is begun anew by
 * reading what is there, so that nothing is lost and nothing told twice.
 */
export async function reviewPull(number: number, desk: PullDesk): Promise<PullOutcome> {
  let last: Extract<PullOutcome, { kind: 'later' }> = { kind: 'later', why: 'not tried', ms: unsettledMs }
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      return await tryPull(number, desk)
    } catch (error) {
      const trouble = troubleOf(error, desk.now())
      if (trouble === null) throw error
      if (trouble.kind === 'forbidden') return { kind: 'refused', why: trouble.why }
      const ms = trouble.kind === 'wait' && trouble.ms !== null ? trouble.ms : 1000 * 2 ** attempt
      last = { kind: 'later', why: trouble.why, ms }
      if (ms > longestWait) return last
      await desk.sleep(ms)
    }
  }
  return last
}

async function tryPull(number: number, desk: PullDesk): Promise<PullOutcome> {
  const pull = await desk.source.pull(number)
  if (pull === null) return { kind: 'skipped', why: 'gone' }
  if (pull.state === 'closed') return { kind: 'skipped', why: 'closed' }
  if (pull.draft && !desk.drafts) return { kind: 'skipped', why: 'draft' }
  const read = await readPull(pull, { repository: desk.repository, token: await desk.client.token() })
  if (read.kind === 'none') return { kind: 'refused', why: read.reason }
  if (read.kind === 'unsettled')
    return { kind: 'later', why: `the API tells ${read.api}, git has ${read.git}`, ms: unsettledMs }
  return tell(pull, read, desk)
}

async function tell(pull: PullRequest, read: ReadSeries, desk: PullDesk): Promise<PullOutcome> {
  const { octokit } = desk.client
  const { owner, repo, number } = pull
  const target: PullTarget = { owner, repo, number, head: read.head }
  const state = await readPullState(octokit, target)
  const commands = await readCommands(octokit, target, state.others)
  const open = commands.filter(({ comment }) => !state.answered.has(comment))
  const judged = await judgeOnce(read, desk, open.some(({ command }) => command.kind === 'retest') ? 'anew' : 'known')
  const invalid = invalidRules(commands)
  const review = withoutRules(judged.review, invalid)
  if (!desk.post) return { kind: 'judged', review }
  const { checks, notes } = await postChecksOrStatuses(desk, target, checksOf(review, judged.suites, desk.failOn))
  const called = [...invalid]
    .sort()
    .map((rule) => `\`${rule}\` is not told: somebody who may write here called it invalid.`)
  const posted = await postReview(octokit, target, { review, files: read.files, notes: called })
  await answerAll(desk, target, { open, title: headline(review) })
  return { kind: 'posted', posted, checks, answers: open.length, notes }
}

async function judgeOnce(read: ReadSeries, desk: PullDesk, how: 'known' | 'anew'): ReturnType<PullDesk['judge']> {
  const key = judgedKey(read.series)
  const known = how === 'known' ? desk.judged.get(key) : undefined
  const judged = known ?? (await desk.judge(read))
  desk.judged.set(key, judged)
  const [oldest] = desk.judged.keys()
  if (desk.judged.size > mostKept && oldest !== undefined) desk.judged.delete(oldest)
  return judged
}

/** What a judgement of a pull request hangs on: its commits, whatever the branch it is for got meanwhile. */
export function judgedKey({ patches }: Series): string {
  return patches.map(({ envelope }) => envelope.id).join(' ')
}

function withoutRules(review: Review, rules: ReadonlySet<string>): Review {
  const findings = review.findings.filter(({ rule }) => !rules.has(rule))
  const verdict = review.verdict === 'findings' && findings.length === 0 ? 'clean' : review.verdict
  return { ...review, findings, verdict }
}

/** Only apps make check runs; with a person's token the same is told by statuses. */
async function postChecksOrStatuses(
  { client, now }: PullDesk,
  target: PullTarget,
  wanted: readonly WantedCheck[],
): Promise<{ readonly checks: number; readonly notes: readonly string[] }> {
  try {
    return { checks: await postChecks(client.octokit, target, wanted), notes: [] }
  } catch (error) {
    const trouble = troubleOf(error, now())
    if (trouble?.kind !== 'forbidden') throw error
    const checks = await postStatuses(client.octokit, target, wanted)
    return { checks, notes: [`no check runs, statuses instead: ${trouble.why}`] }
  }
}

async function answerAll(
  { client }: PullDesk,
  { owner, repo, number, head }: PullTarget,
  { open, title }: { readonly open: readonly GivenCommand[]; readonly title: string },
): Promise<void> {
  for (const command of open) {
    const body = answerText(command, { head, title, page: rulePage })
    await client.octokit.rest.issues.createComment({ owner, repo, issue_number: number, body })
  }
}
