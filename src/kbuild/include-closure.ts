import { always } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Evaluation, Include } from '../make/evaluation.ts'
import type { Span } from '../text/span.ts'

/** A makefile that make reads on behalf of another. */
export type IncludedFile = {
  /** From the top of the tree; as it is spelled for one outside of the tree. */
  readonly path: string
  /** `missing`: not in the tree, such as a file that is generated; `outside`: out of the tree. */
  readonly there: 'read' | 'missing' | 'outside'
  readonly when: Cond
  /** The word of the `include` line; null for the makefile itself. */
  readonly origin: Span | null
  /** `-include`: make goes on where the file is missing. */
  readonly optional: boolean
}

/** A makefile and what it includes, in the order in which make reads them; each as often as it is included. */
export function filesOf(path: string, { includes }: Pick<Evaluation, 'includes'>): readonly IncludedFile[] {
  const own: IncludedFile = { path, there: 'read', when: always, origin: null, optional: false }
  return [own, ...includes.map(describe)]
}

function describe({ path, file, found, when, origin, optional }: Include): IncludedFile {
  const there = found ? 'read' : file === null ? 'outside' : 'missing'
  return { path: file ?? path, there, when, origin, optional }
}
