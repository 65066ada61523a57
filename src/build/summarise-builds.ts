import type { BuildResult, BuiltGoal, SeriesBuilds } from '../review/build-result.ts'
import { compareFindings } from '../review/compare-findings.ts'
import type { Step } from '../review/step.ts'
import { printEvidence, type Evidence } from './evidence.ts'
import { buildPaths } from './goal-command.ts'
import type { ArchRun, GoalNotRun, SeriesRuns } from './goal-run.ts'
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
  const all = [findings, semantics].flat().sort(compareFindings)
  return { results, findings: all, notRun, isComplete: isComplete(runs) }
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
  const { profile, base, steps, sources } = from
  const arch = profile.arches.find(({ name }) => name === run.arch)
  const until = steps.findIndex((step) => step.patch.index === patch) + 1
  const patches = sources.slice(0, until)
  const goals = run.goals.map((goal): BuiltGoal => {
    const script = goal.status === 'failed' && arch ? reproduceGoal(run, goal, { profile, arch, base, patches }) : null
    const { status, seconds, reason } = goal
    return { goal: goal.goal, status, seconds, reason, reproduce: script }
  })
  const notRun = run.notRun.map(({ goal, reason }) => ({ what: goal, why: reason }))
  return { profile: profile.name, arch: run.arch, patch, toolchain: run.toolchain, goals, notRun, evidence }
}

/** Whether every goal that applies came to an end that is make's own; what a failed one takes with it is told by that one. */
function isComplete({ before, after }: SeriesRuns): boolean {
  const all = [...before, ...after.flatMap(({ runs }) => runs)]
  const isOpen = ({ kind }: GoalNotRun): boolean => kind === 'missing'
  const isUnjudged = all.some(
    ({ goals, notRun }) => notRun.some(isOpen) || goals.some(({ status }) => status !== 'ok' && status !== 'failed'),
  )
  return !isUnjudged && all.some(({ goals }) => goals.length > 0)
}
