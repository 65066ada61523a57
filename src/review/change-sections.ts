import { printable } from './printable.ts'
import type { BuildChanges } from './changes.ts'
import type { Review } from './review.ts'

/** What is told of some patches: `What this patch changes in the build (x86_64)`, and at most 15 lines. */
export type ChangeSection = { readonly title: string; readonly lines: readonly string[] }

/** Lines of a section, its title not counted. */
const maxLines = 15

/**
 * What a review tells of the build: of the series as a whole, or where that is not known of each patch. Empty where nothing
 * changes, and where nobody knows.
 */
export function changeSections({ series, changes: { patches, whole } }: Review): readonly ChangeSection[] {
  const isSingle = series.expected === 1
  if (whole !== null) return sectionOf(isSingle ? 'this patch' : 'this series', whole)
  return patches.flatMap((each) => sectionOf(isSingle ? 'this patch' : `patch ${each.patch}`, each))
}

/** What a reply to one patch tells of it. */
export function patchSection({ changes: { patches } }: Review, patch: number): readonly ChangeSection[] {
  const changes = patches.find((each) => each.patch === patch)
  return changes === undefined ? [] : sectionOf('this patch', changes)
}

/** What a summary tells of the series as a whole. */
export function wholeSection({ changes: { whole } }: Review): readonly ChangeSection[] {
  return whole === null ? [] : sectionOf('this series', whole)
}

/** Lines that hold for other architectures than the first follow behind the name of these. */
function sectionOf(what: string, { changes: [first, ...others] }: BuildChanges): readonly ChangeSection[] {
  if (first === undefined) return []
  const lines = [...first.lines, ...others.flatMap((each) => [`for ${each.archs.join(' and ')}:`, ...each.lines])].map(
    printable,
  )
  const told = lines.length <= maxLines ? lines : [...lines.slice(0, maxLines - 1), andMore]
  return [{ title: `What ${what} changes in the build (${first.archs.join(', ')})`, lines: told }]
}

/** Behind lines of which some are left out. */
export const andMore = '... and more'
