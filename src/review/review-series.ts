import { compareFindings } from './compare-findings.ts'
import type { Patch, Series } from '../series/series.ts'
import type { Facts } from './facts.ts'
import { patchTextPath, type Finding, type Placed, type Skipped, type Unsure } from './finding.ts'
import { judgeTrees } from './judge-trees.ts'
import { createLedger, toFinding, type Ledger, type Transient } from './ledger.ts'
import { placeFinding } from './placement.ts'
import type { ChangeRule, Rule, TreeRule } from './rule.ts'
import { runChangeRules, runTreeRules } from './run-rules.ts'
import { widenToDirectory, type Widen } from './scope.ts'
import type { Step } from './step.ts'
import { suppressByPath, type IgnoredPaths, type Suppressed } from './suppression.ts'

/** What rules found in a series. */
export type Judgement = {
  /** What the series brings, by the patch that brought it, placed on that patch. */
  readonly findings: readonly Placed[]
  /** What a patch brought and a later one of the series took away again: not told to anybody. */
  readonly transient: readonly Transient[]
  readonly unsure: readonly Unsure[]
  /** What the series brings and a comment or the configuration keeps from being told. */
  readonly suppressed: readonly Suppressed[]
  /** Patches that no rule saw, and why. */
  readonly unjudged: readonly Skipped[]
  /** Rules that failed on a patch, and how. */
  readonly notRun: readonly Skipped[]
}

type Options = {
  readonly series: Series
  /** The unbroken run of patches that applied, in order. */
  readonly steps: readonly Step[]
  readonly rules: readonly Rule[]
  readonly facts: Facts
  /** What the configuration keeps from being told; nothing where it is not given. */
  readonly ignored?: IgnoredPaths
  /** Which further files a patch is judged by; those of the same directory where it is not given. */
  readonly widen?: Widen
}

/** What is collected while the patches are gone through. */
type State = {
  readonly ledger: Ledger
  readonly keys: Set<string>
  /** Files that tree rules looked at, by their present paths. */
  paths: ReadonlySet<string>
  readonly changes: Finding[]
  readonly unsure: Unsure[]
  readonly suppressed: Suppressed[]
  readonly unjudged: Skipped[]
  readonly notRun: Skipped[]
}

/**
 * Judges each patch of a series: rules of scope `tree` on the tree before and after it, of which what is new counts,
 * and rules of scope `change` on the patch itself. A rule that throws is left out of that patch, and named in `notRun`.
 */
export function reviewSeries(options: Options): Judgement {
  const keys = new Set<string>()
  const state: State = {
    ledger: createLedger(keys),
    keys,
    paths: new Set(),
    changes: [],
    unsure: [],
    suppressed: [],
    unjudged: [],
    notRun: [],
  }
  for (const step of options.steps) {
    if (step.patch.problems.length > 0) state.unjudged.push(untrusted(step.patch))
    else bookTrees(step, options, state)
  }
  settle(options, state)
  // What a later patch takes away again is known only now.
  for (const step of options.steps) if (step.patch.problems.length === 0) bookChange(step, options, state)
  const { ledger, suppressed, unjudged, notRun } = state
  const { sure, open } = leaveOpen(ledger.standing(), options, unjudged.length)
  const unsure = [...state.unsure, ...open]
  const patches = new Map(options.steps.map(({ patch }) => [patch.index, patch]))
  const findings = [...sure, ...state.changes].map((finding) => {
    const patch = finding.patch === null ? undefined : patches.get(finding.patch)
    return { ...finding, placement: placeFinding(finding, patch) }
  })
  const { findings: told, suppressed: untold } = suppressByPath(findings.sort(compareFindings), options.ignored ?? {})
  return {
    findings: told,
    transient: ledger.transient(),
    unsure,
    suppressed: [...suppressed, ...untold],
    unjudged,
    notRun,
  }
}

/** Sets apart what a patch that was not judged may mend: that something is nowhere is not known before all are. */
function leaveOpen(
  standing: readonly Finding[],
  { series, steps, rules }: Options,
  untrusted: number,
): { readonly sure: readonly Finding[]; readonly open: readonly Unsure[] } {
  const left = series.expected - (steps.length - untrusted)
  const absence = new Set(rules.flatMap((rule) => (rule.scope === 'tree' && rule.absence === true ? [rule.id] : [])))
  const isOpen = ({ rule }: Finding): boolean => left > 0 && absence.has(rule)
  const because = `${left} of ${series.expected} patches were not judged, and may bring it`
  return {
    sure: standing.filter((finding) => !isOpen(finding)),
    open: standing.filter(isOpen).map((finding) => ({ ...unsureOf(finding), because })),
  }
}

function unsureOf({
  rule,
  patch,
  at,
  path,
  line,
  column,
  endLine,
  endColumn,
  source,
}: Finding): Omit<Unsure, 'because'> {
  return { rule, patch, at, path, line, column, endLine, endColumn, source }
}

function untrusted(patch: Patch): Skipped {
  const problem = patch.problems[0]
  const why = `its diff cannot be trusted: line ${problem?.line ?? 0}: ${problem?.message ?? ''}`
  return { what: `patch ${patch.index}`, why }
}

function treeRulesOf(rules: readonly Rule[]): readonly TreeRule[] {
  return rules.filter((rule) => rule.scope === 'tree')
}

function bookTrees(step: Step, options: Options, state: State): void {
  const { index } = step.patch
  const { facts, widen = widenToDirectory } = options
  const judged = judgeTrees(step, {
    rules: treeRulesOf(options.rules),
    facts,
    widen,
    needsMended: mattersIn(step, options, state),
  })
  state.ledger.book(index, judged.difference, judged.changes)
  state.paths = new Set([...[...state.paths].map(judged.changes.renamed), ...judged.paths])
  state.unsure.push(...judged.unsure.map((each) => ({ ...each, patch: index })))
  for (const { finding, reason } of judged.ignored)
    state.suppressed.push({
      finding: toFinding({ finding, ordinal: 0 }, index, state.keys),
      by: { kind: 'comment', reason },
    })
  state.notRun.push(...failures(judged.failed, `patch ${index}`))
}

/** Whether what a patch mends counts: an earlier one may have brought it, or a later one put it back. */
function mattersIn(step: Step, { steps }: Options, { ledger }: State): (rule: string) => boolean {
  const standing = new Set(ledger.standing().map(({ rule }) => rule))
  return (rule) => step !== steps.at(-1) || standing.has(rule)
}

function bookChange(step: Step, options: Options, state: State): void {
  const { patch } = step
  const rules = options.rules.filter((rule): rule is ChangeRule => rule.scope === 'change')
  const passing = state.ledger.transient().filter(({ finding }) => finding.patch === patch.index)
  const result = runChangeRules(rules, { ...step, series: options.series, knowledge: options.facts, passing })
  for (const finding of result.findings) {
    // Equal remarks on the logs of two patches are two: the key of each names its patch.
    const about = finding.path === patchTextPath ? `${patchTextPath}/${patch.title}` : finding.path
    const named = toFinding({ finding: { ...finding, path: about }, ordinal: 0 }, patch.index, state.keys)
    state.changes.push({ ...named, path: finding.path })
  }
  state.unsure.push(...result.unsure.map((each) => ({ ...each, patch: patch.index })))
  state.notRun.push(...failures(result.failed, `patch ${patch.index}`))
}

/** Asks the last tree whether it still has what the patches brought: a file that no rule looked at may have mended it. */
function settle({ steps, rules, facts }: Options, { ledger, paths, notRun }: State): void {
  const last = steps.at(-1)
  if (!last || ledger.standing().length === 0) return
  const asked = new Set(ledger.standing().map(({ rule }) => rule))
  const again = treeRulesOf(rules).filter(({ id }) => asked.has(id))
  const result = runTreeRules(again, { tree: last.after, paths, facts })
  ledger.settle(result.findings)
  notRun.push(...failures(result.failed, 'the end of the series'))
}

function failures(failed: ReadonlyMap<string, string>, where: string): Skipped[] {
  return [...failed].map(([rule, why]) => ({ what: `rule ${rule} on ${where}`, why: `the rule failed: ${why}` }))
}
