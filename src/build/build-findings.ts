import type { Finding, Located, Place, Related, Severity } from '../review/finding.ts'
import { buildPath, patchTextPath } from '../review/finding.ts'
import { toFinding } from '../review/ledger.ts'
import { createLocator, locateReport, type Locator } from '../review/locate.ts'
import type { Step } from '../review/step.ts'
import { indexLines, lineRange } from '../text/line-index.ts'
import type { Span } from '../text/span.ts'
import type { Blame } from './blame.ts'
import type { Cause, Fresh } from './build-causes.ts'
import type { Diagnostic, LogPlace } from './diagnostic.ts'
import { shortenPaths } from './log-paths.ts'

/** The names under which findings of builds are told; what only a later patch mends is told as the rule of static findings tells it. */
export const buildRules = {
  error: 'build-error',
  warning: 'build-warning',
  test: 'build-test',
  bisect: 'pr-series-bisect',
} as const

/** How a cause is told. */
type Telling = {
  readonly step: Step
  /** Keys given so far, of which it makes one more. */
  readonly keys: Set<string>
  /** The patch that takes the cause away again; null where none does. */
  readonly goneIn: number | null
}

/** The finding of a cause, at the line of the patch that did it, else where the tool says, else at the build as a whole. */
export function tellCause(cause: Cause, { step, keys, goneIn }: Telling): Finding {
  const { diagnostic, blame } = cause.first
  const locator = createLocator([step.after, step.before], step.patch.text)
  const at = spanOf(blame, diagnostic, { step, locator })
  const message = messageOf(cause)
  const severity: Severity = goneIn === null ? diagnostic.severity : 'warning'
  const rule = goneIn === null ? ruleOf(diagnostic) : buildRules.bisect
  const report = {
    message: goneIn === null ? message : `only patch ${goneIn} of the series mends this: ${message}`,
    severity,
    evidence: evidenceOf(cause),
  }
  const identity = goneIn === null ? cause.subject : `${ruleOf(diagnostic)} ${cause.subject}`
  const located: Located =
    at === null
      ? { ...report, ...nowhere, rule, severity }
      : locateReport({ ...report, at, related: relatedOf(cause, step, at) }, { id: rule, severity }, locator)
  return toFinding({ finding: { ...located, identity }, ordinal: 0 }, step.patch.index, keys)
}

/** The place of what is told of a build as a whole. */
const nowhere: Place & { readonly at: Span } = {
  at: { file: buildPath, start: 0, end: 0 },
  path: buildPath,
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 1,
  source: '',
}

function ruleOf({ kind, severity }: Diagnostic): string {
  return kind === 'test' ? buildRules.test : severity === 'error' ? buildRules.error : buildRules.warning
}

type Where = { readonly step: Step; readonly locator: Locator }

function spanOf(blame: Blame | null, diagnostic: Diagnostic, { step, locator }: Where): Span | null {
  if (blame?.kind === 'patch-text') return lineSpan(patchTextPath, blame.line, null, step)
  if (blame) return lineSpan(blame.path, blame.line, blame.column, step)
  const own = diagnostic.place && inTree(diagnostic.place, step)
  const span = own && lineSpan(own.path, own.line ?? 1, own.column, step)
  return span ?? sourceSpan(diagnostic, step, locator)
}

/** The line of a text, from the word at a column on where one is given. */
function lineSpan(file: string, line: number, column: number | null, { patch, after, before }: Step): Span | null {
  const text = file === patchTextPath ? patch.text : (after.read(file) ?? before.read(file))
  const range = text === null ? null : lineRange(indexLines(text), line)
  if (text === null || range === null) return null
  const written = text.slice(range.start, range.end)
  const indent = written.length - written.trimStart().length
  const offset = column === null || column > written.length ? indent : column - 1
  const word = /^\w+/.exec(written.slice(offset))?.[0]
  const end = column === null || word === undefined ? range.end : range.start + offset + word.length
  return { file, start: range.start + offset, end: Math.max(end, range.start + offset) }
}

function inTree(place: LogPlace, { after }: Step): LogPlace | null {
  return place.root === 'source' && place.isPartial !== true && after.read(place.path) !== null ? place : null
}

/** The source of the object that it is about: where that names the symbol, else its start. */
function sourceSpan({ unit, subject }: Diagnostic, step: Step, locator: Locator): Span | null {
  const path =
    unit === null ? undefined : [`${unit}.c`, `${unit}.S`, `${unit}.rs`].find((each) => step.after.read(each) !== null)
  if (path === undefined) return null
  const { text } = { text: locator.text({ file: path, start: 0, end: 0 }) }
  const at = subject === null ? -1 : text.search(new RegExp(`(?<![\\w])${escape(subject)}(?![\\w])`))
  if (at !== -1 && subject !== null) return { file: path, start: at, end: at + subject.length }
  return { file: path, start: 0, end: Math.max(0, text.indexOf('\n')) }
}

function escape(text: string): string {
  return text.replaceAll(/[^\w]/g, String.raw`\$&`)
}

/** Places of the tree that the tool names besides: those of the same cause first, then the notes of all of them. */
function relatedOf({ first, all }: Cause, step: Step, at: Span): Related[] {
  const others = all
    .filter((each) => each !== first)
    .map(({ diagnostic }) => ({ place: diagnostic.place, message: told(diagnostic) }))
  const own = { place: first.diagnostic.place, message: told(first.diagnostic) }
  const notes = [first, ...all.filter((each) => each !== first)].flatMap(({ diagnostic }) => diagnostic.notes)
  const places = [...(first.blame ? [own] : []), ...others, ...notes]
  const found = new Map<string, Related>()
  for (const { place, message } of places) {
    const there = place && inTree(place, step)
    const span = there && lineSpan(there.path, there.line ?? 1, there.column, step)
    if (!span || (span.file === at.file && span.start === at.start)) continue
    found.set(`${span.file} ${span.start}`, { at: span, message })
    if (found.size === maxRelated) break
  }
  return [...found.values()]
}

const maxRelated = 6

/** What a tool said, with what asks for it and with backticks for its quotes. */
function told({ kind, tool, subject, unit, message, option }: Diagnostic): string {
  if (kind === 'undefined' && subject !== null && tool === 'modpost')
    return `nothing defines \`${subject}\`, which \`${unit ?? ''}.ko\` uses`
  if (kind === 'undefined' && subject !== null && tool === 'linker') return `nothing defines \`${subject}\``
  const text = message.replaceAll(/[`‘']([^'‘’`]{1,300})['’]/g, '`$1`').replaceAll(/"([^"]{1,300})"/g, '`$1`')
  const sentence = /^[A-Z][a-z]/.test(text) ? `${text.slice(0, 1).toLowerCase()}${text.slice(1)}` : text
  return option === null ? sentence : `${sentence} (${tool === 'compiler' ? `-W${option}` : option})`
}

function messageOf({ first, all }: Cause): string {
  const units = new Set(all.flatMap((each) => each.units))
  const more = units.size > 1 ? `, in ${units.size} objects` : ''
  return `${told(first.diagnostic)}${more}`
}

/** Lines of a log that are shown with a finding. */
const maxShown = 6

function evidenceOf({ first, all }: Cause): readonly string[] {
  const { diagnostic, run } = first
  const roots = [
    { directory: run.paths.output, root: 'output', at: '' },
    { directory: run.paths.source, root: 'source', at: '' },
  ] as const
  const shown = diagnostic.lines.slice(0, maxShown).map((line) => shortenPaths(line, roots))
  const [recipe] = diagnostic.failed
  return [
    `built ${listBuilds(all)}`,
    ...(diagnostic.command === null ? [] : [`printed by ${diagnostic.command}`]),
    ...shown,
    ...(diagnostic.lines.length > maxShown ? [`[ ${diagnostic.lines.length - maxShown} more lines ]`] : []),
    ...(recipe ? [`fails \`${recipe.target}\`: ${recipe.how}`] : []),
  ]
}

/** `modules for ppc64le, s390`, each goal once. */
function listBuilds(all: readonly Fresh[]): string {
  const goals = Map.groupBy(all, ({ run }) => run.goal)
  return [...goals]
    .map(([goal, runs]) => `${goal} for ${[...new Set(runs.map(({ run }) => run.arch))].sort().join(', ')}`)
    .join('; ')
}
