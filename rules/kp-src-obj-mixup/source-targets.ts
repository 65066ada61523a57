import { never } from '../../src/cond/conditions.ts'
import { objectsOf } from '../../src/kbuild/built-objects.ts'
import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { sourcePath } from '../../src/kbuild/separate-build.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { Rule } from '../../src/make/rule.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import type { TreeContext } from '../../src/review/rule.ts'
import { stemsOf } from './stems.ts'

/** A target of a rule below `$(src)` or `$(srctree)` that is no file of the tree. */
export type SourceTarget = {
  readonly word: Word
  readonly path: string
  /** Whether the rule has a recipe that makes it; else it is a line about an object that the build makes elsewhere. */
  readonly isMade: boolean
}

/** Such targets: those that recipes make, and those that are nothing, as the object of that name lies below `$(obj)`. */
export function sourceTargets(
  found: KbuildDirectory,
  { all }: DirectoryRules,
  { tree }: TreeContext,
): readonly SourceTarget[] {
  return all.flatMap((rule) =>
    rule.targets.flatMap((word): readonly SourceTarget[] => {
      const path = sourcePath(word.text)
      if (path === null || word.when === never) return []
      const isMade = rule.recipe.length > 0
      if (path.includes('%')) return isMade && makesNew(rule, path, tree) ? [{ word, path, isMade }] : []
      if (tree.blob(path) !== null) return []
      return isMade || (rule.prerequisites.length > 0 && isBuilt(found, path)) ? [{ word, path, isMade }] : []
    }),
  )
}

/** Whether one of the sources that a pattern rule can start from has no file of the tree that the rule would make anew. */
function makesNew({ prerequisites }: Rule, target: string, tree: TreeContext['tree']): boolean {
  const stems = prerequisites.flatMap(({ text }) => {
    const path = sourcePath(text)
    return path?.includes('%') === true ? stemsOf(tree, path) : []
  })
  if (stems.length === 0) return stemsOf(tree, target).length === 0
  return stems.some((stem) => tree.blob(target.replace('%', stem)) === null)
}

/** Whether a list of the directory has an object. */
function isBuilt({ model, directory }: KbuildDirectory, path: string): boolean {
  return objectsOf(model.conditions, directory).some((object) => object.path === path)
}
