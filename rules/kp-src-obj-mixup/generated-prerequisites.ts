import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { sourcePath } from '../../src/kbuild/separate-build.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import type { TreeContext } from '../../src/review/rule.ts'
import { stemsOf } from './stems.ts'

/** A prerequisite that is named in the source tree, and that a build makes where the objects are. */
export type GeneratedPrerequisite = { readonly word: Word; readonly path: string; readonly target: string }

/**
 * The prerequisites below `$(src)` or `$(srctree)` that are not in the tree, and that there is a way to make by their name in the
 * directory of the objects. What nothing makes is not here: it may come from elsewhere.
 */
export function generatedPrerequisites(
  found: KbuildDirectory,
  rules: DirectoryRules,
  { tree }: TreeContext,
): readonly GeneratedPrerequisite[] {
  const { directory, originOf } = found
  const isMade = (path: string): boolean => {
    if (!path.startsWith(`${directory.path}/`)) return false
    if (hasRecipe(rules, path)) return true
    const { kind } = originOf(path.slice(directory.path.length + 1))
    return kind === 'rule' || kind === 'pattern' || kind === 'listed' || kind === 'shipped'
  }
  const explicit = rules.names.flatMap((name) => {
    const target = rules.target(name)
    return target === null ? [] : [...target.prerequisites, ...target.orderOnly].map((word) => ({ word, target: name }))
  })
  const patterns = rules.all
    .filter(({ kind, recipe }) => kind === 'pattern' && recipe.length > 0)
    .flatMap((rule) =>
      [...rule.prerequisites, ...rule.orderOnly].map((word) => ({ word, target: rule.targets[0]?.text ?? '' })),
    )
  const seen = new Set<string>()
  return [...explicit, ...patterns].flatMap(({ word, target }) => {
    const path = sourcePath(word.text)
    const place = `${word.origin.file} ${word.origin.start}`
    if (path === null || seen.has(place) || hasRecipe(rules, word.text)) return []
    const isGenerated = path.includes('%')
      ? isMadeByPattern(rules, path) && stemsOf(tree, path).length === 0
      : tree.blob(path) === null && tree.list(path).length === 0 && isMade(path)
    if (!isGenerated) return []
    seen.add(place)
    return [{ word, path, target }]
  })
}

function hasRecipe(rules: DirectoryRules, path: string): boolean {
  return (rules.target(path)?.recipes.length ?? 0) > 0
}

/** Whether rules make what a pattern stands for: that of the same name, or one for a target that fits it; objects have Kbuild's own. */
function isMadeByPattern(rules: DirectoryRules, pattern: string): boolean {
  const [before = '', after = ''] = pattern.split('%')
  const fits = (name: string): boolean =>
    name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after)
  return (
    pattern.endsWith('.o') ||
    rules.all.some(
      ({ kind, recipe, targets }) =>
        kind === 'pattern' && recipe.length > 0 && targets.some(({ text }) => text === pattern),
    ) ||
    (after !== '' && rules.names.some((name) => fits(name) && hasRecipe(rules, name)))
  )
}
