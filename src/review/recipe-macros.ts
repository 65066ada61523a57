import type { Expr } from '../make/cst.ts'
import { literalText } from '../make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../make/recipes.ts'
import { callsOf, type Call, type Enclosing } from '../make/visit.ts'
import { definitionsIn } from './recipe-variables.ts'
import type { MakefileView } from './rule.ts'

/** The macros of scripts/Kbuild.include that make up the name of a variable from their argument, and how it begins. */
export const macroPrefixes: ReadonlyMap<string, string> = new Map([
  ['cmd', 'cmd_'],
  ['cmd_and_savecmd', 'cmd_'],
  ['cmd_and_fixdep', 'cmd_'],
  ['if_changed', 'cmd_'],
  ['if_changed_dep', 'cmd_'],
  ['if_changed_rule', 'rule_'],
  ['filechk', 'filechk_'],
])

/** A `$(call MACRO,STEM,...)` of one of these. */
export type MacroCall = {
  readonly macro: string
  /** The argument as it is written; null where there is none. */
  readonly stem: Expr | null
  /** Its text, blanks and all; null where it holds references. */
  readonly stemText: string | null
  readonly call: Call
  /** The rule in whose recipe it stands; null in a variable. */
  readonly rule: RuleWithRecipes | null
  readonly enclosing: readonly Enclosing[]
}

/** The calls of Kbuild's macros in the recipes and the variables of a makefile. */
export function macroCalls(makefile: MakefileView): readonly MacroCall[] {
  const { syntax } = makefile
  const inRecipes = rulesWithRecipes(syntax).flatMap((rule) => macroCallsOfRule(makefile, rule))
  const inVariables = definitionsIn(syntax).flatMap(({ value, enclosing }) =>
    macrosIn(value, makefile.text).map((found) => ({ ...found, rule: null, enclosing })),
  )
  return [...inRecipes, ...inVariables]
}

/** The calls in the recipe of one rule. */
export function macroCallsOfRule({ text }: MakefileView, rule: RuleWithRecipes): readonly MacroCall[] {
  const lines = [
    ...(rule.rule.recipe === null ? [] : [{ expr: rule.rule.recipe, enclosing: rule.enclosing }]),
    ...rule.recipes.map(({ recipe, enclosing }) => ({ expr: recipe.text, enclosing })),
  ]
  return lines.flatMap(({ expr, enclosing }) => macrosIn(expr, text).map((found) => ({ ...found, rule, enclosing })))
}

function macrosIn(expr: Expr, text: string): readonly Omit<MacroCall, 'rule' | 'enclosing'>[] {
  return callsOf(expr, 'call').flatMap((call) => {
    const [name, stem] = call.args
    const macro = name === undefined ? null : literalText(text, name)
    if (macro === null || !macroPrefixes.has(macro.trim())) return []
    const stemText = stem === undefined ? null : literalText(text, stem)
    return [{ macro: macro.trim(), stem: stem ?? null, stemText, call }]
  })
}
