/** A process that judges series: `judge-aside.ts` starts it, sends it one series after the other, and gets an answer to each. */
import { rules as allRules } from '../../rules/index.ts'
import { openRepository } from '../git/repository.ts'
import { createFacts } from '../review/facts.ts'
import type { Review } from '../review/review.ts'
import { ignoreCommentRule, type IgnoredPaths } from '../review/suppression.ts'
import type { Series } from '../series/series.ts'
import { judgeSeries, type Judging } from './judge-series.ts'
import { openModels } from './kept-models.ts'

/** All that the process needs of the caller, as data; the same for all series. */
export type JudgeTask = {
  readonly gitDirectory: string
  /** Of rules/index.ts, or that of ignore comments. */
  readonly rules: readonly string[]
  readonly ignored: IgnoredPaths
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where models are kept. */
  readonly cacheDirectory: string
  /** For files that are gone when the process is; whoever started it removes them. */
  readonly temporaryDirectory: string
}

/** What the process is asked. */
export type JudgeQuestion = { readonly task: JudgeTask; readonly series: Series }

/** What the process says of a series, and the megabytes of its heap afterwards. */
export type JudgeAnswer = { readonly heapMb: number } & (
  | { readonly kind: 'judged'; readonly review: Review }
  /** `code` is that of the error, as ENOSPC; empty where it has none. */
  | { readonly kind: 'failed'; readonly reason: string; readonly code: string }
)

type Opened = Pick<Judging, 'repository' | 'rules' | 'facts' | 'ignored'>

let opened: Promise<Opened> | null = null

// The one who started this process asks in this form.
process.on('message', (question) => void answer(question as JudgeQuestion).then((said) => process.send?.(said)))

async function answer({ task, series }: JudgeQuestion): Promise<JudgeAnswer> {
  try {
    opened ??= open(task)
    // What cannot be opened now is tried again with the next series.
    void opened.catch(() => (opened = null))
    const review = await judgeSeries(series, { ...(await opened), base: {} })
    return { kind: 'judged', review, heapMb: heapMb() }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { kind: 'failed', reason, code, heapMb: heapMb() }
  }
}

async function open({ gitDirectory, rules: wanted, ignored, ...rest }: JudgeTask): Promise<Opened> {
  const { env, cacheDirectory, temporaryDirectory } = rest
  const found = await openRepository(gitDirectory, { environment: env, temporaryDirectory })
  if (found.kind === 'none') throw new Error(found.reason)
  const { repository } = found
  const names = new Set(wanted)
  const rules = [...allRules, ignoreCommentRule(allRules.map(({ id }) => id))].filter(({ id }) => names.has(id))
  const facts = createFacts({ model: openModels(repository, { cacheDirectory, clock: Date.now }).model })
  return { repository, rules, facts, ignored }
}

function heapMb(): number {
  return process.memoryUsage().heapUsed / 1e6
}
