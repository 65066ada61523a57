import { describe, expect, it } from 'vitest'
import { textOf } from '../../../src/make/expr-text.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { rulesWithRecipes } from '../../../src/make/recipes.ts'

function recipesOf(text: string): Record<string, string[]> {
  const byTarget: Record<string, string[]> = {}
  for (const { rule, recipes } of rulesWithRecipes(parseMakefile(text))) {
    byTarget[textOf(text, rule.targets)] = recipes.map(({ recipe, enclosing }) =>
      `${textOf(text, recipe.text)} ${enclosing.map(({ branch }) => branch).join('.')}`.trim(),
    )
  }
  return byTarget
}

describe('rulesWithRecipes', () => {
  it('gives each rule its lines, over comments and empty lines', () => {
    expect(recipesOf('a:\n\tone\n\n# note\n\ttwo\nb: ; inline\nc:\n\tthree\n')).toEqual({
      a: ['one', 'two'],
      b: [],
      c: ['three'],
    })
  })

  it('gives a rule the lines in conditionals behind it, with their branches', () => {
    expect(recipesOf('a:\nifdef X\n\tone\nelse\nifdef Y\n\ttwo\nendif\nendif\n\tthree\n')).toEqual({
      a: ['one 0', 'two 1.0', 'three'],
    })
  })

  it('gives a line behind a conditional to the rule that each branch ends with', () => {
    expect(recipesOf('ifdef X\na: b\nelse\nc: d\nendif\n\tone\n')).toEqual({ a: ['one'], c: ['one'] })
    expect(recipesOf('a:\nifdef X\nb:\nendif\n\tone\n')).toEqual({ a: ['one'], b: ['one'] })
  })

  it('leaves out variables of targets, and lines behind anything that ends a rule', () => {
    expect(recipesOf('a: X := 1\n$(call f)\n\tone\n')).toEqual({})
    expect(recipesOf('a:\n$(call f)\n\tone\n')).toEqual({ a: [] })
  })
})
