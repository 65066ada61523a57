import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import { anyOf, wordsWhen } from './guarded-list.ts'
import type { Directory, KernelModel } from './kernel-model.ts'

/** A program that a directory lists, and what it is made from. */
export type Program = {
  /** As listed, relative to the directory. */
  readonly word: Word
  /** `-objs` and `-cxxobjs`: the objects that it is linked from; their conditions hold that of the program. */
  readonly parts: readonly Word[]
  /** Those of `-cxxobjs` alone, which are compiled from `.cc`. */
  readonly cxxParts: readonly Word[]
  /** Where it is made from one source of its own name, and the endings of that source. */
  readonly single: Cond
  /** `.c`, or `.rs` where `-rust` is set: relative to `single`. */
  readonly sources: readonly { readonly ending: string; readonly when: Cond }[]
}

/**
 * The programs of `hostprogs` or `userprogs` (those of `-always-y` among them) as scripts/Makefile.host and
 * scripts/Makefile.userprogs tell them apart: `host-csingle`, `host-cmulti`, `host-cxxmulti`, `host-rust`.
 */
export function programsOf(
  { conditions }: KernelModel,
  { lists, evaluation }: Directory,
  world: 'host' | 'user',
): readonly Program[] {
  const names = new Set(evaluation.names)
  const read = (list: string): readonly Word[] => (names.has(list) ? evaluation.words(list).words : [])
  const words = world === 'host' ? lists.hostPrograms : lists.userPrograms
  return words
    .filter(({ when }) => when !== never)
    .map((word) => {
      const cxx = world === 'host' ? read(`${word.text}-cxxobjs`) : []
      const listed = [...read(`${word.text}-objs`), ...cxx]
      const rust = world === 'host' ? anyOf(conditions, read(`${word.text}-rust`)) : never
      const linked = anyOf(conditions, listed)
      const single = conditions.without(word.when, linked)
      const sources = [
        { ending: '.c', when: conditions.without(single, rust) },
        { ending: '.rs', when: conditions.and(single, rust) },
      ]
      return {
        word,
        parts: wordsWhen(conditions, listed, word.when),
        cxxParts: wordsWhen(conditions, cxx, word.when),
        single,
        sources: sources.filter(({ when }) => when !== never),
      }
    })
}
