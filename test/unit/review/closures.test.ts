import { describe, expect, it } from 'vitest'
import { createTreeClosures } from '../../../src/review/closures.ts'
import { treeOf, type TreeLiteral } from '../../support/tree.ts'

const selftests = 'tools/testing/selftests'

const tree = treeOf({
  'drivers/Makefile': 'include $(src)/flags.mk\nobj-y += codec.o\n',
  'drivers/flags.mk': 'ccflags-y += -DCODEC\n',
  [`${selftests}/Makefile`]: 'TARGETS += boards\n',
  [`${selftests}/lib.mk`]: 'all: $(TEST_GEN_PROGS)\n',
  [`${selftests}/boards/Makefile`]: 'TEST_GEN_PROGS := probe\ninclude boards.mk\n',
  [`${selftests}/boards/boards.mk`]: 'include ../lib.mk\n',
})

describe('createTreeClosures', () => {
  it('names the makefiles that make is started with for a fragment, through other fragments', () => {
    const closures = createTreeClosures(tree)
    expect(closures.readers(`${selftests}/lib.mk`)).toEqual([`${selftests}/boards/Makefile`])
    expect(closures.readers('drivers/flags.mk')).toEqual(['drivers/Makefile'])
  })

  it('names a makefile that make is started with itself', () => {
    expect(createTreeClosures(tree).readers(`${selftests}/boards/Makefile`)).toEqual([`${selftests}/boards/Makefile`])
  })

  it('tells the includers of a makefile that make is started with, too', () => {
    const closures = createTreeClosures(tree)
    expect(closures.includers(`${selftests}/boards/Makefile`)).toEqual([])
    expect(closures.includers(`${selftests}/boards/boards.mk`)).toEqual([`${selftests}/boards/Makefile`])
  })

  it('tells the includers of the tree before where no include line differs, and finds them anew where one does', () => {
    const moved = {
      'drivers/Makefile': 'obj-y += codec.o\ninclude $(src)/flags.mk\n',
      'drivers/flags.mk': 'ccflags-y += -DCODEC\n',
    }
    const before = treeOf({ ...moved, 'drivers/Makefile': 'include $(src)/flags.mk\n', 'boards/Makefile': '' })
    const closures = createTreeClosures(before)
    const after = (changes: TreeLiteral): readonly string[] => {
      const touched = ['drivers/Makefile', 'boards/Makefile', 'drivers/codec.c']
      const tree = treeOf({ ...moved, 'boards/Makefile': '', ...changes })
      return createTreeClosures(tree, undefined, { closures, tree: before, touched }).includers('drivers/flags.mk')
    }
    expect(after({ 'drivers/codec.c': '' })).toBe(closures.includers('drivers/flags.mk'))
    expect(after({ 'drivers/Makefile': 'obj-y += codec.o\n' })).toEqual([])
    expect(after({ 'boards/Makefile': 'include drivers/flags.mk\n' })).toEqual(['drivers/Makefile'])
    expect(after({ 'boards/Makefile': 'include ../drivers/flags.mk\n' })).toEqual([
      'boards/Makefile',
      'drivers/Makefile',
    ])
    const grown = treeOf({ ...moved, 'boards/Makefile': '', 'boards/Kbuild': 'include $(src)/../drivers/flags.mk\n' })
    const anew = createTreeClosures(grown, undefined, { closures, tree: before, touched: ['boards/Kbuild'] })
    expect(anew.includers('drivers/flags.mk')).toEqual(['boards/Kbuild', 'drivers/Makefile'])
  })

  it('has no closure of a fragment', () => {
    expect(createTreeClosures(tree).of(`${selftests}/lib.mk`)).toBeNull()
  })

  it('evaluates a selftest once, for its lists and for its closure', () => {
    const closures = createTreeClosures(tree)
    const selftest = closures.selftest(`${selftests}/boards`)
    expect(selftest?.lists.TEST_GEN_PROGS.map(({ text }) => text)).toEqual(['probe'])
    expect(closures.of(`${selftests}/boards/Makefile`)?.evaluation).toBe(selftest?.evaluation)
  })

  it('knows the directories that the top makefile of the selftests lists', () => {
    const targets = createTreeClosures(tree).selftestTargets()?.targets
    expect(targets?.map(({ directory }) => directory)).toEqual([`${selftests}/boards`])
  })

  it('reads a script that external modules are built with once in each mode', () => {
    const script = 'scripts/Makefile.modfinal'
    const closures = createTreeClosures(treeOf({ [script]: '$(extmod_prefix)modules.list: ; touch $@\n' }))
    const external = closures.sharedScript(script, 'external')
    expect(external?.rules.names).toEqual(['/module/modules.list'])
    expect(closures.sharedScript(script, 'kernel')?.rules.names).toEqual(['modules.list'])
    expect(closures.sharedScript(script, 'external')).toBe(external)
    expect(closures.sharedScript('scripts/Makefile.modinst', 'kernel')).toBeNull()
  })
})
