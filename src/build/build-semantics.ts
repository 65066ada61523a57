import { createIgnoreMatcher } from '../review/gitignore.ts'
import type { Tree } from '../text/tree.ts'
import type { LogReading } from './diagnostic.ts'

/**
 * What a build must do besides succeeding, each a check that a profile turns on:
 * `second-make`: make again, with nothing changed, makes nothing.
 * `parallel`: `-j1` and `-j` make the same.
 * `source-clean`: with `O=` the source tree stays as it was.
 * `clean`: `make clean` leaves nothing that git does not ignore.
 * `touch`: what is made of a source is made again when the source is newer.
 */
export const semanticChecks = ['second-make', 'parallel', 'source-clean', 'clean', 'touch'] as const
export type SemanticCheck = (typeof semanticChecks)[number]

/** What a patch did to one of them: the same check over the tree before it does not have these. */
export type SemanticFault = {
  readonly check: SemanticCheck
  /** Paths or commands, sorted; never empty. */
  readonly items: readonly string[]
}

/** What one run of a check found, over one tree. */
export type SemanticItems = { readonly check: SemanticCheck; readonly items: readonly string[] }

/**
 * A check that did not come to its end. `failed`: a make that it runs fails, which succeeded the first time; `unjudged`: the machine or a limit ended it, or it
 * found more than is looked at.
 */
export type SemanticGap = {
  readonly check: SemanticCheck
  readonly gap: 'failed' | 'unjudged'
  /** In words for people. */
  readonly why: string
  /** The end of the log of what failed; empty where nothing did. */
  readonly lines: readonly string[]
}

/** What came of one check. */
export type SemanticResult = SemanticItems | SemanticGap

/**
 * What a second make made again, as kbuild announces it. Some it runs each time, by design (`CALL scripts/checksyscalls.sh`, `DESCEND objtool`):
 * they are among them before a patch as well, and so are none of its faults.
 */
export function remadeItems({ announced }: Pick<LogReading, 'announced'>): SemanticItems {
  return { check: 'second-make', items: sorted(announced) }
}

/** What is left after `make clean` of all files that are in the source tree: neither part of it nor ignored, nor as the tree has it where it is. */
export function leftItems(left: readonly string[], tree: Tree): SemanticItems {
  const isIgnored = createIgnoreMatcher(tree)
  return { check: 'clean', items: sorted(left.filter((path) => tree.blob(path) === null && !isIgnored(path))) }
}

function sorted(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort()
}

/** What a check found after a patch and not before it; null where there is nothing new. */
export function newFault(before: SemanticItems, after: SemanticItems): SemanticFault | null {
  const known = new Set(before.items)
  const items = after.items.filter((item) => !known.has(item))
  return before.check !== after.check || items.length === 0 ? null : { check: after.check, items }
}
