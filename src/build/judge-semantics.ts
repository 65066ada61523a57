import type { Placed } from '../review/finding.ts'
import type { Step } from '../review/step.ts'
import { leftItems, newFault, type SemanticCheck, type SemanticItems } from './build-semantics.ts'
import type { ArchRun, GoalRun, SeriesRuns } from './goal-run.ts'
import { tellSemantics } from './tell-semantics.ts'

/**
 * What the checks of a build's semantics find after each patch and not before it: one finding for what several architectures have in common. What a later
 * patch takes away again is not told.
 */
export function judgeSemantics(runs: SeriesRuns, steps: readonly Step[], keys: Set<string>): readonly Placed[] {
  const [first] = steps
  if (first === undefined) return []
  const bases = new Map(runs.before.map((run) => [run.arch, judged(run, first.before)]))
  const standing: Standing[] = []
  for (const { patch, runs: after } of runs.after) {
    const step = steps.find((each) => each.patch.index === patch)
    if (step === undefined) continue
    for (const run of after) {
      const now = judged(run, step.after)
      settle(run, now, standing)
      standing.push(...faultsOf(run, { step, now, base: bases.get(run.arch) ?? [], standing }))
    }
  }
  return steps.flatMap((step) => tellAll(step, standing, keys))
}

/** What a patch brought to one check of one architecture: what of it no later patch took away. */
type Standing = {
  readonly check: SemanticCheck
  readonly step: Step
  /** The last goal that went well. */
  readonly run: GoalRun
  /** The goals that the check was made over. */
  readonly made: ReadonlySet<string>
  items: readonly string[]
}

/** An item is gone where the same check does not find it, made over all the goals that it was found over. */
function settle(run: ArchRun, now: readonly SemanticItems[], standing: readonly Standing[]): void {
  const made = goalsOf(run)
  for (const each of standing) {
    const found = now.find(({ check }) => check === each.check)
    if (each.run.arch !== run.arch || found === undefined || !each.made.isSubsetOf(made)) continue
    each.items = each.items.filter((item) => found.items.includes(item))
  }
}

/** Those that were made and went well; a boot makes nothing. */
function goalsOf({ goals }: ArchRun): ReadonlySet<string> {
  return new Set(goals.flatMap(({ goal, status, tests }) => (status === 'ok' && tests === undefined ? [goal] : [])))
}

type Found = {
  readonly step: Step
  readonly now: readonly SemanticItems[]
  readonly base: readonly SemanticItems[]
  readonly standing: readonly Standing[]
}

/** What is new in one architecture. */
function faultsOf(arch: ArchRun, { step, now, base, standing }: Found): readonly Standing[] {
  const run = arch.goals.findLast(({ status }) => status === 'ok')
  if (run === undefined) return []
  return now.flatMap(({ check, items }) => {
    const before = base.find((each) => each.check === check)
    const own = standing.filter((each) => each.check === check && each.run.arch === arch.arch)
    const known = before && { check, items: [...before.items, ...own.flatMap((each) => each.items)] }
    const fault = known && newFault(known, { check, items })
    return fault ? [{ check, step, run, made: goalsOf(arch), items: fault.items }] : []
  })
}

function tellAll(step: Step, standing: readonly Standing[], keys: Set<string>): readonly Placed[] {
  const own = standing.filter((each) => each.step === step && each.items.length > 0)
  const groups = Map.groupBy(own, ({ check, items }) => JSON.stringify([check, items]))
  return [...groups.values()].flatMap(([one, ...others]) =>
    one === undefined ? [] : [tellSemantics(one, [one.run, ...others.map(({ run }) => run)], { step, keys })],
  )
}

/** What is left after `make clean` is a matter of what git knows and ignores in the tree; the other checks are as they were found. */
function judged({ semantics = [] }: ArchRun, tree: Step['after']): readonly SemanticItems[] {
  return semantics.map((each) => (each.check === 'clean' ? leftItems(each.items, tree) : each))
}
