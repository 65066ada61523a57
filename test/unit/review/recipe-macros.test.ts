import { expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import { macroCalls } from '../../../src/review/recipe-macros.ts'
import { treeOf } from '../../support/tree.ts'

const text = `
define rule_board
	$(call cmd_and_fixdep,board)
endef

$(obj)/table.h: $(src)/boards.txt FORCE
	$(call if_changed, table)
	$(call cmd,$(kind)_table)
	$(call escsq,table)

$(obj)/version.h: FORCE ; $(call filechk,version)
`

it('finds the calls of the macros of Kbuild, with their names as they are written', () => {
  const view = createFacts().makefile(treeOf({ 'drivers/boards/Makefile': text }), 'drivers/boards/Makefile')
  const calls = view === null ? [] : macroCalls(view)
  expect(calls.map(({ macro, stemText, rule }) => [macro, stemText, rule !== null])).toEqual([
    ['if_changed', ' table', true],
    ['cmd', null, true],
    ['filechk', 'version', true],
    ['cmd_and_fixdep', 'board', false],
  ])
})
