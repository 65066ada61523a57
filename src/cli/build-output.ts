import type { ArchRun, GoalRun, SeriesRuns } from '../build/goal-run.ts'
import { renderFindings } from '../outlets/terminal.ts'
import type { BuildResult, SeriesBuilds } from '../review/build-result.ts'
import { printable } from '../review/printable.ts'
import { exitCodes, type ExitCode } from './exit.ts'

/** What was built of one series, or of a commit alone. */
export type BuildReport = {
  /** What is built upon: a commit's id. */
  readonly base: string
  /** Titles of patches, by index. */
  readonly titles: ReadonlyMap<number, string>
  readonly runs: SeriesRuns
  /** What the builds say: of the patches, and of what could not be judged. */
  readonly built: SeriesBuilds
  /** How builds were limited here. */
  readonly sandbox: string
}

/** Lines of a log that are shown below a goal that failed. */
const shownLines = 12

/** The runs for people: a line an architecture, the end of the log of what failed, and what it means for the patches. */
export function renderBuilds(
  { base, titles, runs, built, sandbox }: BuildReport,
  look: { readonly colour: boolean },
): string {
  const results = new Map(built.results.map((result) => [resultKey(result), result]))
  const render = (arches: readonly ArchRun[], patch: number | null): string =>
    arches.map((run) => renderArch(run, results.get(resultKey({ arch: run.arch, patch })))).join('')
  const before = `base ${base.slice(0, 12)}, profile ${runs.profile}; ${sandbox}\n${render(runs.before, null)}`
  const after = runs.after.map(
    ({ patch, runs: arches }) => `patch ${patch}: ${printable(titles.get(patch) ?? '')}\n${render(arches, patch)}`,
  )
  const told = built.findings.length === 0 ? [] : ['\n', renderFindings(built.findings, look)]
  const open = built.notRun.filter(({ what }) => !isToldAbove(what, runs))
  const skipped = open.map(({ what, why }) => printable(`not judged: ${what}: ${why}`) + '\n')
  return [before, ...after, ...told, ...(skipped.length > 0 ? ['\n', ...skipped] : [])].join('')
}

const resultKey = ({ arch, patch }: Pick<BuildResult, 'arch' | 'patch'>): string => `${patch ?? 'base'} ${arch}`

/** Goals that were not run stand below their architecture already. */
function isToldAbove(what: string, { before, after }: SeriesRuns): boolean {
  const all = [...before, ...after.flatMap(({ runs }) => runs)]
  return all.some(({ arch, notRun }) => notRun.some(({ goal }) => what.startsWith(`build of ${goal} for ${arch}`)))
}

function renderArch({ arch, toolchain, goals, notRun }: ArchRun, result: BuildResult | undefined): string {
  const told = goals.map(
    ({ goal, status, seconds }) =>
      `${goal} ${status === 'ok' ? '' : `${status.toUpperCase()} `}${seconds.toFixed(1)} s`,
  )
  const first = `  ${arch.padEnd(8)} ${told.length === 0 ? 'not built' : told.join(', ')}${toolchain === null ? '' : `  (${toolchain})`}\n`
  const tried = goals.flatMap(renderTests)
  const failed = goals.filter(({ status }) => status !== 'ok').map(renderFailure)
  const reasons = [...new Set(notRun.map(({ reason }) => reason))]
  const skipped = reasons.map((reason) => {
    const names = notRun.filter((each) => each.reason === reason).map(({ goal }) => goal)
    return `${printable(`           not run: ${names.join(', ')}: ${reason}`)}\n`
  })
  const evidence = (result?.evidence ?? []).map((line) => `           = ${printable(line)}\n`)
  return [first, ...tried, ...failed, ...skipped, ...evidence].join('')
}

/** What was tried in a kernel that was booted: how much of it passed, and each that did not. */
function renderTests({ goal, tests = [] }: GoalRun): readonly string[] {
  if (tests.length === 0) return []
  const passed = tests.filter(({ outcome }) => outcome === 'pass').length
  const others = tests.filter(({ outcome }) => outcome !== 'pass')
  return [
    `           ${goal}: ${passed} of ${tests.length} steps pass\n`,
    ...others.map(({ outcome, name, remark }) =>
      printable(
        `           ${outcome === 'skip' ? 'skipped' : 'FAILED'}: ${name}${remark === '' ? '' : `: ${remark}`}`,
      ).concat('\n'),
    ),
  ]
}

function renderFailure({ goal, command, exitCode, reason, log }: GoalRun): string {
  const why = reason ?? `status ${exitCode ?? 'unknown'}`
  const lines = log.text.trimEnd().split('\n').slice(-shownLines)
  return [
    printable(`           ${goal}: ${why}: ${command.join(' ')}`),
    ...lines.map((line) => `           | ${printable(line)}`),
    '',
  ].join('\n')
}

/** Characters of a log's end that the JSON has; all of it goes to --out. */
const tailLength = 4000

/** The same for programs: the runs as they are, with the end of each log, what each changed, and how a failure is seen again. */
export function buildsJson({ base, titles, runs, built, sandbox }: BuildReport): object {
  const results = new Map(built.results.map((result) => [resultKey(result), result]))
  const shorten = (run: ArchRun, patch: number | null): object => {
    const result = results.get(resultKey({ arch: run.arch, patch }))
    return {
      ...run,
      goals: run.goals.map(({ log, ...goal }, index) => ({
        ...goal,
        // They are the same for all, and stand in the script that does it again.
        files: undefined,
        reproduce: result?.goals[index]?.reproduce ?? null,
        log: { tail: log.text.slice(-tailLength), droppedBytes: log.droppedBytes },
      })),
      evidence: result?.evidence ?? [],
    }
  }
  return {
    base,
    sandbox,
    profile: runs.profile,
    findings: built.findings,
    notRun: built.notRun,
    before: runs.before.map((run) => shorten(run, null)),
    after: runs.after.map(({ patch, runs: arches }) => ({
      patch,
      title: titles.get(patch) ?? null,
      runs: arches.map((run) => shorten(run, patch)),
    })),
  }
}

/** What the runs alone say: a commit that does not build, and else whether all of it was judged. What patches do is told by findings. */
export function exitOfBuilds(runs: SeriesRuns, { isComplete }: SeriesBuilds): ExitCode {
  const isBroken = runs.before.some(({ goals }) => goals.some(({ status }) => status === 'failed'))
  if (runs.after.length === 0 && isBroken) return exitCodes.findings
  return isComplete ? exitCodes.clean : exitCodes.notJudged
}
