/** The rules of a makefile after expansion, asked for by target: what rules about recipes and prerequisites start from. */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { globTree } from '../make/glob.ts'
import type { UnknownWords, Word } from '../make/guarded-words.ts'
import type { Rule } from '../make/rule.ts'
import { patternCandidates, phonyCond, replacedRecipes, targetOf } from '../make/targets.ts'
import type { Candidate, ReplacedRecipe, Target } from '../make/targets.ts'
import type { Tree } from '../text/tree.ts'
import { anyOf } from './guarded-list.ts'

/** The rules of one makefile and what it includes. Names are as make has them: from the top of the tree, without a leading `./`. */
export type DirectoryRules = {
  /** In the order of the text; recipes unexpanded. */
  readonly all: readonly Rule[]
  /** The targets of explicit and static pattern rules, each once, in the order of first mention. */
  readonly names: readonly string[]
  /**
   * A target with all its explicit and static pattern rules together: prerequisites in make's order, and the recipe that wins under
   * each condition; null where no such rule names it.
   */
  readonly target: (name: string) => Target | null
  /** The recipes of such a target that later ones replace. */
  readonly replaced: (name: string) => readonly ReplacedRecipe[]
  /** The pattern rules that could make a target, the shortest stem first, with the prerequisites filled in. */
  readonly patterns: (name: string) => readonly Candidate[]
  /** Where a target is phony: a prerequisite of `.PHONY`, or a word of `PHONY`, which scripts/Makefile.build hands to it at its end. */
  readonly phony: (name: string) => Cond
  /** Words of rule lines that are not known: any of them may be a target of that rule. */
  readonly unknown: readonly UnknownWords[]
}

/**
 * The rules that an evaluated makefile has: that of a directory (`directory.evaluation`), or the top Makefile's. With a tree,
 * `*.h` among targets and prerequisites stands for the files that are there (GNU make read.c parse_file_seq()); without one it
 * stays as it is written.
 */
export function rulesOf(conditions: Conditions, evaluation: Evaluation, tree: Tree | null = null): DirectoryRules {
  const all = evaluation.rules.map((rule) => asMakeHasIt(rule, tree))
  const byName = new Map<string, Rule[]>()
  for (const rule of all) {
    if (rule.kind === 'pattern') continue
    for (const name of new Set(rule.targets.map(({ text }) => text))) {
      const rules = byName.get(name)
      if (rules === undefined) byName.set(name, [rule])
      else rules.push(rule)
    }
  }
  const patterns = all.filter(({ kind }) => kind === 'pattern')
  const phony = all.filter(({ targets }) => targets.some(({ text }) => text === '.PHONY'))
  return {
    all,
    names: [...byName.keys()],
    target: (name) => targetOf(conditions, byName.get(name) ?? [], name),
    replaced: (name) => replacedRecipes(conditions, byName.get(name) ?? [], name),
    patterns: (name) => patternCandidates(conditions, patterns, name),
    phony: (name) => {
      const listed = evaluation.words('PHONY').words.filter(({ text }) => withoutDot(text) === name)
      return conditions.or(phonyCond(conditions, phony, name), anyOf(conditions, listed))
    },
    unknown: all.flatMap(({ unknown }) => unknown).filter(({ when }) => when !== never),
  }
}

/** The names of a rule without `./` in front, which make drops (GNU make read.c parse_file_seq()), and wildcards expanded. */
function asMakeHasIt(rule: Rule, tree: Tree | null): Rule {
  const { targets, targetPatterns, prerequisites, orderOnly } = rule
  const named = (words: readonly Word[]): readonly Word[] => words.flatMap((word) => namesOf(word, tree))
  return {
    ...rule,
    targets: named(targets),
    targetPatterns: named(targetPatterns),
    prerequisites: named(prerequisites),
    orderOnly: named(orderOnly),
  }
}

/** A pattern that nothing matches stands for itself. */
function namesOf(word: Word, tree: Tree | null): readonly Word[] {
  const text = word.text.startsWith('./') ? withoutDot(word.text) : word.text
  const found = tree === null || !/[*?[]/.test(text) ? null : globTree(tree, text)
  if (found === null || found.length === 0) return [text === word.text ? word : { ...word, text }]
  return found.map((each) => ({ ...word, text: each }))
}

/** A name without the `./` and the slashes behind it that make drops; `./` alone stays. */
export function withoutDot(name: string): string {
  return name.replace(/^(?:\.\/+)+(?=.)/, '')
}
