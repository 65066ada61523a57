/** A thread that lints batches of files of a tree: `lint-threads.ts` starts it, and gets what rules say of each. */
import { parentPort, workerData } from 'node:worker_threads'
import { rules as allRules } from '../../rules/index.ts'
import { openTree } from '../git/repository.ts'
import { createFacts } from '../review/facts.ts'
import { lintBatch } from '../review/lint-tree.ts'
import type { RunResult } from '../review/run-rules.ts'
import { ignoreCommentRule } from '../review/suppression.ts'
import { openKernel, openModels } from './wire.ts'

/** What a thread is started with: all that it needs of the caller, as data. */
export type LintTask = {
  readonly gitDirectory: string
  readonly tree: string
  /** Of rules/index.ts, or that of ignore comments. */
  readonly rules: readonly string[]
  /** The batches that are this thread's, by their number. */
  readonly batches: readonly (readonly [number: number, paths: readonly string[]])[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where models are kept; null keeps none. */
  readonly cacheDirectory: string | null
}

/** What a thread says after each batch. */
export type LintAnswer = { readonly batch: number; readonly result: RunResult }

// The module that started this thread made the data.
const { gitDirectory, tree: id, rules: wanted, batches, env, cacheDirectory } = workerData as LintTask
const surroundings = { env, cacheDirectory: cacheDirectory ?? '', clock: Date.now }
const opened = await openKernel(gitDirectory, surroundings)
if (opened.kind === 'none') throw new Error(opened.reason)
const { repository } = opened
const tree = await openTree(repository, id)
if (tree === null) throw new Error(`there is no tree ${id}`)
const names = new Set(wanted)
const rules = [...allRules, ignoreCommentRule(allRules.map((rule) => rule.id))].filter((rule) => names.has(rule.id))
const models = cacheDirectory === null ? null : openModels(repository, surroundings)
const facts = createFacts(models === null ? {} : { model: models.model })
for (const [batch, paths] of batches) {
  const answer: LintAnswer = { batch, result: lintBatch(paths, { tree, rules, facts }) }
  parentPort?.postMessage(answer)
}
await repository.close()
