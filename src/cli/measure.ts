import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import type { JudgedTable } from '../app/judged-table.ts'
import type { Finding } from '../review/finding.ts'
import { countJudged, readPrecision, withWindow, type Verdict } from '../review/precision.ts'
import { UsageError } from './exit.ts'

/** The flags with which a run over real patches, or a real tree, says how right the rules were. */
export type MeasureFlags = { readonly judged?: string; readonly precision?: string; readonly window?: string }

/** Adds them to a command. */
export function withMeasureOptions(command: Command, columns: string): Command {
  return command
    .addOption(new Option('--judged <file>', `a table of findings that were read: ${columns}`))
    .addOption(
      new Option('--precision <file>', 'with --judged, write what that comes to into this file (rules/precision.json)'),
    )
    .addOption(new Option('--window <name>', 'with --judged, what the file calls this run'))
}

/** Throws `UsageError` where one of the three is given without the others. */
export function requireMeasureFlags({ judged, precision, window }: MeasureFlags): void {
  const given = [judged, precision, window].filter((each) => each !== undefined)
  if (given.length % 3 !== 0) throw new UsageError('--judged, --precision and --window go together')
}

/** What a run was, and which of its findings the table names how. */
export type MeasuredRun = {
  readonly findings: readonly Pick<Finding, 'rule' | 'path' | 'line' | 'key'>[]
  readonly tree: string
  /** Set where the findings are of a tree, not of patches. */
  readonly of?: 'tree'
  /** Patches, or files, that were looked at. */
  readonly judged: number
  readonly readTable: (text: string, path: string) => JudgedTable
  readonly nameOf: (finding: Pick<Finding, 'rule' | 'path' | 'line' | 'key'>) => string
}

/** Writes what a run comes to where --judged asks for it; what comes back is a line for people, or null. */
export function writePrecision(flags: MeasureFlags, run: MeasuredRun): string | null {
  const { judged, precision, window } = flags
  if (judged === undefined || precision === undefined || window === undefined) return null
  const table = run.readTable(readGiven(judged), judged)
  if (table.kind === 'bad') throw new UsageError(table.problems.join('\n'))
  const verdictOf = (finding: MeasuredRun['findings'][number]): Verdict =>
    table.verdicts.get(run.nameOf(finding)) ?? 'unjudged'
  const rules = countJudged(run.findings.map((finding) => ({ ...finding, verdict: verdictOf(finding) })))
  const known = existsSync(precision) ? readPrecision(JSON.parse(readFileSync(precision, 'utf8'))) : empty
  writeFileSync(
    precision,
    withWindow(known, window, { ...(run.of && { of: run.of }), tree: run.tree, judged: run.judged, rules }),
  )
  const sum = (verdict: Verdict): number => Object.values(rules).reduce((total, each) => total + each[verdict], 0)
  return `${sum('true')} findings are true, ${sum('false')} false, ${sum('unjudged')} unread: \`${precision}\``
}

const empty = { schema: 1, windows: {} } as const

function readGiven(path: string): string {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file`)
  return readFileSync(path, 'utf8')
}
