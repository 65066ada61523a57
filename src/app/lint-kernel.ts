import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { openTree, type Repository } from '../git/repository.ts'
import type { GitTree } from '../git/tree.ts'
import { createFacts, type Facts } from '../review/facts.ts'
import {
  batchesBelow,
  concludeLint,
  countFiles,
  lintBatches,
  type Lint,
  type LintProgress,
} from '../review/lint-tree.ts'
import type { Rule } from '../review/rule.ts'
import type { IgnoredPaths } from '../review/suppression.ts'
import { isKconfig } from '../review/world.ts'
import type { Tree } from '../text/tree.ts'
import type { KeptModels } from './kept-models.ts'
import { lintInThreads } from './lint-threads.ts'
import type { EarlyLint } from './start-lint-threads.ts'
import type { Surroundings } from './wire.ts'

export type LintOptions = {
  readonly repository: Repository
  readonly revision: string
  readonly rules: readonly Rule[]
  readonly paths: readonly string[]
  /** What the configuration keeps from being told. */
  readonly ignored?: IgnoredPaths
  /** Where models of whole trees are kept; made anew where left out. */
  readonly models?: KeptModels
  /** What is known of trees already, and of how they hang together; for a lint without threads. */
  readonly facts?: Facts
  /** What threads need to keep models by themselves; where left out, there are none. Their rules are those of rules/index.ts. */
  readonly threads?: Pick<Surroundings, 'cacheDirectory'>
  /** Its threads end with the lint or, where it needs none, with the process. */
  readonly early?: EarlyLint | null
  readonly onProgress?: (progress: LintProgress) => void
  readonly signal?: AbortSignal
}

/** Batches from which on two threads are worth their start, which takes half a second: half of a kernel. */
const threadedBatches = 10

/** Runs the tree rules over the build files of a revision; null where the repository has no such revision. */
export async function lintKernel(options: LintOptions): Promise<Lint | null> {
  const { repository, revision, threads, rules, paths, ignored = {}, early = null } = options
  const tree = await openTree(repository, revision)
  if (tree === null) return null
  const isListed = paths.includes('') && (await takeListing(tree, early))
  if (paths.includes('')) tree.listAhead?.()
  const isLarge = isListed || mayBeLarge(tree, paths)
  const listed = isLarge ? null : batchesBelow(tree, paths)
  const isSmall = listed !== null && listed.length < threadedBatches
  if (threads === undefined || isSmall || availableParallelism() < 2) return lintHere(tree, options)
  let batches = listed ?? []
  const done = new AbortController()
  const results = await lintInThreads({
    ...{ place: repository.place, tree: tree.id, rules: rules.map(({ id }) => id) },
    cacheDirectory: options.models === undefined ? null : threads.cacheDirectory,
    list: () => {
      const listing = tree.listing()
      batches = listed ?? batchesBelow(tree, paths)
      void tree.readAhead(kconfigFirst(batches.flat()), done.signal)
      return { batches, listing }
    },
    onProgress: (progress) => options.onProgress?.(progress),
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(early !== null && { workers: early.workers }),
  }).finally(() => {
    done.abort()
  })
  return concludeLint(results, { files: countFiles(batches), ignored })
}

/** Gives a tree the listing that was made before it was known, where that is its own; says whether it was. */
async function takeListing(tree: GitTree, early: EarlyLint | null): Promise<boolean> {
  const listing = early?.listing?.tree === tree.id ? await early.listing.take() : null
  if (listing !== null) tree.adoptListing(listing)
  return listing !== null
}

/** The order in which threads ask for files: what symbols there are is the first that they want to know. */
function kconfigFirst(paths: readonly string[]): readonly string[] {
  return [...paths.filter(isKconfig), ...paths.filter((path) => !isKconfig(path))]
}

/** Whether the whole of a kernel is asked for, so that threads are started before its files are listed. */
function mayBeLarge(tree: Tree, paths: readonly string[]): boolean {
  return paths.includes('') && tree.blob('drivers/Makefile') !== null && tree.blob('init/Kconfig') !== null
}

/** Between two batches the event loop runs, so that Ctrl-C is heard. */
async function lintHere(tree: Tree, { models, onProgress, signal, ...rest }: LintOptions): Promise<Lint> {
  const facts = rest.facts ?? createFacts({ ...(models && { model: models.model }) })
  const batches = lintBatches({ ...rest, tree, facts })
  for (;;) {
    const step = batches.next()
    if (step.done === true) return step.value
    onProgress?.(step.value)
    await setImmediate()
    signal?.throwIfAborted()
  }
}
