import type { Blame } from './blame.ts'
import type { Counted } from './compare-diagnostics.ts'
import type { DiagnosticTool } from './diagnostic.ts'
import type { GoalRun } from './goal-run.ts'
import { firstQuoted } from './log-opening.ts'
import { maskMessage, maskName } from './mask-message.ts'

/** A diagnostic that a patch brought into one goal of one architecture. */
export type Fresh = Counted & { readonly run: GoalRun; readonly blame: Blame | null }

/** What has one cause, as far as can be told: it is one finding. */
export type Cause = {
  /** What it is about, without lines: the same in another run, and for another version of the patch. */
  readonly subject: string
  /** The one that says it best: whose line is known, else the first. */
  readonly first: Fresh
  readonly all: readonly Fresh[]
}

/**
 * Puts together what has one cause: a symbol, file or test that is missing, wherever it is; what is on one line of the patch; what one option
 * warns of, or what one message says, away from the patch. Errors that follow another of the same object fold into that one.
 */
export function groupCauses(fresh: readonly Fresh[]): readonly Cause[] {
  const leaders = findLeaders(fresh)
  const lost = lostNames(fresh)
  const groups = Map.groupBy(fresh, (each) => {
    const leader = leaders.get(unitKey(each))
    return keyOf(leader && isFollower(each) ? leader : each, lost)
  })
  return [...groups.values()].flatMap((unsorted) => {
    const all = unsorted.toSorted(byPlace)
    const leading = all.filter((each) => isLeader(each, leaders) && isWorst(each, all))
    const first = leading.find(({ blame }) => blame?.kind === 'line') ?? leading[0] ?? all[0]
    return first === undefined ? [] : [{ subject: subjectOf(first), first, all }]
  })
}

/** The tools that print errors after an error which those before it explain. */
const cascading: ReadonlySet<DiagnosticTool> = new Set<DiagnosticTool>([
  'compiler',
  'assembler',
  'sparse',
  'dtc',
  'kconfig',
  'shell',
])

function unitKey({ diagnostic, run }: Fresh): string {
  return JSON.stringify([run.arch, run.goal, diagnostic.tool, diagnostic.unit])
}

function isFollower({ diagnostic }: Fresh): boolean {
  return diagnostic.severity === 'error' && cascading.has(diagnostic.tool)
}

/** The first error of each object. */
function findLeaders(fresh: readonly Fresh[]): ReadonlyMap<string, Fresh> {
  const leaders = new Map<string, Fresh>()
  for (const each of fresh) {
    const known = leaders.get(unitKey(each))
    if (isFollower(each) && (known === undefined || each.diagnostic.logLine < known.diagnostic.logLine)) {
      leaders.set(unitKey(each), each)
    }
  }
  return leaders
}

/** Jobs that run side by side print in any order: the first is that of the first file. */
function byPlace(a: Fresh, b: Fresh): number {
  const [one, other] = [a.diagnostic.place, b.diagnostic.place]
  const [path, otherPath] = [one?.path ?? '', other?.path ?? '']
  return path === otherPath ? (one?.line ?? 0) - (other?.line ?? 0) : path < otherPath ? -1 : 1
}

function isWorst({ diagnostic }: Fresh, all: readonly Fresh[]): boolean {
  return diagnostic.severity === 'error' || all.every((each) => each.diagnostic.severity === 'warning')
}

function isLeader(each: Fresh, leaders: ReadonlyMap<string, Fresh>): boolean {
  return !isFollower(each) || leaders.get(unitKey(each)) === each
}

function subjectOf({ diagnostic: { tool, kind, severity, subject, option, message } }: Fresh): string {
  return JSON.stringify([tool, kind, severity, option, subject && maskName(subject), maskMessage(message)])
}

/** What those have in common that are one finding, within one run. */
function keyOf({ diagnostic, blame }: Fresh, lost: ReadonlySet<string>): string {
  const { kind, subject, tool, option, severity, message } = diagnostic
  if (kind === 'undefined' || kind === 'missing' || kind === 'test')
    return JSON.stringify([kind, subject && maskName(subject)])
  const named = firstQuoted(message)
  if (named !== null && lost.has(named)) return JSON.stringify(['undefined', named])
  if (blame?.kind === 'line') return JSON.stringify(['at', blame.path, blame.line, severity])
  if (option !== null) return JSON.stringify(['option', tool, severity, option])
  return JSON.stringify(['message', tool, severity, maskMessage(message)])
}

/** The names that nothing declares or defines: what a tool says of one of them otherwise, such as that it has no prototype, has the same cause. */
function lostNames(fresh: readonly Fresh[]): ReadonlySet<string> {
  return new Set(
    fresh.flatMap(({ diagnostic: { kind, subject } }) => (kind === 'undefined' && subject !== null ? [subject] : [])),
  )
}
