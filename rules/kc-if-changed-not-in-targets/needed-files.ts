import { never } from '../../src/cond/conditions.ts'
import type { Cond, Conditions } from '../../src/cond/conditions.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { Rule } from '../../src/make/rule.ts'
import type { Candidate } from '../../src/make/targets.ts'
import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'

/** Files beyond which nobody wrote the rules of one makefile by hand; arch/powerpc/boot of Linux 6.12 has 400. */
const maxFiles = 20_000

/** What the search asks. */
export type Search = {
  readonly conditions: Conditions
  readonly rules: DirectoryRules
  /** Whether the tree has a file: it is then made by nobody. */
  readonly isSource: (name: string) => boolean
}

/**
 * What the files of `$(targets)` are made from, at any depth, by the rules of the makefile: each name with the condition under
 * which something of `$(targets)` needs it.
 */
export function neededFiles(search: Search, held: ReadonlyMap<string, Cond>): ReadonlyMap<string, Cond> {
  const { conditions } = search
  const needed = new Map<string, Cond>()
  const waiting = [...held].map(([name, when]) => ({ name, when }))
  for (let at = 0; at < waiting.length && at < maxFiles; at++) {
    const { name, when } = waiting[at] ?? { name: '', when: never }
    for (const word of prerequisitesOf(search, name)) {
      const known = needed.get(word.text) ?? never
      const more = conditions.without(conditions.and(when, word.when), known)
      if (more === never || word.text === 'FORCE') continue
      needed.set(word.text, conditions.or(known, more))
      waiting.push({ name: word.text, when: more })
    }
  }
  return needed
}

function prerequisitesOf(search: Search, name: string): readonly Pick<Word, 'text' | 'when'>[] {
  const target = search.rules.target(name)
  const own = target === null ? [] : [...target.prerequisites, ...target.orderOnly]
  const pattern = patternFor(search, name)
  return [...own, ...(pattern?.prerequisites ?? generatedSources(search, name))]
}

/** What an object is compiled from by the rules of scripts/Makefile.build, where the makefile makes that: `x.c`, `x.S`. */
function generatedSources({ rules, isSource }: Search, name: string): readonly Pick<Word, 'text' | 'when'>[] {
  if (!name.endsWith('.o') || hasRecipe(rules, name)) return []
  const sources = ['.c', '.S', '.rs'].map((ending) => name.slice(0, -'.o'.length) + ending)
  if (sources.some(isSource)) return []
  return sources.flatMap((text) => (hasRecipe(rules, text) ? [{ text, when: rules.target(text)?.when ?? never }] : []))
}

/** Pattern rules one after the other; the longest chain of the kernel is 4. */
const maxChain = 6

/**
 * The pattern rule of the makefile that makes a file, as make looks for it: one whose prerequisites are there or can be made, and
 * none where an explicit rule has a recipe (GNU make implicit.c pattern_search()).
 */
export function patternFor(search: Search, name: string, chain: readonly Rule[] = []): Candidate | null {
  const { rules, isSource } = search
  if (chain.length >= maxChain || isSource(name) || hasRecipe(rules, name)) return null
  const candidates = rules.patterns(name).filter(({ rule }) => rule.recipe.length > 0 && !chain.includes(rule))
  const isThere = (rule: Rule, file: string): boolean =>
    file === 'FORCE' ||
    isSource(file) ||
    rules.target(file) !== null ||
    patternFor(search, file, [...chain, rule]) !== null
  return candidates.find(({ rule, prerequisites }) => prerequisites.every(({ text }) => isThere(rule, text))) ?? null
}

function hasRecipe(rules: DirectoryRules, name: string): boolean {
  return (rules.target(name)?.recipes.length ?? 0) > 0
}
