import { never } from '../cond/conditions.ts'
import type { UnknownWords } from '../make/guarded-words.ts'

/** What cannot be said of two lists: words that one of them is not known to have may be there all the same. */
export type Doubt = { readonly lost: boolean; readonly gained: boolean }

/** What cannot be said of two lists from what is not known of them, and of the other one neither: the same unknown is the same words. */
export function doubtBetween(old: readonly UnknownWords[], young: readonly UnknownWords[]): Doubt {
  const [was, is] = [keysOf(old), keysOf(young)]
  return { lost: !is.isSubsetOf(was), gained: !was.isSubsetOf(is) }
}

function keysOf(words: readonly UnknownWords[]): ReadonlySet<string> {
  return new Set(words.filter(({ when }) => when !== never).map(({ unknown }) => unknown.key))
}
