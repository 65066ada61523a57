/** A thread that judges series: `judge-aside.ts` starts it, sends it one series after the other, and gets an answer to each. */
import { parentPort, workerData } from 'node:worker_threads'
import { rules as allRules } from '../../rules/index.ts'
import { openRepository } from '../git/repository.ts'
import { createFacts } from '../review/facts.ts'
import type { Review } from '../review/review.ts'
import { ignoreCommentRule, type IgnoredPaths } from '../review/suppression.ts'
import type { Series } from '../series/series.ts'
import { judgeSeries } from './judge-series.ts'
import { openModels } from './wire.ts'

/** What the thread is started with: all that it needs of the caller, as data. */
export type JudgeTask = {
  readonly gitDirectory: string
  /** Of rules/index.ts, or that of ignore comments. */
  readonly rules: readonly string[]
  readonly ignored: IgnoredPaths
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where models are kept. */
  readonly cacheDirectory: string
  /** For files that are gone when the thread is; whoever started it removes them. */
  readonly temporaryDirectory: string
}

/** What the thread says of a series, and the megabytes of its heap afterwards. */
export type JudgeAnswer = { readonly heapMb: number } & (
  | { readonly kind: 'judged'; readonly review: Review }
  /** `code` is that of the error, as ENOSPC; empty where it has none. */
  | { readonly kind: 'failed'; readonly reason: string; readonly code: string }
)

// The module that started this thread made the data.
const { gitDirectory, rules: wanted, ignored, env, cacheDirectory, temporaryDirectory } = workerData as JudgeTask
const opened = await openRepository(gitDirectory, { environment: env, temporaryDirectory })
if (opened.kind === 'none') throw new Error(opened.reason)
const { repository } = opened
const names = new Set(wanted)
const rules = [...allRules, ignoreCommentRule(allRules.map(({ id }) => id))].filter(({ id }) => names.has(id))
const facts = createFacts({ model: openModels(repository, { env, cacheDirectory, clock: Date.now }).model })

parentPort?.on('message', (series: Series) => {
  void judge(series).then((answer) => parentPort?.postMessage(answer))
})

async function judge(series: Series): Promise<JudgeAnswer> {
  try {
    const review = await judgeSeries(series, { repository, rules, facts, ignored, base: {} })
    return { kind: 'judged', review, heapMb: heapMb() }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { kind: 'failed', reason, code, heapMb: heapMb() }
  }
}

function heapMb(): number {
  return process.memoryUsage().heapUsed / 1e6
}
