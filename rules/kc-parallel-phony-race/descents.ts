import { exprWords, textOf } from '../../src/make/expr-text.ts'
import type { Range } from '../../src/make/cst.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../../src/make/recipes.ts'
import type { MakefileView } from '../../src/review/rule.ts'

/** A target whose recipe runs make in a directory. */
export type Descent = { readonly name: string; readonly directory: string; readonly range: Range }

/** Two such targets that one target needs, neither of which needs the other. */
export type DescentPair = { readonly parent: string; readonly first: Descent; readonly second: Descent }

/** The pairs of a makefile that may run at once, each once. */
export function descentsAtOnce(makefile: MakefileView): readonly DescentPair[] {
  const { syntax, text } = makefile
  if (!text.includes('$(build)=') || text.includes('.NOTPARALLEL')) return []
  const rules = rulesWithRecipes(syntax).filter(({ enclosing }) => enclosing.length === 0)
  const needs = needsOf(rules, text)
  const descents = new Map(rules.flatMap((rule) => descentsOf(rule, text)).map((each) => [each.name, each]))
  const pairs = new Map<string, DescentPair>()
  for (const [parent, names] of needs) {
    const own = [...names].flatMap((name) => descents.get(name) ?? [])
    for (const [at, second] of own.entries()) {
      for (const first of own.slice(0, at)) {
        const key = `${first.name} ${second.name}`
        if (first.directory !== second.directory || pairs.has(key)) continue
        if (reaches(needs, first.name, second.name) || reaches(needs, second.name, first.name)) continue
        pairs.set(key, { parent, first, second })
      }
    }
  }
  return [...pairs.values()]
}

/** What each target needs, by all rule lines, as it is written; `|` counts. */
function needsOf(rules: readonly RuleWithRecipes[], text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>()
  for (const { rule } of rules) {
    const words = [rule.prerequisites, ...(rule.orderOnly === null ? [] : [rule.orderOnly])].flatMap((expr) =>
      exprWords(text, expr),
    )
    for (const target of exprWords(text, rule.targets)) {
      const known = needs.get(textOf(text, target)) ?? new Set<string>()
      for (const word of words) known.add(textOf(text, word))
      needs.set(textOf(text, target), known)
    }
  }
  return needs
}

function descentsOf({ rule, recipes }: RuleWithRecipes, text: string): readonly Descent[] {
  const lines = recipes.filter(({ enclosing }) => enclosing.length === 0).map(({ recipe }) => textOf(text, recipe.text))
  const directory = lines.flatMap((line) => /\$\(MAKE\)\s+\$\(build\)=(\S+)/.exec(line)?.[1] ?? [])[0]
  if (directory === undefined || directory.includes('$@') || directory.includes('$*')) return []
  return exprWords(text, rule.targets).map((word) => ({ name: textOf(text, word), directory, range: word.range }))
}

function reaches(needs: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>()
  const waiting = [from]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === to) return true
    if (seen.has(name)) continue
    seen.add(name)
    waiting.push(...(needs.get(name) ?? []))
  }
  return false
}
