import { describe, expect, it } from 'vitest'
import { rulesWithRecipes } from '../../../src/make/recipes.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { commandVariables } from '../../../src/review/recipe-commands.ts'
import { recipeTexts } from '../../../src/review/recipe-texts.ts'
import { definitionsIn } from '../../../src/review/recipe-variables.ts'
import { scriptsOf } from '../../../src/review/shell-scripts.ts'

const makefile = parseMakefile(`
quiet_cmd_table = GEN     $@
      cmd_table = $(gen) $(flags) > $@
gen = $(obj)/gen $(words)
words := $(shell cat words)
flags := -n
flags += -x
late += $(shell date)
unused = $(shell rm -f x)
$(vendor)-flags = -v
$(obj)/table: depth = 3
define list
  $(shell ls)
endef

$(obj)/table: $(src)/table.txt FORCE ; $(list)
	$(call if_changed,table)
	@echo $(late)
`)

describe('definitionsIn', () => {
  it('finds every variable with a name that is written out, those of targets and defines too', () => {
    const found = definitionsIn(makefile).map(({ name, op, ofTargets }) => [name, op, ofTargets !== null])
    expect(found).toContainEqual(['cmd_table', '=', false])
    expect(found).toContainEqual(['depth', '=', true])
    expect(found).toContainEqual(['list', '=', false])
    expect(found.map(([name]) => name)).not.toContain('$(vendor)-flags')
  })
})

describe('recipeTexts', () => {
  it('is the lines of recipes, commands, and what they name and make expands only then', () => {
    const texts = recipeTexts(makefile).map((part) => (part.kind === 'line' ? 'line' : part.definition.name))
    expect(texts).toEqual(['line', 'line', 'line', 'cmd_table', 'list', 'late', 'gen'])
  })
})

describe('commandVariables', () => {
  it('is what the macros of Kbuild make of the name that they are given', () => {
    const [rule] = rulesWithRecipes(makefile)
    expect(rule && commandVariables(makefile, rule)).toEqual(['cmd_table'])
  })
})

describe('scriptsOf', () => {
  it('finds the texts that a shell runs, with the variable that a $(shell) gives its value', () => {
    const scripts = scriptsOf(makefile)
    expect(scripts.filter(({ kind }) => kind === 'recipe')).toHaveLength(3)
    const commands = scripts.flatMap((script) => (script.kind === 'command' ? script.definition.name : []))
    expect(commands).toEqual(['cmd_table'])
    const shells = scripts.flatMap((script) => (script.kind === 'shell' ? script.variable : []))
    expect(shells).toEqual(['words', 'late', 'unused', 'list'])
  })
})
