import { textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes } from '../../src/make/recipes.ts'
import { callsOf, visitParts, type Enclosing } from '../../src/make/visit.ts'
import { recipeLines } from '../../src/review/recipe-texts.ts'
import { macroCallsOfRule, type MacroCall } from '../../src/review/recipe-macros.ts'
import type { MakefileView } from '../../src/review/rule.ts'

/** Macros that keep the command in the `.cmd` file of the target (scripts/Kbuild.include); `cmd` and `filechk` do not. */
const keepsCommand: ReadonlySet<string> = new Set(['if_changed', 'if_changed_dep', 'if_changed_rule'])

/** A call that keeps its command where one before it in the same recipe has. */
export type SecondCall = MacroCall & { readonly first: MacroCall }

/** The second call of such macros in each recipe, those left out of which make takes only one. */
export function secondCalls(makefile: MakefileView): readonly SecondCall[] {
  const files = rulesWithRecipes(makefile.syntax).filter(({ rule }) =>
    textOf(makefile.text, rule.targets).includes('/'),
  )
  return files.flatMap((rule) => {
    const chosen = new Set(
      recipeLines(rule).flatMap((line) =>
        ['if', 'or', 'and', 'foreach'].flatMap((fn) =>
          callsOf(line, fn).flatMap((call) => call.args.flatMap((arg) => visitParts(arg))),
        ),
      ),
    )
    const calls = macroCallsOfRule(makefile, rule).filter(
      ({ macro, call }) => keepsCommand.has(macro) && !chosen.has(call),
    )
    for (const [at, second] of calls.entries()) {
      const first = calls.slice(0, at).find((each) => !excludes(each.enclosing, second.enclosing))
      if (first !== undefined) return [{ ...second, first }]
    }
    return []
  })
}

/** Whether two places are in different branches of the same conditional. */
function excludes(left: readonly Enclosing[], right: readonly Enclosing[]): boolean {
  return left.some(({ conditional, branch }) =>
    right.some((other) => other.conditional === conditional && other.branch !== branch),
  )
}
