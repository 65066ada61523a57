import { changedLines } from '../review/changed-lines.ts'
import { compareFindings } from '../review/compare-findings.ts'
import type { Placed, Skipped } from '../review/finding.ts'
import { placeFinding } from '../review/placement.ts'
import type { Step } from '../review/step.ts'
import { findBlame, type Suspect } from './blame.ts'
import { blamePrograms } from './brought-programs.ts'
import { groupCauses, type Cause, type Fresh } from './build-causes.ts'
import { tellCause } from './build-findings.ts'
import { carryOver, countDistinct, findFresh, looseKey, placeKey, unite, type Counted } from './compare-diagnostics.ts'
import type { Diagnostic, LogReading } from './diagnostic.ts'
import type { ArchRun, GoalRun, SeriesRuns } from './goal-run.ts'
import { kbuildTrees } from './log-paths.ts'
import { readBoot } from './read-boot.ts'
import { readLog } from './read-log.ts'

/** What builds before and after the patches of a series say of it. */
export type BuildJudgement = {
  /** One for each cause, at the patch that brought it. */
  readonly findings: readonly Placed[]
  /** What was not built, or says nothing, and why. */
  readonly notRun: readonly Skipped[]
}

/** A cause that a patch brought, until a later one takes it away. */
type Standing = { readonly cause: Cause; readonly step: Step; goneIn: number | null }

/** What each goal of an architecture said when it was last judged, as it would be said after the last patch. */
type Known = ReadonlyMap<string, readonly Counted[]>

type State = {
  /** By architecture. */
  readonly known: Map<string, Known>
  /** How each goal of each architecture ended last; those that could not be judged are left out. */
  readonly ends: Map<string, 'ok' | 'failed'>
  readonly standing: Standing[]
  readonly notRun: SkippedGoal[]
}

/** One goal after a patch, and what its log says. */
type Read = { readonly run: GoalRun; readonly reading: LogReading }

/**
 * Compares the builds of a series, patch by patch: what a patch's log says and no log before it said is its doing. What fails already before
 * the patch says nothing of it unless it stands on a line that it adds. An error that a later patch takes away is told as one of the order;
 * a warning that does is not told. `steps` are the patches that applied, in order.
 */
export function judgeBuilds(runs: SeriesRuns, steps: readonly Step[]): BuildJudgement {
  const state: State = { known: new Map(), ends: new Map(), standing: [], notRun: [] }
  const [first] = steps
  if (first === undefined) return { findings: [], notRun: [] }
  for (const arch of runs.before) readBase(arch, first, state)
  for (const { patch, runs: after } of runs.after) {
    const step = steps.find((each) => each.patch.index === patch)
    if (step) judgePatch(after, step, state)
  }
  const keys = new Set<string>()
  const told = state.standing.filter(({ cause, goneIn }) => goneIn === null || isBreaking(cause))
  const findings = told.map(({ cause, step, goneIn }) => {
    const finding = tellCause(cause, { step, keys, goneIn })
    return { ...finding, placement: placeFinding(finding, step.patch) }
  })
  return { findings: findings.sort(compareFindings), notRun: dropRepeated(state.notRun) }
}

function isBreaking({ first }: Cause): boolean {
  return first.diagnostic.severity === 'error'
}

/** What is said of a goal once: a goal that does not apply does so before and after each patch. */
function dropRepeated(skipped: readonly SkippedGoal[]): readonly Skipped[] {
  const groups = Map.groupBy(skipped, ({ goal, why }) => JSON.stringify([goal, why]))
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    return [{ what: `build of ${first.goal}${others.length > 0 ? '' : ` ${first.when}`}`, why: first.why }]
  })
}

const idOf = ({ arch, goal }: { readonly arch: string; readonly goal: string }): string => `${arch} ${goal}`

function readBase(arch: ArchRun, { before }: Step, state: State): void {
  for (const { goal, reason } of arch.notRun)
    state.notRun.push(skip({ arch: arch.arch, goal }, 'before the series', reason))
  const readings = arch.goals.map((run) => ({ run, reading: readRun(run, before) }))
  state.known.set(arch.arch, countByGoal(readings))
  for (const { run, reading } of readings) {
    const isWhole = run.log.droppedBytes === 0 && !reading.isCut
    if (!isWhole) state.notRun.push(skip(run, 'before the series', 'its log is longer than is read'))
    else if (run.status === 'ok' || run.status === 'failed') state.ends.set(idOf(run), run.status)
    else state.notRun.push(skip(run, 'before the series', whyNot(run)))
  }
}

/** A goal may have several commands, as one that configures does. */
function countByGoal(readings: readonly Read[]): Known {
  const goals = Map.groupBy(readings, ({ run }) => run.goal)
  return mapValues(goals, (all) => countDistinct(all.flatMap(({ reading }) => comparable(reading))))
}

function mapValues<T>(map: ReadonlyMap<string, T>, change: (value: T, key: string) => readonly Counted[]): Known {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]))
}

/** A goal that was not judged at one of the trees. */
type SkippedGoal = { readonly goal: string; readonly when: string; readonly why: string }

function skip(run: { readonly arch: string; readonly goal: string }, when: string, why: string): SkippedGoal {
  return { goal: `${run.goal} for ${run.arch}`, when, why }
}

function whyNot(run: GoalRun): string {
  return run.reason ?? `it ended as ${run.status}`
}

function readRun(run: GoalRun, tree: Step['after']): LogReading {
  const hasFile = (path: string): boolean => tree.blob(path) !== null
  if (run.tests !== undefined) return readBoot(run.log.text, run.tests)
  return readLog([run.log.text], kbuildTrees(run.paths, run.directory, hasFile))
}

function readAfter(run: GoalRun, step: Step): LogReading {
  const reading = readRun(run, step.after)
  return { ...reading, diagnostics: blamePrograms(reading.diagnostics, step) }
}

/** What may be compared: not what the machine did, nor symbols of which modpost cannot know whether they are defined. */
function comparable({ diagnostics, areSymbolsUnknown }: LogReading): readonly Diagnostic[] {
  return diagnostics.filter(
    ({ kind, tool }) => kind !== 'environment' && !(areSymbolsUnknown && tool === 'modpost' && kind === 'undefined'),
  )
}

function judgePatch(after: readonly ArchRun[], step: Step, state: State): void {
  const { files, index } = step.patch
  const suspect: Suspect = { files, changes: changedLines(files), after: step.after }
  const when = `after patch ${index}`
  const carry = (known: readonly Counted[]): readonly Counted[] => carryOver(known, files)
  for (const [arch, goals] of state.known) state.known.set(arch, mapValues(goals, carry))
  const fresh: Fresh[] = []
  const read: Read[] = []
  for (const arch of after) {
    for (const { goal, reason } of arch.notRun) state.notRun.push(skip({ arch: arch.arch, goal }, when, reason))
    for (const run of arch.goals) {
      const reading = readAfter(run, step)
      const unjudged = whyUnjudged(run, reading, state)
      if (unjudged !== null) state.notRun.push(skip(run, when, unjudged))
      else {
        fresh.push(...freshOf({ run, reading }, suspect, state))
        read.push({ run, reading })
      }
    }
  }
  settle(read, index, state)
  for (const cause of groupCauses(fresh)) state.standing.push({ cause, step, goneIn: null })
  remember(read, state)
}

/** Why a run says nothing of the patch; null where it does. */
function whyUnjudged(run: GoalRun, reading: LogReading, { ends }: State): string | null {
  if (run.status !== 'ok' && run.status !== 'failed') return whyNot(run)
  if (!ends.has(idOf(run))) return 'there is no build of it before the series to compare it with'
  if (run.status === 'ok') return null
  const errors = reading.diagnostics.filter(({ severity }) => severity === 'error')
  const faults = errors.filter(({ kind }) => kind === 'environment')
  const [fault] = faults
  return fault && faults.length === errors.length ? `the machine is at fault: ${fault.message}` : null
}

function freshOf({ run, reading }: Read, suspect: Suspect, { known, ends, notRun }: State): readonly Fresh[] {
  const before = unite([...(known.get(run.arch)?.values() ?? [])])
  const counted = findFresh(before, countDistinct(comparable(reading)), suspect)
  const fresh = counted.map((each) => ({ ...each, run, blame: findBlame(each.diagnostic, suspect) }))
  if (ends.get(idOf(run)) === 'failed') {
    if (run.status === 'failed') notRun.push(skip(run, 'with the series', 'it fails already without this patch'))
    return fresh.filter(({ blame }) => blame !== null)
  }
  const isExplained = fresh.some(({ diagnostic }) => diagnostic.severity === 'error')
  return run.status === 'ok' || isExplained ? fresh : [...fresh, unexplained(run)]
}

/** A goal that fails without an error that is new: it is told with the end of its log. */
function unexplained(run: GoalRun): Fresh {
  const lines = run.log.text
    .slice(-maxTail)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const diagnostic: Diagnostic = {
    tool: 'make',
    kind: 'failure',
    severity: 'error',
    place: null,
    message: `${run.goal} fails with exit status ${run.exitCode ?? 'unknown'}`,
    option: null,
    subject: null,
    scope: null,
    unit: null,
    command: null,
    notes: [],
    lines: lines.slice(-maxTailLines),
    logLine: 1,
    failed: [],
  }
  return { diagnostic, deletedFrom: null, units: [], run, blame: null }
}

const maxTail = 4000
const maxTailLines = 6

/**
 * Books what this patch takes away again: a cause is gone where each build that had it went well or made its object without it. What is said of makefiles and
 * of the configuration has no object: there it must go well without saying it.
 */
function settle(read: readonly Read[], patch: number, { standing }: State): void {
  const goals = Map.groupBy(read, ({ run }) => idOf(run))
  const said = new Map(read.map((each) => [each, new Set(each.reading.diagnostics.map(looseKey))]))
  const isGone = ({ run, diagnostic }: Fresh): boolean => {
    const now = goals.get(idOf(run)) ?? []
    const key = looseKey(diagnostic)
    if (now.length === 0 || now.some((each) => said.get(each)?.has(key) === true)) return false
    const { severity, unit, tool } = diagnostic
    const isOfRun = severity === 'error' || tool === 'make' || tool === 'kconfig'
    if (isOfRun && now.every((each) => each.run.status === 'ok')) return true
    return unit !== null && now.some(({ reading }) => reading.made.has(unit))
  }
  for (const each of standing) if (each.goneIn === null && each.cause.all.every(isGone)) each.goneIn = patch
}

/**
 * Adds what was said to what is known. What a goal said before is dropped where it was said now if it still were: by this goal, of an object that was
 * made again, or of makefiles, which are read each time that it gets through. Of a goal that was not run or not judged all of it stays.
 */
function remember(read: readonly Read[], { known, ends }: State): void {
  for (const [arch, readings] of Map.groupBy(read, ({ run }) => run.arch)) {
    const before = known.get(arch)
    const goals = mapValues(countByGoal(readings), (now, goal) => {
      const isWhole = readings.every(({ run }) => run.goal !== goal || run.status === 'ok')
      const isSaidAgain = ({ unit, tool }: Diagnostic): boolean =>
        (tool === 'make' && isWhole) || (unit !== null && readings.some(({ reading }) => reading.made.has(unit)))
      const there = new Set(now.map(({ diagnostic }) => placeKey(diagnostic)))
      const kept = before?.get(goal)?.filter(({ diagnostic }) => !isSaidAgain(diagnostic)) ?? []
      return [...now, ...kept.filter(({ diagnostic }) => !there.has(placeKey(diagnostic)))]
    })
    known.set(arch, new Map([...(before ?? []), ...goals]))
  }
  for (const { run } of read) ends.set(idOf(run), run.status === 'ok' ? 'ok' : 'failed')
}
