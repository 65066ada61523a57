/** The rules of a makefile after expansion, asked for by target: what rules about recipes and prerequisites start from. */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { globTree } from '../make/glob.ts'
import type { UnknownWords, Word } from '../make/guarded-words.ts'
import type { Rule } from '../make/rule.ts'
import {
  candidateOf,
  joinRules,
  matchPatterns,
  phonyCond,
  preparePatterns,
  replacedRecipes,
  rulesByTarget,
} from '../make/targets.ts'
import type { Candidate, NamedRule, ReplacedRecipe, Target } from '../make/targets.ts'
import { once } from '../text/once.ts'
import { oncePer } from '../text/once-per.ts'
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
 * stays as it is written. Rules of the same makefile are indexed once, whoever asks.
 */
export function rulesOf(conditions: Conditions, evaluation: Evaluation, tree: Tree | null = null): DirectoryRules {
  const { alone, within } = indexes(evaluation.rules)(conditions)
  const { phony, ...index } = tree === null ? alone() : within(tree)
  return {
    ...index,
    phony: (name) => {
      const listed = evaluation.words('PHONY').words.filter(({ text }) => withoutDot(text) === name)
      return conditions.or(phonyCond(conditions, phony, name), anyOf(conditions, listed))
    },
  }
}

type Index = Omit<DirectoryRules, 'phony'> & { readonly phony: readonly Rule[] }

const indexes = oncePer((rules: readonly Rule[]) =>
  oncePer((conditions: Conditions) => ({
    alone: once(() => indexRules(conditions, rules, null)),
    within: oncePer((tree: Tree) => indexRules(conditions, rules, tree)),
  })),
)

function indexRules(conditions: Conditions, rules: readonly Rule[], tree: Tree | null): Index {
  const all = rules.map((rule) => asMakeHasIt(rule, tree))
  const byName = rulesByTarget(conditions, all)
  const namedBy = (name: string): readonly NamedRule[] => byName.get(name) ?? []
  const patterns = once(() => preparePatterns(conditions, all))
  const numbers = once(() => new Map(all.map((rule, number) => [rule, number])))
  const replaced = new Map<string, readonly ReplacedRecipe[]>()
  return {
    all,
    names: [...byName.keys()],
    target: (name) => joinRules(conditions, namedBy(name), name),
    replaced: (name) => {
      // Thousands of targets of a static pattern rule have the same rules.
      const key = namedBy(name)
        .map(({ rule, when }) => `${numbers().get(rule) ?? ''}:${when}`)
        .join()
      const answer = replaced.get(key) ?? replacedRecipes(conditions, namedBy(name))
      replaced.set(key, answer)
      return answer
    },
    patterns: (name) => matchPatterns(patterns(), name).map(candidateOf),
    phony: all.filter(({ targets }) => targets.some(({ text }) => text === '.PHONY')),
    unknown: all.flatMap(({ unknown }) => unknown).filter(({ when }) => when !== never),
  }
}

/** The names of a rule without `./` in front, which make drops (GNU make read.c parse_file_seq()), and wildcards expanded. */
function asMakeHasIt(rule: Rule, tree: Tree | null): Rule {
  const { targets, targetPatterns, prerequisites, orderOnly } = rule
  const isPlain = [targets, targetPatterns, prerequisites, orderOnly].every((words) =>
    words.every(({ text }) => !text.startsWith('./') && (tree === null || !/[*?[]/.test(text))),
  )
  if (isPlain) return rule
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
