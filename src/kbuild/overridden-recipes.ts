import { never } from '../cond/conditions.ts'
import type { ReplacedRecipe } from '../make/targets.ts'
import type { DirectoryRules } from './directory-rules.ts'

/** A recipe that make drops with "overriding recipe for target" and "ignoring old recipe for target". */
export type OverriddenRecipe = ReplacedRecipe & { readonly target: string }

/**
 * All recipes of a makefile and of what it includes that a later one replaces, target by target; under the condition that both are
 * read (GNU make read.c record_files()). A target of `::` rules has all its recipes, and none here.
 */
export function overriddenRecipes({ all, replaced }: DirectoryRules): readonly OverriddenRecipe[] {
  const withRecipe = new Set<string>()
  const twice = new Set<string>()
  for (const { kind, recipe, targets } of all) {
    if (kind === 'pattern' || recipe.length === 0) continue
    for (const name of new Set(targets.map(({ text }) => text))) (withRecipe.has(name) ? twice : withRecipe).add(name)
  }
  return [...twice].flatMap((name) =>
    replaced(name).flatMap((each) => (each.when === never ? [] : [{ ...each, target: name }])),
  )
}
