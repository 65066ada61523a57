import { describe, expect, it } from 'vitest'
import { createTreeClosures } from '../../../src/review/closures.ts'
import { treeOf } from '../../support/tree.ts'

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
})
