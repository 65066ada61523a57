import type { Conditions } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'

/** Of two flags that contradict each other the compiler takes the last: `last` now, where it was `before`. */
export type SwappedFlag = { readonly last: string; readonly before: string }

/** A flag that is the last of its kind now and was not, although both lists hold the same flags of this kind; null where there is none. */
export function swappedFlag(conditions: Conditions, was: readonly Word[], is: readonly Word[]): SwappedFlag | null {
  const [old, young] = [byKind(was), byKind(is)]
  for (const [kind, words] of young) {
    const former = old.get(kind) ?? []
    const swapped = words.length < 2 ? null : swappedAmong(conditions, former, words)
    if (swapped !== null) return swapped
  }
  return null
}

function byKind(words: readonly Word[]): ReadonlyMap<string, readonly Word[]> {
  const kinds = new Map<string, Word[]>()
  for (const word of words) {
    const kind = kindOf(word.text)
    if (kind === null) continue
    const known = kinds.get(kind)
    if (known === undefined) kinds.set(kind, [word])
    else known.push(word)
  }
  return kinds
}

/** What a flag decides, so that a later one of the same kind undoes it (gcc(1)); null for flags that add up. */
function kindOf(flag: string): string | null {
  if (/^-O/.test(flag)) return 'O'
  const [, macro] = /^-[DU]([A-Za-z_]\w*)/.exec(flag) ?? []
  if (macro !== undefined) return `D ${macro}`
  const [, letter, name] = /^-([fWm])(?:no-)?([^=]+)/.exec(flag) ?? []
  return letter === undefined || name === undefined || flag.startsWith('-Wl,') ? null : `${letter} ${name}`
}

function swappedAmong(conditions: Conditions, former: readonly Word[], words: readonly Word[]): SwappedFlag | null {
  const rank = new Map(former.map(({ text }, index) => [text, index]))
  for (const [index, later] of words.entries()) {
    for (const earlier of words.slice(0, index)) {
      const [left, right] = [rank.get(earlier.text), rank.get(later.text)]
      if (left === undefined || right === undefined || earlier.text === later.text || left <= right) continue
      if (lastOf(words, later.text) !== index || conditions.excludes(earlier.when, later.when)) continue
      return { last: later.text, before: earlier.text }
    }
  }
  return null
}

const lastOf = (words: readonly Word[], text: string): number => words.findLastIndex((word) => word.text === text)
