import { describe, expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import { definitionsOf, engineOf, includedBy } from '../../../src/review/recipe-closure.ts'
import type { MakefileView } from '../../../src/review/rule.ts'
import { treeOf } from '../../support/tree.ts'

const facts = createFacts()

/** A tree, how its makefiles are opened, and the one at a path. */
function open(files: Record<string, string>, path: string) {
  const tree = treeOf(files)
  const makefile = (each: string): MakefileView | null => facts.makefile(tree, each)
  const view = makefile(path)
  if (view === null) return expect.unreachable(`there is no ${path}`)
  return { tree, makefile, view }
}

describe('includedBy', () => {
  it('follows paths from the top and beside the makefile, at any depth', () => {
    const files = {
      'drivers/boards/Makefile': 'include $(srctree)/drivers/boards/Makefile.codecs\n',
      'drivers/boards/Makefile.codecs': 'include $(src)/tables.mk\n-include include/config/auto.conf\n',
      'drivers/boards/tables.mk': 'cmd_table = sort\n',
    }
    const { makefile, view } = open(files, 'drivers/boards/Makefile')
    const { makefiles, isWhole } = includedBy(view, makefile)
    expect(makefiles.map(({ path }) => path)).toEqual(Object.keys(files))
    expect(isWhole).toBe(true)
  })

  it('says that something is missing where a path holds a variable or names nothing', () => {
    for (const path of ['$(BOARD)/Makefile.board', '$(src)/missing.mk']) {
      const { makefile, view } = open({ 'drivers/boards/Makefile': `include ${path}\n` }, 'drivers/boards/Makefile')
      expect(includedBy(view, makefile)).toEqual({ makefiles: [view], isWhole: false })
    }
  })

  it('ends where makefiles include each other', () => {
    const files = {
      'drivers/boards/Makefile': 'include $(src)/a.mk\n',
      'drivers/boards/a.mk': 'include $(src)/Makefile\n',
    }
    const { makefile, view } = open(files, 'drivers/boards/Makefile')
    expect(includedBy(view, makefile).makefiles).toHaveLength(2)
  })
})

describe('engineOf and definitionsOf', () => {
  it('find a command of scripts/Makefile.lib, and nothing in the makefile of scripts/ itself', () => {
    const files = {
      'scripts/Makefile': 'cmd_copy = false\n',
      'scripts/Makefile.lib': 'cmd_copy = cat $< > $@\n',
      'scripts/Kbuild.include': 'if_changed = $(cmd_$(1))\n',
    }
    const { tree, makefile } = open(files, 'scripts/Makefile.lib')
    const engine = engineOf({ tree, makefile })
    expect(engine.map(({ path }) => path)).toEqual(['scripts/Kbuild.include', 'scripts/Makefile.lib'])
    expect(definitionsOf('cmd_copy', engine).map((each) => each.makefile.path)).toEqual(['scripts/Makefile.lib'])
  })
})
