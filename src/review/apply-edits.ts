import type { Span } from '../text/span.ts'

/** A replacement in one file. */
export type Edit = { readonly at: Span; readonly text: string }

/** Edits in the order of the text; null where two of them touch the same characters, or are at one place. */
export function inOrder<E extends Edit>(edits: readonly E[]): readonly E[] | null {
  const sorted = edits.toSorted((a, b) => a.at.start - b.at.start || a.at.end - b.at.end)
  const clashes = sorted.some(({ at }, index) => {
    const above = sorted[index - 1]?.at
    return above !== undefined && (at.start < above.end || at.start === above.start)
  })
  return clashes ? null : sorted
}

/** A text with the edits of its file made; null where they clash. */
export function applyEdits(text: string, edits: readonly Edit[]): string | null {
  const sorted = inOrder(edits)
  if (sorted === null) return null
  let at = 0
  const parts: string[] = []
  for (const edit of sorted) {
    parts.push(text.slice(at, edit.at.start), edit.text)
    at = edit.at.end
  }
  return [...parts, text.slice(at)].join('')
}

/**
 * The edits that mend what findings suggest, by file. Where those of two findings clash the first wins; the other is left
 * out whole, since a half suggestion mends nothing.
 */
export function suggestedEdits(
  findings: readonly { readonly suggestion?: { readonly edits: readonly Edit[] } }[],
): ReadonlyMap<string, readonly Edit[]> {
  const chosen = new Map<string, readonly Edit[]>()
  for (const { suggestion } of findings) {
    const wanted = Map.groupBy(suggestion?.edits ?? [], ({ at }) => at.file)
    const together = [...wanted].map(([file, edits]) => [file, [...(chosen.get(file) ?? []), ...edits]] as const)
    if (together.some(([, edits]) => inOrder(edits) === null)) continue
    for (const [file, edits] of together) chosen.set(file, edits)
  }
  return chosen
}
