import { pathOf } from '../diff/file-diff.ts'
import { lineAtPatch } from '../diff/line-map.ts'
import type { Patch } from '../series/series.ts'
import { buildPath, lastLineOf, patchTextPath, type Place, type Placed } from './finding.ts'
import { printable } from './printable.ts'
import { maxQuoted } from './quote.ts'
import { cutLine, wrapProse } from './wrap-prose.ts'

/** Columns of our own prose: what stays below 80 when it is quoted a few times. */
export const proseWidth = 72

/** Of one finding no more evidence and related places than a reader takes in. */
const maxEvidence = 8
const maxRelated = 3
const maxMessage = 600

/** What a reply says of one finding, without blank lines around it. */
export function remarkLines(finding: Placed, patch: Patch): readonly string[] {
  const { evidence = [], related = [], suggestion, when } = finding
  const isQuoted = isQuotedThere(finding, patch)
  const isPlaced = !isQuoted && finding.path !== buildPath
  const where = isPlaced ? `${finding.path}:${finding.line}: ` : ''
  const more = evidence.length - maxEvidence
  return [
    ...prose(`${where}${finding.message} [${finding.rule}]`),
    ...(isPlaced ? [sourceLine(finding)] : []),
    ...(when === undefined ? [] : prose(`when ${when}`)),
    ...evidence.slice(0, maxEvidence).map(logLine),
    ...(more > 0 ? [logLine(`[ ${more} more ]`)] : []),
    ...related
      .slice(0, maxRelated)
      .flatMap((each) => [
        ...prose(`${each.path === patchTextPath ? 'this mail' : each.path}:${each.line}: ${each.message}`),
        sourceLine(each),
      ]),
    ...(suggestion ? ['', ...prose(`Suggestion: ${suggestion.message}`)] : []),
  ].map(harmless)
}

/** Whether a line of the finding is the one quoted above the remark. */
function isQuotedThere(finding: Placed, patch: Patch): boolean {
  const { placement, path, line } = finding
  if (placement.kind !== 'line') return false
  if (path === patchTextPath) return true
  const placed = lineAtPatch(patch.files, placement.mailLine)
  if (placed === null || pathOf(placed.file) !== path) return false
  const quoted = placed.line.newLine ?? placed.line.oldLine ?? 0
  return quoted >= line && quoted <= lastLineOf(finding)
}

/** Own prose, wrapped; what strangers wrote in it is made printable. */
export function prose(text: string): readonly string[] {
  return wrapProse(printable(cutLine(text, maxMessage)), proseWidth).map(harmless)
}

/** An entry of a list, wrapped between words, so that no path is broken: what follows its first line is indented further. */
export function listEntry(text: string): readonly string[] {
  const lines = wrapProse(printable(cutLine(text, maxMessage)), proseWidth - 4)
  return lines.map((line, at) => harmless(`${at === 0 ? '  ' : '    '}${line}`))
}

/** A line that is not ours, indented, made printable and cut, but never wrapped. */
export function logLine(text: string): string {
  return `  ${cutLine(printable(text), maxQuoted - 2)}`.trimEnd()
}

function sourceLine({ source }: Place): string {
  return `    ${cutLine(printable(source.trim()), maxQuoted - 4)}`.trimEnd()
}

/**
 * A line of our own that no program takes for more than prose: patchwork and git look for the start of a diff, b4 for
 * trailers (also behind blanks), mail programs for `From ` and the signature.
 */
function harmless(line: string): string {
  const looksLikeDiff = /^\s*(diff --git |--- |\+\+\+ |@@ |Index: |From |>|--\s*$|---\s*$)/.test(line)
  const looksLikeTrailer = /^\s*([\w-]{1,40}-(by|to|id)|cc|link|closes|fixes|from|subject|date|message-id):/i.test(line)
  return looksLikeDiff || looksLikeTrailer ? `| ${line.trimStart()}` : line
}
