import type { Makefile } from '../make/cst.ts'
import { exprWords, textOf } from '../make/expr-text.ts'
import { rulesWithRecipes } from '../make/recipes.ts'
import { hasFile } from '../text/entry-kind.ts'
import { oncePer } from '../text/once-per.ts'
import { scriptPaths } from './build-scripts.ts'
import type { KernelModel } from './kernel-model.ts'
import { parseOnce } from './parsed-files.ts'

/**
 * Whether a file is made in every configuration from a source of its own name, by a rule of the scripts for any directory: `core.o`
 * from `core.c`. `path` is from the top of the tree. Most of what lists name is; how the rest comes to be, `createFileOrigins` knows.
 */
export const hasPlainSource: (model: KernelModel) => (path: string) => boolean = oncePer(({ tree, options }) => {
  const parsed = parseOnce(tree, options.parse)
  // The rules of scripts/Makefile.host are for directories with host programs.
  const scripts = scriptPaths.filter((path) => path !== 'scripts/Makefile.host').flatMap((path) => parsed(path) ?? [])
  const sourceEndings = Map.groupBy(scripts.flatMap(plainRules), ({ made }) => made)
  const has = hasFile(tree)
  return (path) => {
    const dot = path.lastIndexOf('.')
    const rules = sourceEndings.get(path.slice(dot))
    return rules?.some(({ source }) => has(path.slice(0, dot) + source)) === true
  }
})

/** The endings of what a rule makes, and of what from. */
type PlainRule = { readonly made: string; readonly source: string }

/** The rules `$(obj)/%.o: $(obj)/%.c FORCE` of a script, with a recipe and under no condition, that need no other file of that stem. */
const plainRules = oncePer((script: Makefile): readonly PlainRule[] =>
  rulesWithRecipes(script).flatMap(({ rule, recipes, enclosing }) => {
    if (enclosing.length > 0 || !recipes.some((line) => line.enclosing.length === 0)) return []
    const stems = (words: typeof rule.targets): readonly string[] =>
      exprWords(script.text, words).flatMap((word) => {
        const written = textOf(script.text, word)
        return written.includes('%') ? written : []
      })
    const [source, ...more] = stems(rule.prerequisites).map(endingOf)
    if (source === undefined || source === null || more.length > 0 || rule.targetPattern !== null) return []
    return stems(rule.targets).flatMap((word) => {
      const made = endingOf(word)
      return made === null ? [] : [{ made, source }]
    })
  }),
)

/** `.o` of `$(obj)/%.o`; null for a pattern of another form. */
function endingOf(pattern: string): string | null {
  return /^\$\((?:obj|src)\)\/%(\.[\w.]+)$/.exec(pattern)?.[1] ?? null
}
