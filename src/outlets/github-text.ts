import { changeSections } from '../review/change-sections.ts'
import { patchTextPath, type Placed } from '../review/finding.ts'
import type { Review } from '../review/review.ts'
import type { Series } from '../series/series.ts'
import { code, codeBlock, markdownLine } from './github-markdown.ts'
import { markerLine } from './github-marker.ts'

/** What a comment may have (GitHub refuses 65,537); a little less, since it counts characters in a way that it does not say. */
export const maxCommentLength = 65_000

const maxEvidence = 8

/** The comment that tells a finding at a line; `isOwn` where it is the finding's own line, so that the place need not be named. */
export function commentText(finding: Placed, series: Series, { isOwn }: { readonly isOwn: boolean }): string {
  const lines = [
    markerLine({ kind: 'finding', key: finding.key }),
    `**${finding.severity}**: ${isOwn ? '' : `${placeText(finding)}: `}${markdownLine(finding.message)} [${finding.rule}]`,
    '',
    ...detailLines(finding, series),
  ]
  return cut(lines.join('\n').trimEnd(), maxCommentLength)
}

/** What is told besides: in which commit, when, the evidence and what would mend it. */
function detailLines(finding: Placed, { patches }: Series): readonly string[] {
  const { evidence = [], suggestion, when } = finding
  const patch = patches.find(({ index }) => index === finding.patch)
  const more = evidence.length - maxEvidence
  return [
    ...(patches.length > 1 && patch ? [`Since ${patch.envelope.id}: ${markdownLine(patch.title)}`, ''] : []),
    ...(when === undefined ? [] : [`When ${code(when)}`, '']),
    ...(evidence.length === 0
      ? []
      : [...codeBlock([...evidence.slice(0, maxEvidence), ...(more > 0 ? [`[ ${more} more ]`] : [])]), '']),
    ...(suggestion ? [`Suggestion: ${markdownLine(suggestion.message)}`] : []),
  ]
}

function placeText({ path, line }: Placed): string {
  return path === patchTextPath ? 'the commit message' : code(`${path}:${line}`)
}

/** What the summary says besides the findings that stand on lines. */
export type Summary = {
  readonly review: Review
  /** Those that no comment on a line tells. */
  readonly findings: readonly Placed[]
  /** How many comments on lines tell one. */
  readonly commented: number
  /** What else is to be said, a line each: rules that somebody has called invalid. */
  readonly notes: readonly string[]
}

/** The one comment that is edited in place; null where there is nothing to say at all. */
export function summaryText(summary: Summary): string | null {
  const { review, findings, commented, notes } = summary
  const sections = changeSections(review)
  if (findings.length + commented + sections.length + notes.length + review.notRun.length === 0) return null
  const heading = `**${headline(review)}**${commented > 0 ? `, ${commented} told on their lines` : ''}`
  const entries = findings.map((finding) => entryText(finding, review.series))
  const rest = [
    ...sections.map(({ title, lines }) => [`#### ${markdownLine(title)}`, '', ...codeBlock(lines), ''].join('\n')),
    ...(review.notRun.length === 0
      ? []
      : [
          [
            '#### Not judged',
            '',
            ...review.notRun.map(({ what, why }) => `- ${markdownLine(`${what}: ${why}`)}`),
            '',
          ].join('\n'),
        ]),
    ...notes.map((note) => `${markdownLine(note)}\n`),
  ]
  const head = [markerLine({ kind: 'summary' }), heading, '', ''].join('\n')
  const tail = rest.join('\n')
  return cut(`${head}${fit(entries, maxCommentLength - head.length - tail.length)}${tail}`.trimEnd(), maxCommentLength)
}

/** `2 errors, 1 warning`, or what there is instead. */
export function headline({ findings, verdict }: Pick<Review, 'findings' | 'verdict'>): string {
  const count = (severity: Placed['severity'], one: string, many: string): string[] => {
    const { length } = findings.filter((finding) => finding.severity === severity)
    return length === 0 ? [] : [`${length} ${length === 1 ? one : many}`]
  }
  const counts = [
    ...count('error', 'error', 'errors'),
    ...count('warning', 'warning', 'warnings'),
    ...count('info', 'remark', 'remarks'),
  ]
  if (counts.length > 0) return counts.join(', ')
  return verdict === 'not-judged' ? 'not judged' : 'no findings'
}

function entryText(finding: Placed, series: Series): string {
  const details = detailLines(finding, series).map((line) => (line === '' ? '' : `  ${line}`))
  const head = `- **${finding.severity}** ${placeText(finding)}: ${markdownLine(finding.message)} [${finding.rule}]`
  return [head, ...(details.length > 0 ? ['', ...details] : []), ''].join('\n')
}

/** As many entries as there is room for, and how many are left out. */
function fit(entries: readonly string[], room: number): string {
  let text = ''
  for (const [at, entry] of entries.entries()) {
    const more = `- ${entries.length - at} more\n\n`
    if (text.length + entry.length + 1 + more.length > room) return `${text}${more}`
    text += `${entry}\n`
  }
  return text
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 4).toWellFormed()}\n...`
}
