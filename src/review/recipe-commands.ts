import type { Makefile } from '../make/cst.ts'
import { literalText } from '../make/expr-text.ts'
import type { RuleWithRecipes } from '../make/recipes.ts'
import { callsOf } from '../make/visit.ts'
import { recipeLines } from './recipe-texts.ts'
import type { Definition } from './recipe-variables.ts'
import { commandsOf, type SimpleCommand } from './shell-commands.ts'

/** Macros that run the command that their argument names, and how the name of its variable begins (scripts/Kbuild.include). */
const prefixes: Readonly<Record<string, string>> = {
  cmd: 'cmd_',
  if_changed: 'cmd_',
  if_changed_dep: 'cmd_',
  if_changed_rule: 'rule_',
  filechk: 'filechk_',
}

/** The variables that the recipe of a rule runs through `$(call cmd,X)` and its like: `cmd_X`. */
export function commandVariables(makefile: Makefile, rule: RuleWithRecipes): readonly string[] {
  return recipeLines(rule)
    .flatMap((line) => callsOf(line, 'call'))
    .flatMap(({ args: [macro, name] }) => {
      const prefix = macro === undefined ? undefined : prefixes[literalText(makefile.text, macro)?.trim() ?? '']
      const literal = name === undefined ? null : literalText(makefile.text, name)
      return prefix === undefined || literal === null ? [] : [`${prefix}${literal.trim()}`]
    })
}

/** The commands that the recipe of a rule runs: those in its lines, and those in the variables that its macros run. */
export function commandsOfRule(
  makefile: Makefile,
  rule: RuleWithRecipes,
  definitions: ReadonlyMap<string, readonly Definition[]>,
): readonly SimpleCommand[] {
  const named = commandVariables(makefile, rule).flatMap((name) => definitions.get(name) ?? [])
  const exprs = [...recipeLines(rule), ...named.map(({ value }) => value)]
  return exprs.flatMap((expr) => commandsOf(expr, makefile.text))
}
