import { always } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { deviceTreesOf } from './device-trees.ts'
import type { Directory, KernelModel } from './kernel-model.ts'
import { programsOf } from './programs.ts'

/** What the scripts make because a list names it: the names that it is made from, relative to the directory. */
export type ListedParts = { readonly from: readonly string[]; readonly when: Cond }

/**
 * The files of a directory that are put together from others by name: programs (`hostprogs`, `userprogs`), objects of several parts
 * (`foo-y`), device trees with overlays (`foo-dtbs`), `built-in.a`, `lib.a` and `modules.order`. By name relative to the directory.
 * Parts are those of any configuration.
 */
export function listedParts(model: KernelModel, directory: Directory): ReadonlyMap<string, readonly ListedParts[]> {
  const found = new Map<string, ListedParts[]>()
  const add = (name: string, from: readonly { readonly text: string }[], when: Cond): void => {
    const parts = { from: [...new Set(from.map(({ text }) => text))], when }
    const known = found.get(name)
    if (known === undefined) found.set(name, [parts])
    else known.push(parts)
  }
  for (const program of [...programsOf(model, directory, 'host'), ...programsOf(model, directory, 'user')]) {
    const { text, when } = program.word
    if (program.parts.length > 0) add(text, program.parts, when)
    for (const source of program.sources) add(text, [{ text: text + source.ending }], source.when)
    for (const part of program.cxxParts) add(part.text, [{ text: part.text.replace(/\.o$/, '.cc') }], part.when)
  }
  const { composites } = directory.lists
  for (const [name, { moduleParts, inModule }] of composites) add(name, moduleParts, inModule)
  for (const { word, parts } of deviceTreesOf(model, directory)) if (parts.length > 0) add(word.text, parts, word.when)
  for (const name of ['built-in.a', 'lib.a', 'modules.order']) add(name, [], always)
  return found
}
