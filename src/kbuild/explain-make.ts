/** Why a target or a variable is what it is, for people. */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import { printCond } from '../cond/print.ts'
import { exportedCond } from '../make/exports.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { RecipeLine, Rule } from '../make/rule.ts'
import type { Span } from '../text/span.ts'
import type { DirectoryRules } from './directory-rules.ts'

/** Gives the line of a place, `tools/testing/selftests/lib.mk:164`. */
export type LineOf = (at: Span) => string

/**
 * A target, a fact a line: where each recipe is and whether make runs or drops it, and the prerequisites in make's order. None for
 * a name that no rule has.
 */
export function explainTarget(
  conditions: Conditions,
  { target }: Pick<DirectoryRules, 'target'>,
  { name, lineOf }: { readonly name: string; readonly lineOf: LineOf },
): readonly string[] {
  const found = target(name)
  if (found === null) return []
  const where = (when: Cond): string => whereText(conditions, when)
  const recipeAt = ({ recipe, origin }: Pick<Rule, 'recipe' | 'origin'>): string =>
    lineOf(firstLine(recipe)?.origin ?? origin)
  return [
    ...found.recipes.map(({ rule, when }) => `${name}: the recipe of ${recipeAt(rule)} is run${where(when)}`),
    ...found.replaced.map(
      ({ earlier, later, when }) =>
        `${name}: the recipe of ${recipeAt(earlier)} is dropped for that of ${recipeAt(later)}${where(when)}`,
    ),
    ...found.prerequisites.map(({ text, when, origin }) => `${name}: needs ${text}, ${lineOf(origin)}${where(when)}`),
    ...found.orderOnly.map(
      ({ text, when, origin }) => `${name}: needs ${text} before, ${lineOf(origin)}${where(when)}`,
    ),
  ]
}

function firstLine(recipe: readonly RecipeLine[]): RecipeLine | undefined {
  return recipe[0]
}

/**
 * A variable, a fact a line: what comes from outside, every assignment that is reached, whether it counts, and whether commands
 * and called makes see the variable.
 */
export function explainVariable(
  conditions: Conditions,
  evaluation: Evaluation,
  { name, lineOf }: { readonly name: string; readonly lineOf: LineOf },
): readonly string[] {
  const isOutside = evaluation.fromOutside.has(name)
  const settings = evaluation.settings.filter((setting) => setting.name === name)
  const exported = exportedCond(conditions, evaluation, name)
  const facts = [
    ...(isOutside ? [`${name}: comes from the command line or the environment`] : []),
    ...settings.map(({ op, span, when }) => `${name}: ${op} at ${lineOf(span)}${whereText(conditions, when)}`),
    ...(exported === never ? [] : [`${name}: exported${whereText(conditions, exported)}`]),
  ]
  if (settings.length > 0 || isOutside) return facts
  return [`${name}: not set by any line that make reaches`, ...facts]
}

function whereText(conditions: Conditions, when: Cond): string {
  const text = printCond(conditions, when)
  return text === 'always' ? '' : `, where ${text}`
}
