import { buildPath, patchTextPath, type Finding, type Place, type Severity, type Unsure } from '../review/finding.ts'
import { changeSections } from '../review/change-sections.ts'
import { printable } from '../review/printable.ts'
import type { Review } from '../review/review.ts'
import type { Suppressed } from '../review/suppression.ts'
import { applicationLines } from './application-lines.ts'
import { excerptOf } from './excerpt.ts'

/** How text looks: with ANSI colours or without. Whether to colour is decided by who owns the terminal. */
export type Look = { readonly colour: boolean }

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green'
type Paint = (style: Style, text: string) => string

/** Select Graphic Rendition parameters, ECMA-48 §8.3.117. */
const codes: Record<Style, string> = { bold: '1', dim: '2', red: '1;31', yellow: '1;33', cyan: '1;36', green: '1;32' }
const severityStyle: Record<Severity, Style> = { error: 'red', warning: 'yellow', info: 'cyan' }

function paintWith({ colour }: Look): Paint {
  return (style, text) => (colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
}

/**
 * A review for a person at a terminal: what it is of, each finding with its line and a caret, what changes in the build, what was
 * not judged, a count.
 */
export function renderReview(review: Review, look: Look): string {
  const paint = paintWith(look)
  const [title = '', ...further] = applicationLines(review.series, review.application).map(printable)
  const header = [paint('bold', title), ...further.map((line) => paint('dim', line)), ''].join('\n')
  const blocks = [...Map.groupBy(review.findings, ({ patch }) => patch)].map(([index, findings]) => {
    const patch = review.series.patches.length > 1 && review.series.patches.find((each) => each.index === index)
    const heading = patch ? `${paint('bold', printable(`patch ${patch.index}: ${patch.title}`))}\n\n` : ''
    return heading + renderFindings(findings, look)
  })
  const changes = changeSections(review).map(
    ({ title, lines }) => `${paint('bold', `${title}:`)}\n${lines.map((line) => `  ${line}\n`).join('')}`,
  )
  const skipped = review.notRun.map(
    ({ what, why }) => `${paint('yellow', 'not judged:')} ${printable(`${what}: ${why}`)}\n`,
  )
  const judgedInPart = review.notRun.length > 0 && review.findings.length === 0
  const count = judgedInPart ? 'no findings in what was judged\n' : `${summarise(review.findings)}\n`
  return [header, ...blocks, ...changes, ...(skipped.length > 0 ? [skipped.join('')] : []), count].join('\n')
}

/** Findings one after the other, with a blank line between them. */
export function renderFindings(findings: readonly Finding[], look: Look): string {
  return findings.map((finding) => renderFinding(finding, look)).join('\n')
}

/** What rules could not decide, a line each: for --explain. */
export function renderUnsure(unsure: readonly Unsure[], look: Look): string {
  const paint = paintWith(look)
  return unsure
    .map((each) => {
      const where = paint('bold', `${locationOf(each)}:`)
      return `${where} undecided: ${printable(each.because)} ${paint('dim', `[${each.rule}]`)}\n`
    })
    .join('')
}

/** What is not told because a comment or the configuration says so, a line each: for --explain. */
export function renderSuppressed(suppressed: readonly Suppressed[], look: Look): string {
  const paint = paintWith(look)
  return suppressed
    .map(({ finding, by }) => {
      const why = by.kind === 'comment' ? `a comment says: ${by.reason}` : 'the configuration says so'
      const where = paint('bold', `${locationOf(finding)}:`)
      return `${where} not told: ${printable(`${finding.message} (${why})`)} ${paint('dim', `[${finding.rule}]`)}\n`
    })
    .join('')
}

/** `2 errors, 1 warning`, or `no findings`. */
export function summarise(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    const name = severity === 'info' ? 'remark' : severity
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`]
  })
  return counts.length === 0 ? 'no findings' : counts.join(', ')
}

/** One finding, as rustc and actionlint show theirs; ends in a newline. */
export function renderFinding(finding: Finding, look: Look): string {
  const paint = paintWith(look)
  const head = [
    paint('bold', `${locationOf(finding)}:`),
    paint(severityStyle[finding.severity], `${finding.severity}:`),
    paint('bold', printable(finding.message)),
    paint('dim', `[${finding.rule}]`),
  ].join(' ')
  const when = finding.when === undefined ? [] : [`when ${finding.when}`]
  const notes = [...when, ...(finding.evidence ?? [])].map((note) => `  ${paint('dim', '=')} ${printable(note)}`)
  const related = (finding.related ?? []).flatMap((each) => [
    `  ${paint('cyan', 'note:')} ${locationOf(each)}: ${printable(each.message)}`,
    ...paintedExcerpt(each, paint),
  ])
  const help = finding.suggestion ? [`  ${paint('green', 'help:')} ${printable(finding.suggestion.message)}`] : []
  return `${[head, ...paintedExcerpt(finding, paint), ...notes, ...related, ...help].join('\n')}\n`
}

/** `path:line:column`, or `patch:line` for a place in the patch's own text. */
export function locationOf(place: Omit<Place, 'source'>): string {
  if (place.path === patchTextPath) return `patch:${place.line}`
  if (place.path === buildPath) return 'build'
  return `${printable(place.path)}:${place.line}:${place.column}`
}

/** The line with its number, and carets under the place: ` 12 | obj-y += gate.o`. */
function paintedExcerpt(place: Place, paint: Paint): string[] {
  if (place.path === buildPath) return []
  const number = String(place.line)
  const { text, indent, width } = excerptOf(place)
  return [
    ` ${paint('dim', `${number} |`)} ${text}`.trimEnd(),
    ` ${' '.repeat(number.length)} ${paint('dim', '|')} ${' '.repeat(indent)}${paint('red', '^'.repeat(width))}`,
  ]
}
