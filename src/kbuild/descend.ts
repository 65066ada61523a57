import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import type { DirectoryLists } from './directory-lists.ts'
import { whereHeld } from './guarded-list.ts'

/** Under which condition make comes to a directory, and what for. */
export type Visit = {
  readonly when: Cond
  /** `need-builtin`: the objects of `obj-y` go into the directory's built-in.a. */
  readonly needBuiltin: Cond
  /** `need-modorder`: the modules of `obj-m` are built. */
  readonly needModorder: Cond
}

/**
 * The directories that make goes to from one, by their words, each with the condition and what for: `need-builtin` follows
 * `obj-y` alone, `need-modorder` follows `obj-y` and `obj-m` (scripts/Makefile.build, "Descending").
 */
export function childrenOf(conditions: Conditions, lists: DirectoryLists, own: Visit): ReadonlyMap<string, Visit> {
  const { and } = conditions
  const builtin = whereHeld(conditions, directoriesIn(lists.builtin))
  const module = whereHeld(conditions, directoriesIn([...lists.builtin, ...lists.module]))
  const children = new Map<string, Visit>()
  for (const [child, listed] of whereHeld(conditions, lists.subdirectories)) {
    const when = and(own.when, listed)
    if (when === never || child === '') continue
    const reach = (need: Cond, held: ReadonlyMap<string, Cond>): Cond => and(when, and(need, held.get(child) ?? never))
    children.set(child, {
      when,
      needBuiltin: reach(own.needBuiltin, builtin),
      needModorder: reach(own.needModorder, module),
    })
  }
  return children
}

/** The path of a directory that a makefile names by a word. */
export function pathBelow(path: string, word: string): string {
  return path === '.' ? word : `${path}/${word}`
}

function directoriesIn(words: readonly Word[]): readonly Word[] {
  return words.flatMap((word) => (word.text.endsWith('/') ? [{ ...word, text: word.text.slice(0, -1) }] : []))
}
