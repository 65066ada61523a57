import type { Expr, Makefile } from '../make/cst.ts'
import { literalText } from '../make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../make/recipes.ts'
import { callsOf, referencesOf } from '../make/visit.ts'
import { oncePer } from '../text/once-per.ts'
import { definitionsByName, type Definition } from './recipe-variables.ts'

/** A text that make expands to run a recipe: a line of it, or a variable that it needs. */
export type RecipeText =
  | { readonly kind: 'line'; readonly expr: Expr; readonly rule: RuleWithRecipes }
  | { readonly kind: 'variable'; readonly expr: Expr; readonly definition: Definition; readonly isCommand: boolean }

const commandName = /^(?:cmd|rule|filechk|sub_cmd)_/

/** Whether Kbuild's macros make up names like this one: `$(call if_changed,link)` runs `cmd_link` (scripts/Kbuild.include). */
export function isCommandName(name: string): boolean {
  return commandName.test(name)
}

/**
 * The lines of all recipes of a makefile, the variables that hold commands for `$(call cmd,...)` and its like, and every variable
 * that these name, at any depth, and that is expanded only then. Variables that other makefiles set are not followed.
 */
export const recipeTexts: (makefile: Makefile) => readonly RecipeText[] = oncePer((makefile) => {
  const lines = rulesWithRecipes(makefile).flatMap((rule): readonly RecipeText[] =>
    recipeLines(rule).map((expr) => ({ kind: 'line', expr, rule })),
  )
  const byName = definitionsByName(makefile)
  const found: RecipeText[] = [...lines]
  const seen = new Set<string>()
  const add = (name: string, isCommand: boolean): void => {
    if (seen.has(name)) return
    seen.add(name)
    for (const definition of deferred(byName.get(name) ?? [])) {
      found.push({ kind: 'variable', expr: definition.value, definition, isCommand })
    }
  }
  for (const name of byName.keys()) if (isCommandName(name)) add(name, true)
  for (let at = 0; at < found.length; at++) {
    const { expr } = found[at] ?? {}
    if (expr) for (const name of namesIn(expr, makefile.text)) add(name, false)
  }
  return found
})

/** The lines of the recipe of a rule, the one behind `;` first. */
export function recipeLines({ rule, recipes }: RuleWithRecipes): readonly Expr[] {
  return [...(rule.recipe === null ? [] : [rule.recipe]), ...recipes.map(({ recipe }) => recipe.text)]
}

/** The definitions whose value is expanded where it is used; `+=` follows the first (GNU make manual 6.6). */
function deferred(definitions: readonly Definition[]): readonly Definition[] {
  const first = definitions[0]?.op
  return definitions.filter(({ op }) => isDeferred(op === '+=' && first !== undefined ? first : op))
}

/** A `+=` that comes first makes a recursive variable. */
function isDeferred(op: Definition['op']): boolean {
  return op === '=' || op === '?=' || op === '+='
}

/** The variables that an expression names, those that it calls among them. */
function namesIn(expr: Expr, text: string): readonly string[] {
  const called = callsOf(expr, 'call').flatMap(({ args }) => args[0] ?? [])
  const names = [...called, ...referencesOf(expr).map(({ name }) => name)]
  return names.flatMap((name) => literalText(text, name)?.trim() ?? [])
}
