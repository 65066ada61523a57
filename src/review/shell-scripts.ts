import type { Expr, Makefile } from '../make/cst.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../make/recipes.ts'
import { callsOf, exprsOf, visitNodes } from '../make/visit.ts'
import { oncePer } from '../text/once-per.ts'
import { isCommandName, recipeLines } from './recipe-texts.ts'
import { definitionsIn, type Definition } from './recipe-variables.ts'

/** A text of a makefile that a shell runs. */
export type Script =
  /** A recipe line; `rule` is null where no rule stands before it in the text. */
  | { readonly kind: 'recipe'; readonly expr: Expr; readonly rule: RuleWithRecipes | null }
  /** The value of `cmd_X`, `rule_X` or `filechk_X`, which `$(call cmd,X)` and its like run. */
  | { readonly kind: 'command'; readonly expr: Expr; readonly definition: Definition }
  /** The argument of a `$(shell ...)`; `variable` is the one in whose value it stands, null where it is in none. */
  | { readonly kind: 'shell'; readonly expr: Expr; readonly variable: string | null }

/** The scripts of a makefile; the text of a `$(shell ...)` in a recipe is a script of its own. */
export const scriptsOf: (makefile: Makefile) => readonly Script[] = oncePer((makefile) => {
  const owners = new Map<Expr, RuleWithRecipes>()
  for (const rule of rulesWithRecipes(makefile)) for (const line of recipeLines(rule)) owners.set(line, rule)
  const visits = visitNodes(makefile.nodes)
  const recipes = visits.flatMap(({ node }): Script | [] => {
    const expr = node.kind === 'recipe' ? node.text : node.kind === 'rule' ? node.recipe : null
    return expr === null ? [] : { kind: 'recipe', expr, rule: owners.get(expr) ?? null }
  })
  const definitions = definitionsIn(makefile)
  const commands = definitions
    .filter(({ name }) => isCommandName(name))
    .map((definition): Script => ({ kind: 'command', expr: definition.value, definition }))
  if (!makefile.text.includes('shell')) return [...recipes, ...commands]
  const variables = new Map(definitions.map(({ name, value }) => [value, name]))
  const exprs = visits.flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  const texts = new Set([...exprs, ...variables.keys()])
  const shells = [...texts].flatMap((text) => shellsIn(text, variables.get(text) ?? null))
  return [...recipes, ...commands, ...shells]
})

function shellsIn(text: Expr, variable: string | null): readonly Script[] {
  return callsOf(text, 'shell').flatMap(({ args }) => args.map((expr): Script => ({ kind: 'shell', expr, variable })))
}
