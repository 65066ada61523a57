import { never } from '../cond/conditions.ts'
import type { Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Rule } from '../make/rule.ts'
import { targetOf } from '../make/targets.ts'
import type { ReplacedRecipe, Target } from '../make/targets.ts'

/** A recipe that make drops with "overriding recipe for target" and "ignoring old recipe for target". */
export type OverriddenRecipe = ReplacedRecipe & { readonly target: string }

/** The targets of a makefile and all that it includes, each with the rules that name it. */
export type TargetIndex = {
  /** In the order of first mention; patterns are none of them. */
  readonly names: readonly string[]
  /** Its prerequisites, the recipes that make runs, and those that it drops; null for a name that no rule has. */
  readonly target: (name: string) => Target | null
  /** All recipes that are dropped where `when` holds, target by target. */
  readonly overridden: () => readonly OverriddenRecipe[]
}

export function indexTargets(conditions: Conditions, { rules }: Pick<Evaluation, 'rules'>): TargetIndex {
  const byName = new Map<string, Rule[]>()
  for (const rule of rules) {
    if (rule.kind === 'pattern') continue
    for (const name of new Set(rule.targets.map(({ text }) => text))) {
      const known = byName.get(name)
      if (known === undefined) byName.set(name, [rule])
      else known.push(rule)
    }
  }
  const target = (name: string): Target | null => targetOf(conditions, byName.get(name) ?? [], name)
  return {
    names: [...byName.keys()],
    target,
    overridden: () =>
      [...byName].flatMap(([name, own]) => {
        if (own.filter((rule) => rule.recipe.length > 0).length < 2) return []
        const replaced = target(name)?.replaced ?? []
        return replaced.filter(({ when }) => when !== never).map((each) => ({ ...each, target: name }))
      }),
  }
}
