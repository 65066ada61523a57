/** What make makes of all rules of a target together (GNU make file.c, read.c record_files(), implicit.c). */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from './guarded-words.ts'
import { fillPattern, matchPattern, parsePattern } from './pattern.ts'
import type { RecipeLine, Rule } from './rule.ts'

/** A recipe of a target, and where it is the one that make runs. */
export type TargetRecipe = { readonly rule: Rule; readonly lines: readonly RecipeLine[]; readonly when: Cond }

/** A recipe that a later one replaces: "overriding recipe for target". */
export type ReplacedRecipe = { readonly earlier: Rule; readonly later: Rule; readonly when: Cond }

/** A target of explicit rules. */
export type Target = {
  readonly name: string
  /** Where some rule has it as its target. */
  readonly when: Cond
  /** In make's order: those of the rule with the recipe first. */
  readonly prerequisites: readonly Word[]
  readonly orderOnly: readonly Word[]
  /** The recipes that make runs; of a single-colon target at most one under each configuration. */
  readonly recipes: readonly TargetRecipe[]
  readonly replaced: readonly ReplacedRecipe[]
  readonly isDoubleColon: boolean
}

/** A pattern rule that can make a target, with the prerequisites for it. */
export type Candidate = {
  readonly rule: Rule
  readonly stem: string
  readonly prerequisites: readonly Word[]
  readonly orderOnly: readonly Word[]
  readonly when: Cond
}

/** The names that explicit and static pattern rules have as targets, in the order of first mention. */
export function targetNames(rules: readonly Rule[]): readonly string[] {
  const explicit = rules.filter((rule) => rule.kind !== 'pattern')
  return [...new Set(explicit.flatMap((rule) => rule.targets.map((word) => word.text)))]
}

/** A target with all its explicit rules; null where it has none. */
export function targetOf(conditions: Conditions, rules: readonly Rule[], name: string): Target | null {
  const uses = rules.flatMap((rule) => useOf(conditions, rule, name) ?? [])
  const [first] = uses
  if (first === undefined) return null
  const isDoubleColon = first.rule.separator.endsWith('::')
  const when = uses.reduce((sum, use) => conditions.or(sum, use.when), never)
  const { recipes, replaced } = isDoubleColon
    ? { recipes: uses.flatMap((use) => recipeOf(conditions, use) ?? []), replaced: [] }
    : lastRecipes(conditions, uses)
  return {
    name,
    when,
    prerequisites: inOrder(conditions, uses, (use) => use.prerequisites),
    orderOnly: inOrder(conditions, uses, (use) => use.orderOnly),
    recipes,
    replaced,
    isDoubleColon,
  }
}

/** The recipes of a target that later ones replace: what `targetOf` says of them, without its prerequisites, which can be thousands. */
export function replacedRecipes(
  conditions: Conditions,
  rules: readonly Rule[],
  name: string,
): readonly ReplacedRecipe[] {
  const uses = rules.flatMap((rule) => {
    const when = whenNamed(conditions, rule, name)
    return when === never ? [] : [{ rule, when }]
  })
  const [first] = uses
  return first === undefined || first.rule.separator.endsWith('::') ? [] : lastRecipes(conditions, uses).replaced
}

/** A rule as far as it concerns one target. */
type Use = {
  readonly rule: Rule
  readonly when: Cond
  readonly prerequisites: readonly Word[]
  readonly orderOnly: readonly Word[]
}

/** Where an explicit or static pattern rule has a target. */
function whenNamed(conditions: Conditions, rule: Rule, name: string): Cond {
  if (rule.kind === 'pattern') return never
  return rule.targets
    .filter((word) => word.text === name)
    .reduce<Cond>((sum, word) => conditions.or(sum, word.when), never)
}

function useOf(conditions: Conditions, rule: Rule, name: string): Use | null {
  const when = whenNamed(conditions, rule, name)
  if (when === never) return null
  if (rule.kind === 'explicit') {
    const { prerequisites, orderOnly } = rule
    return {
      rule,
      when,
      prerequisites: narrowed(conditions, prerequisites, when),
      orderOnly: narrowed(conditions, orderOnly, when),
    }
  }
  const read = (words: readonly Word[]): readonly Word[] =>
    rule.targetPatterns.flatMap((pattern) => {
      const stem = matchPattern(parsePattern(pattern.text), name)
      if (stem === null) return []
      const filled = words.map((word) => ({ ...word, text: fillPattern(parsePattern(word.text), stem) }))
      return narrowed(conditions, filled, conditions.and(when, pattern.when))
    })
  return { rule, when, prerequisites: read(rule.prerequisites), orderOnly: read(rule.orderOnly) }
}

function narrowed(conditions: Conditions, words: readonly Word[], by: Cond): readonly Word[] {
  return words.flatMap((word) => {
    const when = conditions.and(word.when, by)
    return when === never ? [] : [{ ...word, when }]
  })
}

function recipeOf(conditions: Conditions, { rule, when }: Pick<Use, 'rule' | 'when'>): TargetRecipe | null {
  const any = rule.recipe.reduce<Cond>((sum, line) => conditions.or(sum, line.when), never)
  const both = conditions.and(any, when)
  return both === never ? null : { rule, lines: rule.recipe, when: both }
}

/** The last recipe counts, wherever it is given. */
function lastRecipes(
  conditions: Conditions,
  uses: readonly Pick<Use, 'rule' | 'when'>[],
): Pick<Target, 'recipes' | 'replaced'> {
  let recipes: TargetRecipe[] = []
  const replaced: ReplacedRecipe[] = []
  for (const use of uses) {
    const later = recipeOf(conditions, use)
    if (later === null) continue
    for (const earlier of recipes) {
      const when = conditions.and(earlier.when, later.when)
      if (when !== never) replaced.push({ earlier: earlier.rule, later: later.rule, when })
    }
    recipes = recipes.flatMap((earlier) => {
      const when = conditions.without(earlier.when, later.when)
      return when === never ? [] : [{ ...earlier, when }]
    })
    recipes.push(later)
  }
  return { recipes, replaced }
}

/** "This is the rule with commands, so put its deps first", the last such rule foremost: what is in front is `$<` (read.c record_files()). */
function inOrder(
  conditions: Conditions,
  uses: readonly Use[],
  wordsOf: (use: Use) => readonly Word[],
): readonly Word[] {
  let words: readonly Word[] = []
  for (const use of uses) {
    const hasRecipe = recipeOf(conditions, use)?.when ?? never
    const first = narrowed(conditions, wordsOf(use), hasRecipe)
    words = [...first, ...words, ...narrowed(conditions, wordsOf(use), conditions.not(hasRecipe))]
  }
  return words
}

/** The condition under which a target is phony: a prerequisite of `.PHONY`. */
export function phonyCond(conditions: Conditions, rules: readonly Rule[], name: string): Cond {
  return rules
    .filter((rule) => rule.targets.some((word) => word.text === '.PHONY'))
    .flatMap((rule) => rule.prerequisites.filter((word) => word.text === name))
    .reduce<Cond>((sum, word) => conditions.or(sum, word.when), never)
}

/** The pattern rules with a recipe that match a target, in the order in which make tries them: the shortest stem first. */
export function patternCandidates(conditions: Conditions, rules: readonly Rule[], name: string): readonly Candidate[] {
  const candidates = rules
    .filter((rule) => rule.kind === 'pattern')
    .flatMap((rule) =>
      rule.targets.flatMap((target) => {
        const match = matchTarget(target.text, name)
        const recipe = rule.recipe.reduce<Cond>((sum, line) => conditions.or(sum, line.when), never)
        const when = conditions.and(target.when, recipe)
        if (match === null || when === never) return []
        const read = (words: readonly Word[]) =>
          narrowed(
            conditions,
            words.map((word) => ({ ...word, text: match.fill(word.text) })),
            when,
          )
        const { stem } = match
        return [{ rule, stem, prerequisites: read(rule.prerequisites), orderOnly: read(rule.orderOnly), when }]
      }),
    )
  return candidates.sort((a, b) => a.stem.length - b.stem.length)
}

type TargetMatch = { readonly stem: string; readonly fill: (prerequisite: string) => string }

/** A pattern without a slash matches the name behind the last one, and the directory is put in front of what `%` is filled into. */
function matchTarget(pattern: string, name: string): TargetMatch | null {
  const parsed = parsePattern(pattern)
  const slash = pattern.includes('/') ? -1 : name.lastIndexOf('/')
  const directory = name.slice(0, slash + 1)
  const stem = matchPattern(parsed, name.slice(slash + 1))
  if (stem === null || stem === '' || parsed.suffix === null) return null
  const fill = (prerequisite: string): string => {
    const parts = parsePattern(prerequisite)
    return parts.suffix === null ? prerequisite : directory + fillPattern(parts, stem)
  }
  return { stem: directory + stem, fill }
}
