import { builtObjects, pathIn, type BuiltObject } from '../kbuild/built-objects.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import { usualArch } from '../kbuild/source-arch.ts'
import type { KconfigSymbol } from '../kconfig/model.ts'
import type { KbuildDirectory, Knowledge } from '../review/knowledge.ts'
import { isKconfig } from '../review/world.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'

/** A place in a file of a tree, as an editor points at it; `offset` is 0-based, in UTF-16 units. */
export type PointedAt = {
  readonly tree: Tree
  readonly path: string
  readonly offset: number
  readonly knowledge: Knowledge
}

/** What stands at a place of a makefile or Kconfig file. */
export type Thing =
  | { readonly kind: 'symbol'; readonly symbol: KconfigSymbol }
  /** An object of its directory; `places` is empty where it is linked into another one or never built. */
  | {
      readonly kind: 'object'
      readonly path: string
      readonly word: string
      readonly at: KbuildDirectory
      readonly places: readonly BuiltObject[]
    }
  | { readonly kind: 'directory'; readonly path: string; readonly at: KbuildDirectory }
  /** A variable, or those that `obj-$(CONFIG_A)` stands for. */
  | { readonly kind: 'variable'; readonly names: readonly string[]; readonly at: KbuildDirectory }

/** What stands at a place; null where that is nothing we know, or the file is read by nobody we know. */
export function thingAt({ tree, path, offset, knowledge }: PointedAt): Thing | null {
  const word = wordAt(tree.read(path) ?? '', offset)
  if (isKconfig(path)) return symbolNamed(word, tree, usualArch, knowledge)
  const at = knowledge.directory(tree, path)
  if (word.startsWith('CONFIG_'))
    return symbolNamed(word.slice('CONFIG_'.length), tree, at?.model.arch ?? usualArch, knowledge)
  if (at === null) return null
  const { directory } = at
  const set = directory.evaluation.settings.filter(
    ({ nameSpan: { file, start, end } }) => file === path && start <= offset && offset <= end,
  )
  if (set.length > 0) return { kind: 'variable', names: [...new Set(set.map(({ name }) => name))], at }
  if (word.endsWith('.o')) {
    const object = pathIn(directory, word)
    return { kind: 'object', path: object, word, at, places: objectsOfModel(at.model).get(object) ?? [] }
  }
  if (word.endsWith('/')) return { kind: 'directory', path: pathIn(directory, word), at }
  return directory.evaluation.names.includes(word) ? { kind: 'variable', names: [word], at } : null
}

/** The objects of a model, worked out once. */
export const objectsOfModel: (model: KernelModel) => ReadonlyMap<string, readonly BuiltObject[]> = oncePer(builtObjects)

function symbolNamed(name: string, tree: Tree, arch: string, knowledge: Knowledge): Thing | null {
  const symbol = knowledge.symbols(tree, arch)?.symbols.get(name)
  return symbol === undefined ? null : { kind: 'symbol', symbol }
}

/** What paths, variables and symbols are written with. */
const wordCharacter = /[\w./-]/

/** The word around an offset; empty where none is. */
function wordAt(text: string, offset: number): string {
  let start = offset
  while (start > 0 && wordCharacter.test(text[start - 1] ?? '')) start -= 1
  let end = offset
  while (wordCharacter.test(text[end] ?? '')) end += 1
  return text.slice(start, end)
}
