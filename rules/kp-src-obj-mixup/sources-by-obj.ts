import { never } from '../../src/cond/conditions.ts'
import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import type { TreeContext } from '../../src/review/rule.ts'

/** A prerequisite of a target that is named below `$(obj)` and is a file of the tree, which nothing makes. */
export type SourceByObj = { readonly word: Word; readonly target: string }

/**
 * The sources that rules with a recipe name by `$(obj)/`, each place once. Not those of pattern rules: "Use $(obj) for pattern rules that need
 * to work for both generated files and real sources" (Documentation/kbuild/makefiles.rst, "Custom Rules").
 */
export function sourcesByObj(
  { directory }: KbuildDirectory,
  { all, target }: DirectoryRules,
  { tree, makefile }: TreeContext,
): readonly SourceByObj[] {
  const text = makefile(directory.makefile)?.text ?? ''
  const isMade = (path: string): boolean => (target(path)?.recipes.length ?? 0) > 0
  const isSource = (path: string): boolean =>
    path.startsWith(`${directory.path}/`) && tree.blob(path) !== null && !isMade(path)
  const seen = new Set<number>()
  return all.flatMap(({ kind, recipe, targets, prerequisites }) =>
    kind === 'pattern' || recipe.length === 0
      ? []
      : prerequisites.flatMap((word): readonly SourceByObj[] => {
          const { start, end, file } = word.origin
          const isWritten = file === directory.makefile && /^\$[({]obj[)}]\//.test(text.slice(start, end))
          if (!isWritten || seen.has(start) || word.when === never || !isSource(word.text)) return []
          seen.add(start)
          return [{ word, target: targets[0]?.text ?? '' }]
        }),
  )
}
