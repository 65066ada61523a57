import { never } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import type { ModelPair } from './directory-pairs.ts'

/**
 * Built-in objects of a directory that are linked in another order, which is that of their initcalls
 * (Documentation/kbuild/makefiles.rst §3.2, "the order ... is significant").
 */
export type OrderChange = {
  readonly kind: 'order'
  readonly path: string
  /** Words of `obj-y` before and after: those that stayed. */
  readonly stayed: number
  /** The least number of these that moved past others. */
  readonly moved: number
  /** Two of them that changed places: `first` is linked before `second` now. */
  readonly first: string
  readonly second: string
}

/** How the order of `obj-y` changed, one line a directory; words that are never there together have no order. */
export function changedOrder({ after, pairs }: ModelPair): readonly OrderChange[] {
  return pairs.flatMap(({ path, old, young }) => {
    if (old === null || young === null) return []
    const [was, is] = [firstOf(old.lists.builtin), firstOf(young.lists.builtin)]
    const stayed = [...is.keys()].filter((text) => was.has(text))
    const rank = new Map([...was.keys()].map((text, index) => [text, index]))
    const ranks = stayed.map((text) => rank.get(text) ?? 0)
    const swapped = firstSwap(stayed, ranks, (left, right) => {
      const [one, other] = [is.get(left)?.when ?? never, is.get(right)?.when ?? never]
      return !after.conditions.excludes(one, other)
    })
    if (swapped === null) return []
    const moved = stayed.length - longestRising(ranks)
    return [{ kind: 'order' as const, path, stayed: stayed.length, moved, ...swapped }]
  })
}

/** Each text where a list has it first: the linker takes an object once (`$^` of scripts/Makefile.build). */
function firstOf(words: readonly Word[]): ReadonlyMap<string, Word> {
  const first = new Map<string, Word>()
  for (const word of words) if (!first.has(word.text)) first.set(word.text, word)
  return first
}

/** Names that are looked at for each that fell back. */
const maxLookBack = 200

function firstSwap(
  names: readonly string[],
  ranks: readonly number[],
  areTogether: (left: string, right: string) => boolean,
): { readonly first: string; readonly second: string } | null {
  for (const [index, second] of names.entries()) {
    for (let back = index - 1; back >= Math.max(0, index - maxLookBack); back--) {
      const first = names[back] ?? ''
      if ((ranks[back] ?? 0) > (ranks[index] ?? 0) && areTogether(first, second)) return { first, second }
    }
  }
  return null
}

/** The length of the longest rising row among numbers: what need not have moved. */
function longestRising(ranks: readonly number[]): number {
  const ends: number[] = []
  for (const rank of ranks) {
    const at = ends.findIndex((end) => end >= rank)
    if (at < 0) ends.push(rank)
    else ends[at] = rank
  }
  return ends.length
}
