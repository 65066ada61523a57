import { describe, expect, it } from 'vitest'
import { widenToDirectory } from '../../../src/review/scope.ts'
import { treeOf } from '../../support/tree.ts'

const tree = treeOf({
  'drivers/clk/Makefile': 'include $(src)/Makefile.gates\n',
  'drivers/clk/Kbuild': '',
  'drivers/clk/Makefile.gates': '',
  'drivers/clk/Makefile.boards': '-include Makefile.gates\n# include Makefile.other\n',
  'drivers/clk/Makefile.alone': 'X := Makefile.gates\n',
  'drivers/clk/Kconfig': '',
  'drivers/clk/mux.c': '',
  'drivers/reset/Makefile': 'include ../clk/Makefile.gates\n',
  Makefile: '',
})

describe('widenToDirectory', () => {
  it('takes a touched makefile, the makefile of its directory and those beside it that include it', () => {
    expect(widenToDirectory(tree, ['drivers/clk/Makefile.gates'])).toEqual([
      'drivers/clk/Kbuild',
      'drivers/clk/Makefile',
      'drivers/clk/Makefile.boards',
      'drivers/clk/Makefile.gates',
    ])
  })

  it('takes for a source the makefile that decides whether it is built, also when it is gone', () => {
    const makefiles = ['drivers/clk/Kbuild', 'drivers/clk/Makefile']
    expect(widenToDirectory(tree, ['drivers/clk/mux.c'])).toEqual(makefiles)
    expect(widenToDirectory(tree, ['drivers/clk/gone.c'])).toEqual(makefiles)
  })

  it('takes a touched Kconfig file, and of the top only the top', () => {
    expect(widenToDirectory(tree, ['drivers/clk/Kconfig'])).toContain('drivers/clk/Kconfig')
    expect(widenToDirectory(tree, ['Makefile', 'README'])).toEqual(['Makefile'])
    expect(widenToDirectory(tree, [])).toEqual([])
  })
})
