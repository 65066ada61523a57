import { setTimeout as sleep } from 'node:timers/promises'
import { judgeApplied } from '../app/judge-series.ts'
import { suitesOf } from '../outlets/github-suites.ts'
import { judgedKey, reviewPull, type PullDesk } from '../app/review-pull.ts'
import type { Review } from '../review/review.ts'
import { createPullSource } from '../sources/github.ts'
import type { FailOn } from './fail-on.ts'
import type { PullInput } from './pull-input.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

type Context = { readonly session: Session; readonly terminal: Terminal; readonly failOn: FailOn }

/** Tells a review on its pull request, as it is there now; throws where that cannot be done. */
export async function postPull(
  input: PullInput,
  review: Review,
  { session, terminal, failOn }: Context,
): Promise<void> {
  const { client, pull } = input
  const { owner, repo, number } = pull
  const desk: PullDesk = {
    client,
    source: createPullSource(client.octokit, { owner, repo }),
    repository: session.repository,
    judge: ({ series, applied }) => Promise.resolve({ review: judgeApplied(series, applied, session), suites: [] }),
    post: true,
    drafts: true,
    failOn,
    now: Date.now,
    sleep: (ms) => sleep(ms, undefined, { signal: terminal.signal }),
    judged: new Map([[judgedKey(input.series), { review, suites: suitesOf(review) }]]),
  }
  const outcome = await reviewPull(number, desk)
  if (outcome.kind !== 'posted') throw new Error(`not posted: ${'why' in outcome ? outcome.why : outcome.kind}`)
  const { posted, checks, notes } = outcome
  for (const note of notes) terminal.note(note)
  terminal.note(
    `posted: ${checks} checks, ${posted.comments} comments, ${posted.resolved} resolved, summary ${posted.sticky}`,
  )
}
