import type { Placed, Skipped } from '../review/finding.ts'
import type { Step } from '../review/step.ts'
import { leftItems, newFault, type SemanticCheck, type SemanticGap, type SemanticResult } from './build-semantics.ts'
import type { ArchRun, GoalRun, SeriesRuns } from './goal-run.ts'
import { tellSemantics } from './tell-semantics.ts'

/**
 * What the checks of a build's semantics find after each patch and not before it: one finding for what several architectures have in common. What a later
 * patch takes away again is not told. A check that comes to no end is a finding where it is make that fails and did not before; else it is told as not run.
 */
export function judgeSemantics(
  runs: SeriesRuns,
  steps: readonly Step[],
  keys: Set<string>,
): { readonly findings: readonly Placed[]; readonly notRun: readonly Skipped[] } {
  const [first] = steps
  if (first === undefined) return { findings: [], notRun: [] }
  const bases = new Map(runs.before.map((run) => [run.arch, judged(run, first.before)]))
  const standing: Standing[] = []
  const notRun = runs.before.flatMap((run) => skippedBefore(run))
  for (const { patch, runs: after } of runs.after) {
    const step = steps.find((each) => each.patch.index === patch)
    if (step === undefined) continue
    for (const run of after) {
      const now = judged(run, step.after)
      settle(run, now, standing)
      const base = bases.get(run.arch) ?? []
      notRun.push(...skippedAfter(run, patch, base))
      standing.push(...faultsOf(run, { step, now, base, standing }))
    }
  }
  return { findings: steps.flatMap((step) => tellAll(step, standing, keys)), notRun }
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
  /** Set where the check itself fails. */
  gap: SemanticGap | null
}

function skippedBefore({ arch, semantics = [] }: ArchRun): readonly Skipped[] {
  return semantics.flatMap((each) => {
    if (!('gap' in each)) return []
    const why = each.gap === 'failed' ? `it fails already (${each.why})` : each.why
    return [{ what: `check ${each.check} for ${arch} before the series`, why }]
  })
}

/** What was not judged before the series either is told once. */
function skippedAfter(
  { arch, semantics = [] }: ArchRun,
  patch: number,
  base: readonly SemanticResult[],
): readonly Skipped[] {
  return semantics.flatMap((each) => {
    const before = base.find(({ check }) => check === each.check)
    const what = `check ${each.check} for ${arch} after patch ${patch}`
    if (before === undefined) return [{ what, why: 'there is none of it before the series to compare it with' }]
    return 'items' in before && 'gap' in each && each.gap === 'unjudged' ? [{ what, why: each.why }] : []
  })
}

/** An item is gone where the same check does not find it, made over all the goals that it was found over; a check that failed where it does not fail then. */
function settle(run: ArchRun, now: readonly SemanticResult[], standing: readonly Standing[]): void {
  const made = goalsOf(run)
  for (const each of standing) {
    const found = now.find(({ check }) => check === each.check)
    if (each.run.arch !== run.arch || found === undefined || 'gap' in found || !each.made.isSubsetOf(made)) continue
    each.gap = null
    each.items = each.items.filter((item) => found.items.includes(item))
  }
}

/** Those that were made and went well; a boot makes nothing. */
function goalsOf({ goals }: ArchRun): ReadonlySet<string> {
  return new Set(goals.flatMap(({ goal, status, tests }) => (status === 'ok' && tests === undefined ? [goal] : [])))
}

type Found = {
  readonly step: Step
  readonly now: readonly SemanticResult[]
  readonly base: readonly SemanticResult[]
  readonly standing: readonly Standing[]
}

/** What is new in one architecture. */
function faultsOf(arch: ArchRun, { step, now, base, standing }: Found): readonly Standing[] {
  const run = arch.goals.findLast(({ status }) => status === 'ok')
  if (run === undefined) return []
  return now.flatMap((result): Standing[] => {
    const { check } = result
    const before = base.find((each) => each.check === check)
    if (before === undefined || 'gap' in before) return []
    const own = standing.filter((each) => each.check === check && each.run.arch === arch.arch)
    const found = { check, step, run, made: goalsOf(arch) }
    if ('gap' in result) {
      const isNew = result.gap === 'failed' && own.every(({ gap }) => gap === null)
      return isNew ? [{ ...found, items: [], gap: result }] : []
    }
    const fault = newFault({ check, items: [...before.items, ...own.flatMap(({ items }) => items)] }, result)
    return fault ? [{ ...found, items: fault.items, gap: null }] : []
  })
}

function tellAll(step: Step, standing: readonly Standing[], keys: Set<string>): readonly Placed[] {
  const own = standing.filter((each) => each.step === step && (each.items.length > 0 || each.gap !== null))
  const groups = Map.groupBy(own, ({ check, items, gap }) => JSON.stringify([check, items, gap?.why]))
  return [...groups.values()].flatMap(([one, ...others]) => {
    if (one === undefined) return []
    const { check, items, gap, run } = one
    return [tellSemantics(gap ?? { check, items }, [run, ...others.map((each) => each.run)], { step, keys })]
  })
}

/** What is left after `make clean` is a matter of what git knows and ignores in the tree; the other checks are as they were found. */
function judged({ semantics = [] }: ArchRun, tree: Step['after']): readonly SemanticResult[] {
  return semantics.map((each) => (each.check === 'clean' && 'items' in each ? leftItems(each.items, tree) : each))
}
