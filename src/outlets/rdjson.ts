import { patchTextPath, type Finding, type LocatedSuggestion, type Place, type Severity } from '../review/finding.ts'
import { printable } from '../review/printable.ts'

/** `Severity` of reviewdog's proto/rdf/reviewdog.proto. */
const severities: Record<Severity, string> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' }

/**
 * Findings in the Reviewdog Diagnostic Format, as `reviewdog -f=rdjson` reads it: one document, paths relative to the top of the tree.
 * Lines and columns are 1-based, ends exclusive, columns counted in bytes of UTF-8. Ends in a newline.
 */
export function renderRdjson(findings: readonly Finding[]): string {
  const result = { source: { name: 'kbuild-review' }, diagnostics: findings.map(diagnostic) }
  return `${JSON.stringify(result, null, 2)}\n`
}

function diagnostic(finding: Finding): object {
  const { message, evidence = [], severity, rule, path, suggestion } = finding
  return {
    message: [message, ...evidence].map(printable).join('\n'),
    // What is wrong with the log of a patch is at no place of the tree.
    ...(path !== patchTextPath && { location: { path, range: rangeOf(finding) } }),
    severity: severities[severity],
    code: { value: rule },
    ...(suggestion && suggestionsOf(suggestion, path)),
  }
}

/** A suggestion is for the file of its diagnostic; one that reaches into another file is left to its message. */
function suggestionsOf({ message, edits }: LocatedSuggestion, path: string): object {
  if (edits.length === 0 || edits.some((edit) => edit.path !== path)) return { original_output: printable(message) }
  return { suggestions: edits.map((edit) => ({ range: rangeOf(edit), text: edit.text })) }
}

function rangeOf(place: Place): object {
  const { line, column, endLine, endColumn } = place
  const end = endLine === line ? byteColumn(place, endColumn) : endColumn
  return { start: { line, column: byteColumn(place, column) }, end: { line: endLine, column: end } }
}

/**
 * A column of the place's first line, counted in bytes. The text of a later line is not at hand: there the column stays as it is,
 * which is right for all but lines that have more than ASCII.
 */
function byteColumn({ source }: Place, column: number): number {
  return Buffer.byteLength(source.slice(0, column - 1), 'utf8') + 1
}
