import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createConditions } from '../../src/cond/conditions.ts'
import type { Assignment, Tristate } from '../../src/cond/conditions.ts'
import { evaluateMakefile } from '../../src/make/evaluate.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import type { Rule } from '../../src/make/rule.ts'
import { phonyCond, targetNames, targetOf } from '../../src/make/targets.ts'
import type { Tree } from '../../src/text/tree.ts'
import { readTreeLiteral, treeOf } from '../support/tree.ts'
import type { RuleFact } from './database.ts'
import { parseDatabase } from './database.ts'
import { symbolsIn } from './eval/compare.ts'
import { oracleCases, runMake } from './run.ts'

const values: readonly Tristate[] = ['n', 'm', 'y']
const directory = join(import.meta.dirname, 'eval/rules')
const tree = treeOf(readTreeLiteral(directory))

/** All configurations of the symbols that a case mentions. */
function configurationsOf(symbols: readonly string[]): readonly ReadonlyMap<string, Tristate>[] {
  const none: readonly ReadonlyMap<string, Tristate>[] = [new Map()]
  return symbols.reduce(
    (maps, name) => maps.flatMap((map) => values.map((value) => new Map([...map, [name, value]]))),
    none,
  )
}

describe.each(oracleCases('eval/rules'))('$name', ({ file, text }) => {
  const conditions = createConditions()
  const include = (path: string) => {
    const found = tree.read(path)
    return found === null ? null : parseMakefile(found)
  }
  const { rules } = evaluateMakefile(parseMakefile(text), { conditions, file, tree, include })
  const configurations = configurationsOf(symbolsIn(text))

  it('gives every target the prerequisites and the recipe that GNU make gives it, under every configuration', () => {
    for (const symbols of configurations) {
      const under: Assignment = { symbol: (name) => symbols.get(name) ?? 'n', atom: () => false }
      const settings = [...symbols].map(([name, value]) => `CONFIG_${name}=${value === 'n' ? '' : value}`)
      const run = runMake(directory, ['-pnrR', '-f', file, ...settings])
      const theirs = parseDatabase(run.stdout, file).rules.filter((rule) => isExplicit(rule, tree))
      const ours = factsUnder(conditions, rules, under).filter((rule) => isExplicit(rule, tree))
      expect({ settings, rules: ours }).toEqual({ settings, rules: theirs })
      expect(warningsUnder(conditions, rules, under)).toEqual(overridden(run.stderr))
    }
  })
})

/** No pattern, no makefile that was read, and no name without anything to say about it. */
function isExplicit({ target, prerequisites, orderOnly, recipe }: RuleFact, files: Tree): boolean {
  if (target.includes('%') || files.read(target) !== null) return false
  return prerequisites.length + orderOnly.length + recipe.length > 0
}

type Conditions = ReturnType<typeof createConditions>

/** The targets for which make warns that a recipe is overridden. */
function overridden(stderr: string): readonly string[] {
  return [...stderr.matchAll(/overriding recipe for target '(.*)'$/gm)].map(([, target = '']) => target).sort()
}

function warningsUnder(conditions: Conditions, rules: readonly Rule[], under: Assignment): readonly string[] {
  return targetNames(rules)
    .filter((name) => targetOf(conditions, rules, name)?.replaced.some(({ when }) => conditions.holds(when, under)))
    .sort()
}

function factsUnder(conditions: Conditions, rules: readonly Rule[], under: Assignment): readonly RuleFact[] {
  const present = (words: readonly Word[]): string[] =>
    words.filter(({ when }) => conditions.holds(when, under)).map((word) => word.text)
  const facts = targetNames(rules).flatMap((name) => {
    const isDouble = targetOf(conditions, rules, name)?.isDoubleColon === true
    const groups = isDouble ? rules.map((rule) => [rule]) : [rules]
    return groups.flatMap((group): RuleFact[] => {
      const target = targetOf(conditions, group, name)
      if (target === null || !conditions.holds(target.when, under)) return []
      const recipe = target.recipes.find(({ when }) => conditions.holds(when, under))
      const lines = (recipe?.lines ?? []).filter(({ when }) => conditions.holds(when, under))
      const text = lines.map((line, index) => (index === 0 ? line.text : `\t${line.text}`)).join('\n')
      const prerequisites = present(target.prerequisites)
      return [{ target: name, isDouble, prerequisites, orderOnly: present(target.orderOnly), recipe: text }]
    })
  })
  return facts.sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0))
}

describe('a phony target', () => {
  it('is one where a prerequisite of .PHONY says so', () => {
    const conditions = createConditions()
    const text = oracleCases('eval/rules').find(({ name }) => name === 'phony')?.text ?? ''
    const { rules } = evaluateMakefile(parseMakefile(text), { conditions, file: 'phony.mk' })
    expect(phonyCond(conditions, rules, 'check')).toBe(conditions.isSet('USB'))
    expect(conditions.implies(conditions.isSet('USB'), phonyCond(conditions, rules, 'late'))).toBe(true)
    expect(phonyCond(conditions, rules, 'hub.o')).toBe(0)
  })
})
