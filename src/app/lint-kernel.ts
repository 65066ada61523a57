import { setImmediate } from 'node:timers/promises'
import { openTree, type Repository } from '../git/repository.ts'
import { createFacts } from '../review/facts.ts'
import { lintBatches, type Lint, type LintProgress } from '../review/lint-tree.ts'
import type { Rule } from '../review/rule.ts'
import type { IgnoredPaths } from '../review/suppression.ts'
import type { KeptModels } from './kept-models.ts'

export type LintOptions = {
  readonly repository: Repository
  readonly revision: string
  readonly rules: readonly Rule[]
  readonly paths: readonly string[]
  /** What the configuration keeps from being told. */
  readonly ignored?: IgnoredPaths
  /** Where models of whole trees are kept; made anew where left out. */
  readonly models?: KeptModels
  readonly onProgress?: (progress: LintProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Runs the tree rules over the build files of a revision; null where the repository has no such revision. Between two
 * batches the event loop runs, so that Ctrl-C is heard.
 */
export async function lintKernel({
  repository,
  revision,
  models,
  onProgress,
  signal,
  ...rest
}: LintOptions): Promise<Lint | null> {
  const tree = await openTree(repository, revision)
  if (tree === null) return null
  const batches = lintBatches({ ...rest, tree, facts: createFacts({ ...(models && { model: models.model }) }) })
  for (;;) {
    const step = batches.next()
    if (step.done === true) return step.value
    onProgress?.(step.value)
    await setImmediate()
    signal?.throwIfAborted()
  }
}
