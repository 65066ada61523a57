import { patchTextPath, type Finding, type LocatedRelated, type Place, type Severity } from '../review/finding.ts'
import { printable } from '../review/printable.ts'
import type { Review } from '../review/review.ts'

/** How text looks: with ANSI colours or without. Whether to colour is decided by who owns the terminal. */
export type Look = { readonly colour: boolean }

type Paint = (style: Style, text: string) => string
type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'green'

/** Select Graphic Rendition parameters, ECMA-48 8.3.117. */
const codes: Record<Style, string> = { bold: '1', dim: '2', red: '1;31', yellow: '1;33', cyan: '1;36', green: '1;32' }
const severityStyle: Record<Severity, Style> = { error: 'red', warning: 'yellow', info: 'cyan' }

const tabWidth = 8

function paintWith({ colour }: Look): Paint {
  return (style, text) => (colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
}

/** A review for a person at a terminal: each finding with its line and a caret, what was not judged, and a count. */
export function renderReview(review: Review, look: Look): string {
  const paint = paintWith(look)
  const blocks = groupByPatch(review.findings).map(([patch, findings]) => {
    const title = review.series.patches.find(({ index }) => index === patch)?.title
    const heading = title === undefined ? '' : `${paint('bold', printable(`patch ${patch ?? ''}: ${title}`))}\n\n`
    return heading + renderFindings(findings, look)
  })
  const notes = review.notRun.map(
    ({ what, why }) => `${paint('yellow', 'not judged')}: ${printable(`${what}: ${why}`)}\n`,
  )
  return [...blocks, notes.join(''), `${summarise(review.findings)}\n`].filter((text) => text !== '').join('\n')
}

function groupByPatch(findings: readonly Finding[]): [number | null, readonly Finding[]][] {
  return [...Map.groupBy(findings, ({ patch }) => patch)]
}

/** Findings one after the other, with a blank line between them. */
export function renderFindings(findings: readonly Finding[], look: Look): string {
  return findings.map((finding) => renderFinding(finding, look)).join('\n')
}

/** `2 errors, 1 warning`, or `no findings`. */
export function summarise(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    if (count === 0) return []
    return `${count} ${severity === 'info' ? 'remark' : severity}${count === 1 ? '' : 's'}`
  })
  return counts.length === 0 ? 'no findings' : counts.join(', ')
}

/** One finding, as rustc and actionlint show theirs; ends in a newline. */
export function renderFinding(finding: Finding, look: Look): string {
  const paint = paintWith(look)
  const severity = paint(severityStyle[finding.severity], `${finding.severity}:`)
  const head = `${paint('bold', `${locationOf(finding)}:`)} ${severity} ${paint('bold', printable(finding.message))} ${paint('dim', `[${finding.rule}]`)}`
  const when = finding.when === undefined ? [] : [`when ${finding.when}`]
  const notes = [...when, ...(finding.evidence ?? [])].map((note) => `  ${paint('dim', '=')} ${printable(note)}`)
  const related = (finding.related ?? []).map((each) => renderRelated(each, paint))
  const help = finding.suggestion ? [`  ${paint('green', 'help:')} ${printable(finding.suggestion.message)}`] : []
  return `${[head, ...excerpt(finding, paint), ...notes, ...related, ...help].join('\n')}\n`
}

function renderRelated(related: LocatedRelated, paint: Paint): string {
  return [
    `  ${paint('cyan', 'note:')} ${locationOf(related)}: ${printable(related.message)}`,
    ...excerpt(related, paint),
  ].join('\n')
}

/** `path:line:column`, or `patch:line` for a place in the patch's own text. */
export function locationOf(place: Place): string {
  if (place.path === patchTextPath) return `patch:${place.line}`
  return `${printable(place.path)}:${place.line}:${place.column}`
}

/** The line with its number, and carets under the place: ` 12 | obj-y += gate.o`. */
function excerpt(place: Place, paint: Paint): string[] {
  const number = String(place.line)
  const gutter = ' '.repeat(number.length)
  const end = place.endLine > place.line ? place.source.length + 1 : place.endColumn
  const before = expandTabs(printable(place.source.slice(0, place.column - 1)), 0)
  const width = widthOf(before)
  const pointed = expandTabs(printable(place.source.slice(place.column - 1, end - 1)), width)
  const rest = expandTabs(printable(place.source.slice(end - 1)), width + widthOf(pointed))
  const carets = '^'.repeat(Math.max(1, widthOf(pointed)))
  return [
    ` ${paint('dim', `${number} |`)} ${`${before}${pointed}${rest}`.trimEnd()}`,
    ` ${gutter} ${paint('dim', '|')} ${' '.repeat(width)}${paint('red', carets)}`,
  ]
}

/** Tabs made blanks, for a text that begins in the column `from` (0-based). */
function expandTabs(text: string, from: number): string {
  let column = from
  let result = ''
  for (const character of text) {
    const piece = character === '\t' ? ' '.repeat(tabWidth - (column % tabWidth)) : character
    result += piece
    column += widthOf(piece)
  }
  return result
}

/** Columns of a terminal that a text takes: two for wide characters (East Asian, emoji), none for combining marks. */
function widthOf(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mn}|\p{Me}/u.test(character)) continue
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}
