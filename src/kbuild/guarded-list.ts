import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import type { Span } from '../text/span.ts'

/** For each text the condition under which a list holds it. */
export function whereHeld(conditions: Conditions, words: readonly Word[]): ReadonlyMap<string, Cond> {
  const held = new Map<string, Cond>()
  for (const { text, when } of words) held.set(text, conditions.or(held.get(text) ?? never, when))
  return held
}

/** `$(filter-out $(others),$(words))`: each word where the others do not hold its text. */
export function withoutHeld(
  conditions: Conditions,
  words: readonly Word[],
  others: ReadonlyMap<string, Cond>,
): readonly Word[] {
  return words.flatMap((word) => {
    const taken = others.get(word.text)
    if (taken === undefined) return [word]
    const when = conditions.without(word.when, taken)
    return when === never ? [] : [{ ...word, when }]
  })
}

/** The words where a condition holds; those that are never there any more are left out. */
export function wordsWhen(conditions: Conditions, words: readonly Word[], when: Cond): readonly Word[] {
  return words.flatMap((word) => {
    const both = conditions.and(word.when, when)
    return both === never ? [] : [{ ...word, when: both }]
  })
}

/** A word of a list with all its places: what `$(sort ...)` makes of words with the same text. */
export type Merged = { readonly text: string; readonly when: Cond; readonly origins: readonly Span[] }

/** One entry a text, in the order of first mention. */
export function mergeWords(conditions: Conditions, words: readonly Word[]): readonly Merged[] {
  const merged = new Map<string, { text: string; when: Cond; origins: Span[] }>()
  for (const { text, when, origin } of words) {
    const known = merged.get(text)
    if (known === undefined) {
      merged.set(text, { text, when, origins: [origin] })
      continue
    }
    known.when = conditions.or(known.when, when)
    known.origins.push(origin)
  }
  return [...merged.values()]
}
