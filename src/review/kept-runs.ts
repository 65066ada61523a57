import type { Tree } from '../text/tree.ts'
import { oncePer } from '../text/once-per.ts'
import type { Facts } from './facts.ts'
import type { TreeRule } from './rule.ts'
import { runTreeRules, type RunResult } from './run-rules.ts'

/** Runs that are kept: many patches of a run stand on the same tree, and touch the same few files, such as the top Makefile. */
const maxRuns = 64

/** What the rules that ran so far said of some files of a tree. */
type Kept = { readonly ran: ReadonlySet<string>; readonly result: RunResult }

/**
 * `runTreeRules`, for a tree that is likely to be asked for again: what a rule says hangs on the tree and the paths alone, so that it is
 * kept, for as long as the facts are, for the files asked for last.
 */
export function runKept(
  rules: readonly TreeRule[],
  target: { readonly tree: Tree; readonly paths: Iterable<string>; readonly facts: Facts },
): RunResult {
  const { tree, facts } = target
  const paths = [...new Set(target.paths)].sort()
  if (tree.id === null) return runTreeRules(rules, { tree, paths, facts })
  const runs = runsOf(facts)
  const key = JSON.stringify([tree.id, paths])
  const { ran, result } = runs.get(key) ?? nothingRan
  const missing = rules.filter(({ id }) => !ran.has(id))
  const all = missing.length === 0 ? result : joined(result, runTreeRules(missing, { tree, paths, facts }))
  runs.delete(key)
  runs.set(key, { ran: new Set([...ran, ...missing.map(({ id }) => id)]), result: all })
  const [oldest] = runs.keys()
  if (runs.size > maxRuns && oldest !== undefined) runs.delete(oldest)
  return only(new Set(rules.map(({ id }) => id)), all)
}

const runsOf: (facts: Facts) => Map<string, Kept> = oncePer(() => new Map<string, Kept>())

const nothingRan: Kept = { ran: new Set(), result: { findings: [], ignored: [], unsure: [], failed: new Map() } }

function joined(one: RunResult, other: RunResult): RunResult {
  return {
    findings: [...one.findings, ...other.findings],
    ignored: [...one.ignored, ...other.ignored],
    unsure: [...one.unsure, ...other.unsure],
    failed: new Map([...one.failed, ...other.failed]),
  }
}

/** What some of the rules said. */
function only(rules: ReadonlySet<string>, { findings, ignored, unsure, failed }: RunResult): RunResult {
  return {
    findings: findings.filter(({ rule }) => rules.has(rule)),
    ignored: ignored.filter(({ finding }) => rules.has(finding.rule)),
    unsure: unsure.filter(({ rule }) => rules.has(rule)),
    failed: new Map([...failed].filter(([rule]) => rules.has(rule))),
  }
}
