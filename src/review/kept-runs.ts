import type { Tree } from '../text/tree.ts'
import { oncePer } from '../text/once-per.ts'
import type { Facts } from './facts.ts'
import type { TreeRule } from './rule.ts'
import { runTreeRules, type RunResult } from './run-rules.ts'

/** Runs that are kept: many patches of a run stand on the same tree, and touch the same few files, such as the top Makefile. */
const maxRuns = 64

/**
 * `runTreeRules`, for a tree that is likely to be asked for again: what rules say hangs on the tree and the paths alone, so that it is
 * kept, for as long as the facts are, for the runs asked for last.
 */
export function runKept(
  rules: readonly TreeRule[],
  target: { readonly tree: Tree; readonly paths: Iterable<string>; readonly facts: Facts },
): RunResult {
  const { tree, facts } = target
  const paths = [...new Set(target.paths)].sort()
  if (tree.id === null) return runTreeRules(rules, { tree, paths, facts })
  const runs = runsOf(facts)
  const key = JSON.stringify([tree.id, rules.map(({ id }) => id), paths])
  const result = runs.get(key) ?? runTreeRules(rules, { tree, paths, facts })
  runs.delete(key)
  runs.set(key, result)
  const [oldest] = runs.keys()
  if (runs.size > maxRuns && oldest !== undefined) runs.delete(oldest)
  return result
}

const runsOf: (facts: Facts) => Map<string, RunResult> = oncePer(() => new Map<string, RunResult>())
