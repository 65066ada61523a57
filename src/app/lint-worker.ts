/** A thread that lints batches of files of a tree: `lint-threads.ts` starts it, and gets what rules say of each. */
import { on } from 'node:events'
import { parentPort } from 'node:worker_threads'
import { rules as allRules } from '../../rules/index.ts'
import { createTree } from '../git/tree.ts'
import { openTrees, type TreePlace } from '../git/trees.ts'
import { createFacts } from '../review/facts.ts'
import { lintBatch } from '../review/lint-tree.ts'
import type { RunResult } from '../review/run-rules.ts'
import { ignoreCommentRule } from '../review/suppression.ts'
import { openModels } from './kept-models.ts'

/** What a thread is told first: all that it needs of the caller, as data. */
export type LintTask = {
  readonly place: TreePlace
  /** The id of a tree that is there. */
  readonly tree: string
  /** Of rules/index.ts, or that of ignore comments. */
  readonly rules: readonly string[]
  /** Where models are kept; null keeps none. */
  readonly cacheDirectory: string | null
}

/** What a thread is to do next: a batch, by its number, or to end. */
export type LintOrder = {
  readonly batch: number
  readonly paths: readonly string[]
  /** With the first batch: all directories of the tree, and the files that are best read while it is at work. */
  readonly first: { readonly listing: Uint8Array; readonly ahead: readonly string[] } | null
} | null

/** What a thread says when it can do its first batch, and after each. */
export type LintAnswer =
  { readonly kind: 'ready' } | { readonly kind: 'done'; readonly batch: number; readonly result: RunResult }

const port = parentPort
if (port === null) throw new Error('this runs in a thread')
const said = on(port, 'message')
// What is said is what the module that works with this thread posts.
const { value: first } = (await said.next()) as { value: unknown[] }
const { place, tree: id, rules: wanted, cacheDirectory } = first[0] as LintTask
const trees = openTrees(place)
const tree = createTree(trees.store, id)
const names = new Set(wanted)
const rules = [...allRules, ignoreCommentRule(allRules.map((rule) => rule.id))].filter((rule) => names.has(rule.id))
const models = cacheDirectory === null ? null : openModels(trees, { cacheDirectory, clock: Date.now })
const facts = createFacts(models === null ? {} : { model: models.model })
const say = (answer: LintAnswer): void => {
  port.postMessage(answer)
}
say({ kind: 'ready' })
for await (const [sent] of said) {
  const order = sent as LintOrder
  if (order === null) break
  if (order.first !== null) {
    tree.adoptListing(order.first.listing)
    tree.prefetch(order.first.ahead)
  }
  say({ kind: 'done', batch: order.batch, result: lintBatch(order.paths, { tree, rules, facts }) })
}
await trees.reader.close()
