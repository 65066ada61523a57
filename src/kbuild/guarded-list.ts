import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'

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
export function wordsWhen<Each extends { readonly when: Cond }>(
  conditions: Conditions,
  words: readonly Each[],
  when: Cond,
): readonly Each[] {
  return words.flatMap((word) => {
    const both = conditions.and(word.when, when)
    return both === never ? [] : [{ ...word, when: both }]
  })
}

/** Where a list holds any word. */
export function anyOf(conditions: Conditions, words: readonly { readonly when: Cond }[]): Cond {
  let sum: Cond = never
  for (const { when } of words) {
    sum = conditions.or(sum, when)
    if (sum === always) break
  }
  return sum
}
