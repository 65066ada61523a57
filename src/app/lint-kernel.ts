import type { Repository } from '../git/repository.ts'
import { openTree } from '../git/repository.ts'
import { createFacts } from '../review/facts.ts'
import { lintTree, type Lint } from '../review/lint-tree.ts'
import type { Rule } from '../review/rule.ts'

export type LintOptions = {
  readonly repository: Repository
  readonly revision: string
  readonly rules: readonly Rule[]
  readonly paths: readonly string[]
  readonly onProgress?: (done: number, total: number) => void
}

/** Runs the tree rules over the build files of a revision; null where the repository has no such revision. */
export async function lintKernel(options: LintOptions): Promise<Lint | null> {
  const tree = await openTree(options.repository, options.revision)
  return tree && lintTree({ ...options, tree, facts: createFacts() })
}
