import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
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
  if (isSame(former, words)) return null
  for (const [index, { text: last }] of words.entries()) {
    for (const { text: before } of words.slice(0, index)) {
      if (last === before) continue
      const was = decides(conditions, former, { flag: before, over: last })
      const is = was === never ? never : decides(conditions, words, { flag: last, over: before })
      if (!conditions.excludes(was, is)) return { last, before }
    }
  }
  return null
}

function isSame(former: readonly Word[], words: readonly Word[]): boolean {
  const isEqual = ({ text, when }: Word, index: number): boolean =>
    former[index]?.text === text && former[index].when === when
  return former.length === words.length && words.every(isEqual)
}

/** When two flags are both there and the last of all their places is one of the first. */
function decides(
  { and, or, without }: Conditions,
  words: readonly Word[],
  { flag, over }: { readonly flag: string; readonly over: string },
): Cond {
  let [seen, seenOther, isLast] = [never, never, never]
  for (const { text, when } of words) {
    if (text === flag) [seen, isLast] = [or(seen, when), or(isLast, when)]
    else if (text === over) [seenOther, isLast] = [or(seenOther, when), without(isLast, when)]
  }
  return and(and(seen, seenOther), isLast)
}
