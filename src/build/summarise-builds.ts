import type { BuildResult, BuiltGoal, SeriesBuilds } from '../review/build-result.ts'
import { compareFindings } from '../review/compare-findings.ts'
import type { Skipped } from '../review/finding.ts'
import type { Step } from '../review/step.ts'
import { printEvidence, type Evidence } from './evidence.ts'
import { buildPaths } from './goal-command.ts'
import type { ArchRun, SeriesRuns } from './goal-run.ts'
import { judgeBuilds } from './judge-builds.ts'
import { judgeSemantics } from './judge-semantics.ts'
import type { Profile } from './profile-schema.ts'
import { readEvidence } from './read-evidence.ts'
import type { PatchSource } from './reproduce.ts'
import { reproduceGoal } from './reproduce-goal.ts'

/** What was built, and where it came from. */
export type BuiltFrom = {
  readonly profile: Profile
  /** A commit's full id. */
  readonly base: string
  /** The patches that applied, in order; none where a commit alone was built. */
  readonly steps: readonly Step[]
  /** Where each of them is got from, in the same order. */
  readonly sources: readonly PatchSource[]
  /** What the toolchain reads of the environment (`toolchainEnvironment`); nothing where it is left out. */
  readonly environment?: Readonly<Record<string, string>>
}

const nothing: Evidence = { commands: new Map(), symbols: null, modules: new Map(), isCut: false }

/** What the builds of a series say of it: findings, what was built with what it changed, and what was not. The evidence must be there still. */
export function summariseBuilds(runs: SeriesRuns, from: BuiltFrom): SeriesBuilds {
  const { findings, notRun } = judgeBuilds(runs, from.steps)
  const semantics = judgeSemantics(runs, from.steps, new Set(findings.map(({ key }) => key)))
  const bases = new Map(runs.before.map((run) => [run.arch, evidenceOf(run)]))
  const results = [
    ...runs.before.map((run) => resultOf(run, { from, patch: null, evidence: madeOf(bases.get(run.arch)) })),
    ...runs.after.flatMap(({ patch, runs: arches }) =>
      arches.map((run) => resultOf(run, { from, patch, evidence: changesSince(bases, run) })),
    ),
  ]
  const all = [findings, semantics.findings].flat().sort(compareFindings)
  return { results, findings: all, notRun: [...notRun, ...semantics.notRun], isComplete: isComplete(runs, notRun) }
}

/** What the livepatch modules of a tree are made of: that all of its objects are new says nothing. */
function madeOf(evidence: Evidence | undefined): readonly string[] {
  return printEvidence(nothing, { ...nothing, modules: evidence?.modules ?? new Map() })
}

/** Against the tree that the series goes on: each patch is built from it anew. */
function changesSince(bases: ReadonlyMap<string, Evidence>, run: ArchRun): readonly string[] {
  const isWhole = run.goals.length > 0 && run.goals.every(({ status }) => status === 'ok')
  // What a failed build did not make is not gone.
  if (!isWhole) return []
  const before = bases.get(run.arch)
  const known = new Set(madeOf(before))
  return printEvidence(before ?? nothing, evidenceOf(run)).filter((line) => !known.has(line))
}

function evidenceOf({ goals, root = '' }: ArchRun): Evidence {
  const directory = goals.find(({ outputDirectory }) => outputDirectory !== null)?.outputDirectory ?? null
  const paths = { source: `${root}${buildPaths.source}`, output: `${root}${buildPaths.output}` }
  return directory === null ? nothing : readEvidence(directory, paths)
}

type Telling = { readonly from: BuiltFrom; readonly patch: number | null; readonly evidence: readonly string[] }

function resultOf(run: ArchRun, { from, patch, evidence }: Telling): BuildResult {
  const { profile, base, steps, sources, environment } = from
  const arch = profile.arches.find(({ name }) => name === run.arch)
  const until = steps.findIndex((step) => step.patch.index === patch) + 1
  const patches = sources.slice(0, until)
  const goals = run.goals.map((goal): BuiltGoal => {
    const origin = arch && { profile, arch, base, patches, ...(environment && { environment }) }
    const script = goal.status === 'failed' && origin ? reproduceGoal(run, goal, origin) : null
    const { status, seconds, reason } = goal
    return { goal: goal.goal, status, seconds, reason, reproduce: script }
  })
  const notRun = run.notRun.map(({ goal, reason }) => ({ what: goal, why: reason }))
  return { profile: profile.name, arch: run.arch, patch, toolchain: run.toolchain, goals, notRun, evidence }
}

/**
 * Whether every goal that applies came to an end that is make's own, and all of them were judged. What a failed goal takes with it is told by that one,
 * and of a goal that did not apply to the base and goes well there is nothing left to judge.
 */
function isComplete(runs: SeriesRuns, notRun: readonly Skipped[]): boolean {
  const all = allRuns(runs)
  const isUnjudged = all.some(
    ({ goals, notRun }) =>
      notRun.some(({ kind }) => kind === 'missing') ||
      goals.some(({ status }) => status !== 'ok' && status !== 'failed'),
  )
  if (isUnjudged || !all.some(({ goals }) => goals.length > 0)) return false
  const isSettled = settledBy(runs)
  return notRun.every(isSettled)
}

type Named = { readonly arch: string; readonly goal: string }
const nameOf = ({ arch, goal }: Named): string => `${goal} for ${arch}`

/** Tells what needs no judgement: goals that were not run for a reason of their own, and those that only patched trees have and that go well there. */
function settledBy(runs: SeriesRuns): (skipped: Skipped) => boolean {
  const all = allRuns(runs)
  const compared = new Set(runs.before.flatMap(({ goals }) => goals.map(nameOf)))
  const failed = new Set(all.flatMap(({ goals }) => goals.filter(({ status }) => status !== 'ok').map(nameOf)))
  const added = all.flatMap(({ goals }) => goals.map(nameOf)).filter((name) => !compared.has(name) && !failed.has(name))
  const skipped = all.flatMap(({ notRun }) => notRun)
  const isAbout = (what: string, name: string): boolean => `${what} `.startsWith(`build of ${name} `)
  return ({ what, why }) =>
    skipped.some((each) => each.reason === why && isAbout(what, nameOf(each))) ||
    added.some((name) => isAbout(what, name))
}

function allRuns({ before, after }: SeriesRuns): readonly ArchRun[] {
  return [...before, ...after.flatMap(({ runs }) => runs)]
}
