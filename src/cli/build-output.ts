import type { ArchRun, GoalRun, SeriesRuns } from '../build/goal-run.ts'
import { renderFindings } from '../outlets/terminal.ts'
import type { Placed } from '../review/finding.ts'
import { printable } from '../review/printable.ts'
import { exitCodes, type ExitCode } from './exit.ts'

/** What was built of one series, or of a commit alone. */
export type BuildReport = {
  /** What is built upon: a commit's id. */
  readonly base: string
  /** Titles of patches, by index. */
  readonly titles: ReadonlyMap<number, string>
  readonly runs: SeriesRuns
  /** What the builds after patches say that none before said. */
  readonly findings: readonly Placed[]
  /** How builds were limited here. */
  readonly sandbox: string
}

/** Lines of a log that are shown below a goal that failed. */
const shownLines = 12

/** The runs for people: a line an architecture, the end of the log of what failed, and what it means for the patches. */
export function renderBuilds(
  { base, titles, runs, findings, sandbox }: BuildReport,
  look: { readonly colour: boolean },
): string {
  const before = `base ${base.slice(0, 12)}, profile ${runs.profile}; ${sandbox}\n${runs.before.map(renderArch).join('')}`
  const after = runs.after.map(
    ({ patch, runs: arches }) =>
      `patch ${patch}: ${printable(titles.get(patch) ?? '')}\n${arches.map(renderArch).join('')}`,
  )
  const told = findings.length === 0 ? [] : ['\n', renderFindings(findings, look)]
  return [before, ...after, ...told].join('')
}

function renderArch({ arch, toolchain, goals, notRun }: ArchRun): string {
  const told = goals.map(
    ({ goal, status, seconds }) =>
      `${goal} ${status === 'ok' ? '' : `${status.toUpperCase()} `}${seconds.toFixed(1)} s`,
  )
  const first = `  ${arch.padEnd(8)} ${told.length === 0 ? 'not built' : told.join(', ')}${toolchain === null ? '' : `  (${toolchain})`}\n`
  const failed = goals.filter(({ status }) => status !== 'ok').map(renderFailure)
  const reasons = [...new Set(notRun.map(({ reason }) => reason))]
  const skipped = reasons.map((reason) => {
    const names = notRun.filter((each) => each.reason === reason).map(({ goal }) => goal)
    return `           not run: ${names.join(', ')}: ${reason}\n`
  })
  return [first, ...failed, ...skipped].join('')
}

function renderFailure({ goal, command, exitCode, reason, log }: GoalRun): string {
  const why = reason ?? `status ${exitCode ?? 'unknown'}`
  const lines = log.text.trimEnd().split('\n').slice(-shownLines)
  return [
    `           ${goal}: ${why}: ${command.join(' ')}`,
    ...lines.map((line) => `           | ${printable(line)}`),
    '',
  ].join('\n')
}

/** Characters of a log's end that the JSON has; all of it goes to --out. */
const tailLength = 4000

/** The same for programs: the runs as they are, with the end of each log. */
export function buildsJson({ base, titles, runs, findings, sandbox }: BuildReport): object {
  const shorten = (run: ArchRun): object => ({
    ...run,
    goals: run.goals.map(({ log, ...goal }) => ({
      ...goal,
      log: { tail: log.text.slice(-tailLength), droppedBytes: log.droppedBytes },
    })),
  })
  return {
    base,
    sandbox,
    profile: runs.profile,
    findings,
    before: runs.before.map(shorten),
    after: runs.after.map(({ patch, runs: arches }) => ({
      patch,
      title: titles.get(patch) ?? null,
      runs: arches.map(shorten),
    })),
  }
}

/** Findings win over what could not be judged: a goal that fails after a patch and not before it, or in a base alone. */
export function exitOfBuilds(runs: SeriesRuns): ExitCode {
  if (hasFailure(runs)) return exitCodes.findings
  const all = [...runs.before, ...runs.after.flatMap(({ runs: arches }) => arches)]
  const isUnjudged = all.some(
    ({ goals, notRun }) =>
      goals.some(({ status }) => status !== 'ok' && status !== 'failed') ||
      notRun.some(({ kind }) => kind === 'missing'),
  )
  const isNothing = all.every(({ goals }) => goals.length === 0)
  return isUnjudged || isNothing ? exitCodes.notJudged : exitCodes.clean
}

function hasFailure({ before, after }: SeriesRuns): boolean {
  const failed = (runs: readonly ArchRun[]): readonly string[] =>
    runs.flatMap(({ arch, goals }) =>
      goals.flatMap(({ goal, status }) => (status === 'failed' ? [`${arch} ${goal}`] : [])),
    )
  const old = failed(before)
  return after.length === 0
    ? old.length > 0
    : after.some(({ runs }) => failed(runs).some((name) => !old.includes(name)))
}
