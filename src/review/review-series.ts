import type { Patch, Series } from '../series/series.ts'
import type { Tree } from '../text/tree.ts'
import { changedLines } from './changed-lines.ts'
import type { Facts } from './facts.ts'
import { patchTextPath, type Finding, type Placed, type Skipped, type Unsure } from './finding.ts'
import { subtractFindings } from './introduced.ts'
import { createLedger, toFinding, type Ledger, type Transient } from './ledger.ts'
import { placeFinding } from './placement.ts'
import type { ChangeRule, Rule, TreeRule } from './rule.ts'
import { runChangeRules, runTreeRules, type RunResult } from './run-rules.ts'
import { widenToDirectory, type Widen } from './scope.ts'

/** A patch that applied, with the tree on either side of it. */
export type Step = { readonly patch: Patch; readonly before: Tree; readonly after: Tree }

/** What rules found in a series. */
export type Judgement = {
  /** What the series brings, by the patch that brought it, placed on that patch. */
  readonly findings: readonly Placed[]
  /** What a patch brought and a later one of the series took away again: not told to anybody. */
  readonly transient: readonly Transient[]
  readonly unsure: readonly Unsure[]
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
  /** Which further files a patch is judged by; those of the same directory where it is not given. */
  readonly widen?: Widen
}

/** What is collected while the patches are gone through. */
type Collected = {
  readonly ledger: Ledger
  readonly changes: Finding[]
  readonly keys: Set<string>
  readonly unsure: Unsure[]
  readonly notRun: Skipped[]
}

/**
 * Judges each patch of a series: rules of scope `tree` on the tree before and after it, of which what is new counts,
 * and rules of scope `change` on the patch itself. A rule that throws is left out of that patch, and named in `notRun`.
 */
export function reviewSeries(options: Options): Judgement {
  const keys = new Set<string>()
  const collected: Collected = { ledger: createLedger(keys), changes: [], keys, unsure: [], notRun: [] }
  const unjudged: Skipped[] = []
  for (const step of options.steps) {
    if (step.patch.problems.length > 0) unjudged.push(untrusted(step.patch))
    else judgeStep(step, options, collected)
  }
  const { ledger, changes, unsure, notRun } = collected
  const patches = new Map(options.steps.map(({ patch }) => [patch.index, patch]))
  const findings = [...ledger.standing(), ...changes].map((finding) => {
    const patch = finding.patch === null ? undefined : patches.get(finding.patch)
    return { ...finding, placement: placeFinding(finding, patch) }
  })
  return { findings: findings.sort(compareFindings), transient: ledger.transient(), unsure, unjudged, notRun }
}

function untrusted(patch: Patch): Skipped {
  const problem = patch.problems[0]
  return {
    what: `patch ${patch.index}`,
    why: `its diff cannot be trusted: line ${problem?.line ?? 0}: ${problem?.message ?? ''}`,
  }
}

function judgeStep(step: Step, options: Options, collected: Collected): void {
  const { patch } = step
  const treeRules = options.rules.filter((rule): rule is TreeRule => rule.scope === 'tree')
  const changeRules = options.rules.filter((rule): rule is ChangeRule => rule.scope === 'change')
  judgeTrees(step, { ...options, rules: treeRules }, collected)

  const change = runChangeRules(changeRules, { ...step, series: options.series })
  for (const finding of change.findings) {
    const about = finding.path === patchTextPath ? `${patchTextPath}/${patch.title}` : finding.path
    const named = toFinding({ finding: { ...finding, path: about }, ordinal: 0 }, patch.index, collected.keys)
    collected.changes.push({ ...named, path: finding.path })
  }
  collected.unsure.push(...change.unsure.map((each) => ({ ...each, patch: patch.index })))
  noteFailed([change], patch, collected)
}

function judgeTrees(
  step: Step,
  options: Omit<Options, 'rules'> & { readonly rules: readonly TreeRule[] },
  { ledger, unsure, notRun, ...rest }: Collected,
): void {
  const { patch, before, after } = step
  const { facts, widen = widenToDirectory } = options
  const changes = changedLines(patch.files)
  const oldPaths = widen(
    before,
    patch.files.flatMap((file) => file.oldPath ?? file.newPath ?? []),
  )
  const newPaths = widen(
    after,
    patch.files.flatMap((file) => file.newPath ?? file.oldPath ?? []),
  )
  const held = ledger.paths()
  const run = (tree: Tree, paths: readonly string[]): RunResult => runTreeRules(options.rules, { tree, paths, facts })
  const old = run(before, [...oldPaths, ...held, ...newPaths.map(changes.original)])
  const young = run(after, [...newPaths, ...held.map(changes.renamed), ...oldPaths.map(changes.renamed)])

  const failed = new Set([...old.failed.keys(), ...young.failed.keys()])
  const sound = <T extends { readonly rule: string }>(all: readonly T[]): T[] =>
    all.filter(({ rule }) => !failed.has(rule))
  ledger.book(patch.index, subtractFindings(sound(old.findings), sound(young.findings), changes), changes)

  const known = new Set(old.unsure.map((each) => unsureKey(each, changes.renamed)))
  const news = sound(young.unsure).filter((each) => !known.has(unsureKey(each, (path) => path)))
  unsure.push(...news.map((each) => ({ ...each, patch: patch.index })))
  noteFailed([old, young], patch, { ledger, unsure, notRun, ...rest })
}

function unsureKey(unsure: Omit<Unsure, 'patch'>, path: (path: string) => string): string {
  return JSON.stringify([unsure.rule, path(unsure.path), unsure.because, unsure.source.trim()])
}

function noteFailed(results: readonly RunResult[], patch: Patch, { notRun }: Collected): void {
  const failed = new Map(results.flatMap((result) => [...result.failed]))
  for (const [rule, why] of failed)
    notRun.push({ what: `rule ${rule} on patch ${patch.index}`, why: `the rule failed: ${why}` })
}

/** By patch, then by place, then by rule: the order in which every face tells them. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    (a.patch ?? 0) - (b.patch ?? 0) ||
    compareText(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.rule, b.rule) ||
    compareText(a.key, b.key)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
