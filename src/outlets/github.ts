import type { ChangeSection } from '../review/change-sections.ts'
import { buildPath, patchTextPath, type Finding, type Severity } from '../review/finding.ts'
import { printable } from '../review/printable.ts'

/** `info` is GitHub's notice. */
const commands: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' }

/**
 * Findings, and what changes in the build, as workflow commands, a line each: `::error file=...,line=...,title=...::message`, which GitHub Actions turns into
 * annotations. Properties and message are escaped as actions/toolkit does (packages/core/src/command.ts).
 */
export function renderGithub(findings: readonly Finding[], sections: readonly ChangeSection[] = []): string {
  return [...findings.map(renderCommand), ...sections.map(renderSection)].map((command) => `${command}\n`).join('')
}

/** A notice that is at no line: GitHub shows it with the summary of the run. */
function renderSection({ title, lines }: ChangeSection): string {
  return `::notice title=${escapeProperty(printable(title))}::${escapeData(lines.join('\n'))}`
}

function renderCommand(finding: Finding): string {
  const properties = [...placeProperties(finding), `title=${escapeProperty(finding.rule)}`].join(',')
  const text = [finding.message, ...(finding.evidence ?? [])].map(printable).join('\n')
  return `::${commands[finding.severity]} ${properties}::${escapeData(text)}`
}

/** Columns are for places within a line; the last one is inclusive. */
function placeProperties({ path, line, column, endLine, endColumn }: Finding): string[] {
  if (path === patchTextPath || path === buildPath) return []
  const columns = line === endLine ? [`col=${column}`, `endColumn=${Math.max(column, endColumn - 1)}`] : []
  return [`file=${escapeProperty(path)}`, `line=${line}`, `endLine=${endLine}`, ...columns]
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
