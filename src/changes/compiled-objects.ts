import { objectsOf, sourceOf } from '../kbuild/built-objects.ts'
import type { Directory, KernelModel } from '../kbuild/kernel-model.ts'

/** What objects are compiled from; `any` of it. */
export type Language = 'c' | 'assembler' | 'rust' | 'any'

const endings: Readonly<Record<Language, string>> = { c: '.c', assembler: '.S', rust: '.rs', any: '' }

/** How many objects of some directories are compiled from a language; an object without a source in the tree may be from any. */
export function countCompiled(
  { conditions, tree }: KernelModel,
  directories: readonly Directory[],
  language: Language,
): number {
  const paths = new Set<string>()
  for (const directory of directories) {
    for (const { path } of objectsOf(conditions, directory)) {
      if (sourceOf(tree, path)?.endsWith(endings[language]) !== false) paths.add(path)
    }
  }
  return paths.size
}
