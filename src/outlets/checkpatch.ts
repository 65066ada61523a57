import { buildPath, patchTextPath, type Finding, type Placed, type Severity } from '../review/finding.ts'
import { printable } from '../review/printable.ts'
import type { Review } from '../review/review.ts'

/** checkpatch.pl has three levels: ERROR, WARNING and CHECK. */
const levels: Record<Severity, string> = { error: 'ERROR', warning: 'WARNING', info: 'CHECK' }

/**
 * Findings as scripts/checkpatch.pl --show-types prints them, for editors and scripts that read that: level, type and
 * message; the line of the mail, the file and its line; the line itself; a blank line. A line of totals ends it.
 */
export function renderCheckpatch(review: Review): string {
  const blocks = review.findings.map((finding) => `${blockOf(finding)}\n`)
  return blocks.join('') + totals(review.findings, linesOf(review))
}

/** Findings of a lint as scripts/checkpatch.pl --file --terse --show-types prints them, a line each. */
export function renderCheckpatchLint(findings: readonly Finding[]): string {
  return findings.map((finding) => `${whereOf(finding)}: ${headOf(finding)}\n`).join('')
}

function headOf({ severity, rule, message }: Finding): string {
  return `${levels[severity]}:${rule.toUpperCase().replaceAll('-', '_')}: ${printable(message)}`
}

function whereOf({ path, line }: Finding): string {
  if (path === buildPath) return 'build'
  return path === patchTextPath ? `patch:${line}` : `${printable(path)}:${line}`
}

function blockOf(finding: Placed): string {
  const { placement, path, source } = finding
  const mail = placement.kind === 'summary' ? '' : `#${placement.mailLine}: `
  const file = path === patchTextPath ? '' : `FILE: ${whereOf(finding)}:`
  const place = `${mail}${file}`.trimEnd()
  const sign = placement.kind === 'line' && path !== patchTextPath ? '+' : path === patchTextPath ? '' : ' '
  return `${headOf(finding)}\n${place === '' ? '' : `${place}\n`}${sign}${printable(source)}\n`
}

function linesOf({ series }: Review): number {
  return series.patches.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0)
}

function totals(findings: readonly Finding[], lines: number): string {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length
  return `total: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} checks, ${lines} lines checked\n`
}
