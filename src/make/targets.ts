/** What make makes of all rules of a target together (GNU make file.c, read.c record_files(), implicit.c). */
import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from './guarded-words.ts'
import { fillPattern, matchPattern, parsePattern } from './pattern.ts'
import type { Pattern } from './pattern.ts'
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

/** A rule that names a target. */
export type NamedRule = {
  readonly rule: Rule
  /** Where it has the target; never `never`. */
  readonly when: Cond
  /** Where its recipe has any line. */
  readonly hasRecipe: Cond
}

/** The explicit and static pattern rules of each target, in their order: what to ask of many targets is asked of these. */
export function rulesByTarget(
  conditions: Conditions,
  rules: readonly Rule[],
): ReadonlyMap<string, readonly NamedRule[]> {
  const found = new Map<string, NamedRule[]>()
  for (const rule of rules) {
    if (rule.kind === 'pattern') continue
    const hasRecipe = whenRecipe(conditions, rule)
    for (const { text, when } of whereNamed(conditions, rule)) {
      const named = found.get(text) ?? []
      found.set(text, named)
      if (when !== never) named.push({ rule, when, hasRecipe })
    }
  }
  return found
}

/** The targets of a rule, each once. */
function whereNamed(
  conditions: Conditions,
  { targets }: Rule,
): Iterable<{ readonly text: string; readonly when: Cond }> {
  if (targets.length < 2) return targets
  const where = new Map<string, Cond>()
  for (const { text, when } of targets) where.set(text, conditions.or(where.get(text) ?? never, when))
  return where.entries().map(([text, when]) => ({ text, when }))
}

function whenRecipe(conditions: Conditions, { recipe }: Rule): Cond {
  return recipe.reduce<Cond>((sum, line) => conditions.or(sum, line.when), never)
}

/** A target with all its explicit rules; null where it has none. */
export function targetOf(conditions: Conditions, rules: readonly Rule[], name: string): Target | null {
  return joinRules(conditions, rulesByTarget(conditions, rules).get(name) ?? [], name)
}

/** A target with the rules that name it; null where none does. */
export function joinRules(conditions: Conditions, named: readonly NamedRule[], name: string): Target | null {
  const uses = named.map((each) => useOf(conditions, each, name))
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

/**
 * The recipes that later ones replace, of a target that these rules name: what `joinRules` says of them, without its prerequisites,
 * which can be thousands.
 */
export function replacedRecipes(conditions: Conditions, named: readonly NamedRule[]): readonly ReplacedRecipe[] {
  const [first] = named
  return first === undefined || first.rule.separator.endsWith('::') ? [] : lastRecipes(conditions, named).replaced
}

/** A rule as far as it concerns one target. */
type Use = NamedRule & {
  readonly prerequisites: readonly Word[]
  readonly orderOnly: readonly Word[]
}

function useOf(conditions: Conditions, named: NamedRule, name: string): Use {
  const { rule, when } = named
  if (rule.kind === 'explicit') {
    const { prerequisites, orderOnly } = rule
    return {
      ...named,
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
  return { ...named, prerequisites: read(rule.prerequisites), orderOnly: read(rule.orderOnly) }
}

function narrowed(conditions: Conditions, words: readonly Word[], by: Cond): readonly Word[] {
  if (by === always)
    return words.every(({ when }) => when !== never) ? words : words.filter(({ when }) => when !== never)
  return words.flatMap((word) => {
    const when = conditions.and(word.when, by)
    return when === never ? [] : [{ ...word, when }]
  })
}

function recipeOf(conditions: Conditions, { rule, when, hasRecipe }: NamedRule): TargetRecipe | null {
  const both = conditions.and(hasRecipe, when)
  return both === never ? null : { rule, lines: rule.recipe, when: both }
}

/** The last recipe counts, wherever it is given. */
function lastRecipes(conditions: Conditions, uses: readonly NamedRule[]): Pick<Target, 'recipes' | 'replaced'> {
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
  return matchPatterns(preparePatterns(conditions, rules), name).map(candidateOf)
}

/** One target of a pattern rule with a recipe, read once for many names. */
export type PreparedPattern = {
  readonly rule: Rule
  readonly when: Cond
  readonly target: Pattern
  /** Whether it has a slash: one that has none matches the name behind the last one. */
  readonly hasSlash: boolean
  readonly prerequisites: readonly PreparedWord[]
  readonly orderOnly: readonly PreparedWord[]
}

type PreparedWord = { readonly word: Word; readonly pattern: Pattern }

/** The targets of the pattern rules that have a recipe, in their order. */
export function preparePatterns(conditions: Conditions, rules: readonly Rule[]): readonly PreparedPattern[] {
  return rules.flatMap((rule) => {
    if (rule.kind !== 'pattern') return []
    const recipe = whenRecipe(conditions, rule)
    return rule.targets.flatMap((word): readonly PreparedPattern[] => {
      const when = conditions.and(word.when, recipe)
      const target = parsePattern(word.text)
      if (target.suffix === null || when === never) return []
      const read = (words: readonly Word[]): readonly PreparedWord[] =>
        narrowed(conditions, words, when).map((each) => ({ word: each, pattern: parsePattern(each.text) }))
      const [prerequisites, orderOnly] = [read(rule.prerequisites), read(rule.orderOnly)]
      return [{ rule, when, target, hasSlash: word.text.includes('/'), prerequisites, orderOnly }]
    })
  })
}

/** A pattern that matches a name. `directory` is put in front of what `%` is filled into. */
export type PatternMatch = { readonly pattern: PreparedPattern; readonly directory: string; readonly stem: string }

/** Those that match a name, in the order in which make tries them: the shortest stem first. */
export function matchPatterns(patterns: readonly PreparedPattern[], name: string): readonly PatternMatch[] {
  const slash = name.lastIndexOf('/')
  const directory = name.slice(0, slash + 1)
  const base = name.slice(slash + 1)
  const found: PatternMatch[] = []
  for (const pattern of patterns) {
    const { hasSlash, target } = pattern
    const stem = matchPattern(target, hasSlash ? name : base)
    if (stem !== null && stem !== '') found.push({ pattern, directory: hasSlash ? '' : directory, stem })
  }
  return found.sort((a, b) => a.directory.length + a.stem.length - b.directory.length - b.stem.length)
}

/**
 * `matchPatterns` for many names: of a hundred patterns few can match a name, as its ending says. Those are kept by the ending, which
 * is the text from the last dot of the name behind the last slash.
 */
export function patternMatcher(patterns: readonly PreparedPattern[]): (name: string) => readonly PatternMatch[] {
  const byEnding = new Map<string, readonly PreparedPattern[]>()
  return (name) => {
    const dot = name.lastIndexOf('.')
    const ending = dot > name.lastIndexOf('/') ? name.slice(dot) : ''
    const likely = byEnding.get(ending) ?? patterns.filter(({ target }) => mayEndIn(target.suffix ?? '', ending))
    byEnding.set(ending, likely)
    return matchPatterns(likely, name)
  }
}

/** Whether one of two endings is the end of the other. */
function mayEndIn(suffix: string, ending: string): boolean {
  return suffix.endsWith(ending) || ending.endsWith(suffix)
}

/** A match with the prerequisites of the rule for it. */
export function candidateOf({ pattern, directory, stem }: PatternMatch): Candidate {
  const fill = ({ word, pattern: parts }: PreparedWord): Word =>
    parts.suffix === null ? word : { ...word, text: directory + fillPattern(parts, stem) }
  return {
    rule: pattern.rule,
    stem: directory + stem,
    prerequisites: pattern.prerequisites.map(fill),
    orderOnly: pattern.orderOnly.map(fill),
    when: pattern.when,
  }
}
