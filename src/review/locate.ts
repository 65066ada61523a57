import { indexLines, lineText, offsetToPosition, type LineIndex } from '../text/line-index.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import { patchTextPath, type Located, type Place, type Report, type Severity } from './finding.ts'

/** Finds places: the text of a file is read and cut into lines once. */
export type Locator = {
  /** Where a span is, in lines and columns. Throws where its file cannot be read: a rule's span is of a file it has read. */
  place(span: Span): Place
  /** The text of a span's file. */
  text(span: Span): string
}

/** Finds places in the given trees, the first that has the file, and in the text of the patch under `patchTextPath`. */
export function createLocator(trees: readonly Tree[], patchText: string | null): Locator {
  const known = new Map<string, LineIndex>()
  const read = (file: string): string | null => {
    if (file === patchTextPath) return patchText
    for (const tree of trees) {
      const text = tree.read(file)
      if (text !== null) return text
    }
    return null
  }
  const linesOf = (file: string): LineIndex => {
    const found = known.get(file)
    if (found) return found
    const text = read(file)
    if (text === null) throw new Error(`a place in ${file}, which cannot be read`)
    const lines = indexLines(text)
    known.set(file, lines)
    return lines
  }
  return { place: (span) => placeIn(linesOf(span.file), span), text: (span) => linesOf(span.file).text }
}

function placeIn(lines: LineIndex, span: Span): Place {
  const start = offsetToPosition(lines, span.start)
  const end = offsetToPosition(lines, Math.max(span.start, span.end))
  return {
    path: span.file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    source: lineText(lines, start.line) ?? '',
  }
}

/** A report with every place of it found. */
export function locateReport(
  report: Report,
  rule: { readonly id: string; readonly severity: Severity },
  locator: Locator,
): Located {
  const { related, suggestion, ...rest } = report
  return {
    ...rest,
    ...locator.place(report.at),
    rule: rule.id,
    severity: report.severity ?? rule.severity,
    ...(related && { related: related.map((each) => ({ ...each, ...locator.place(each.at) })) }),
    ...(suggestion && {
      suggestion: { ...suggestion, edits: suggestion.edits.map((each) => ({ ...each, ...locator.place(each.at) })) },
    }),
  }
}
