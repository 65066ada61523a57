import type { Placed } from '../review/finding.ts'
import type { Step } from '../review/step.ts'
import { leftItems, newFault, type SemanticFault, type SemanticItems } from './build-semantics.ts'
import type { ArchRun, GoalRun, SeriesRuns } from './goal-run.ts'
import { tellSemantics } from './tell-semantics.ts'

/** What the checks of a build's semantics find after each patch and not before it: one finding for what several architectures have in common. */
export function judgeSemantics(runs: SeriesRuns, steps: readonly Step[], keys: Set<string>): readonly Placed[] {
  const [first] = steps
  if (first === undefined) return []
  const known = new Map(runs.before.map((run) => [run.arch, judged(run, first.before)]))
  return runs.after.flatMap(({ patch, runs: after }) => {
    const step = steps.find((each) => each.patch.index === patch)
    if (step === undefined) return []
    const faults = after.flatMap((run) => faultsOf(run, step, known))
    const groups = Map.groupBy(faults, ({ fault }) => JSON.stringify(fault))
    return [...groups.values()].flatMap(([one, ...others]) =>
      one === undefined ? [] : [tellSemantics(one.fault, [one.run, ...others.map(({ run }) => run)], { step, keys })],
    )
  })
}

type Fault = { readonly fault: SemanticFault; readonly run: GoalRun }

/** What is new in one architecture; it is known from then on. */
function faultsOf(run: ArchRun, step: Step, known: Map<string, readonly SemanticItems[]>): readonly Fault[] {
  const goal = run.goals.findLast(({ status }) => status === 'ok')
  const before = known.get(run.arch)
  const now = judged(run, step.after)
  if (goal === undefined || before === undefined) return []
  known.set(run.arch, merge(before, now))
  return now.flatMap((items) => {
    const old = before.find(({ check }) => check === items.check)
    const fault = old && newFault(old, items)
    return fault ? [{ fault, run: goal }] : []
  })
}

function merge(before: readonly SemanticItems[], now: readonly SemanticItems[]): readonly SemanticItems[] {
  return before.map(({ check, items }) => {
    const more = now.find((each) => each.check === check)?.items ?? []
    return { check, items: [...new Set([...items, ...more])].sort() }
  })
}

/** What is left after `make clean` is a matter of what git knows and ignores in the tree; the other checks are as they were found. */
function judged({ semantics = [] }: ArchRun, tree: Step['after']): readonly SemanticItems[] {
  return semantics.map((each) => (each.check === 'clean' ? leftItems(each.items, tree) : each))
}
