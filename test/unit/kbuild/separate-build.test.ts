import { describe, expect, it } from 'vitest'
import { separateBuild, sourcePath, srcIsSource } from '../../../src/kbuild/separate-build.ts'
import { treeOf } from '../../support/tree.ts'
import { modelWithClk } from './built-kernel.ts'

/** The words of a variable of drivers/clk with these lines, as a build with its output elsewhere has them. */
function wordsIn(name: string, lines: readonly string[], files: Readonly<Record<string, string>> = {}): string {
  const { model, clk } = modelWithClk(lines, files)
  const build = separateBuild(model, clk.path)
  return (
    build?.evaluation
      .words(name)
      .words.map(({ text }) => text)
      .join(' ') ?? 'no makefile'
  )
}

describe('separateBuild', () => {
  it('leads to the sources by srctree and src, and to what is built by obj and objtree', () => {
    const lines = ['where := $(srctree)/lib $(src)/clk.c $(obj)/clk.o $(objtree)/include']
    expect(wordsIn('where', lines)).toBe('<srctree>/lib <srctree>/drivers/clk/clk.c drivers/clk/clk.o ./include')
  })

  it('finds sources below srctree and src', () => {
    const files = { 'drivers/clk/pll.c': '', 'drivers/clk/gate.c': '' }
    expect(wordsIn('found', ['found := $(notdir $(wildcard $(src)/*.c))'], files)).toBe('gate.c pll.c')
  })

  it('includes makefiles by either name', () => {
    const files = { 'drivers/clk/Makefile.pll': 'plls += $(src)/pll.c\n' }
    const lines = ['include drivers/clk/Makefile.pll', 'include $(srctree)/drivers/clk/Makefile.pll']
    expect(wordsIn('plls', lines, files)).toBe('<srctree>/drivers/clk/pll.c <srctree>/drivers/clk/pll.c')
  })

  it('has src where the objects are in trees before Linux 6.10', () => {
    const files = { 'scripts/Makefile.build': 'src := $(obj)\n' }
    expect(wordsIn('where', ['where := $(src)/clk.c $(srctree)/$(src)/clk.c'], files)).toBe(
      'drivers/clk/clk.c <srctree>/drivers/clk/clk.c',
    )
  })

  it('is the evaluation of the model where neither the makefile nor what it includes asks for what differs', () => {
    const isSame = (lines: readonly string[], files: Readonly<Record<string, string>> = {}): boolean => {
      const { model, clk } = modelWithClk(lines, files)
      return separateBuild(model, clk.path)?.evaluation === clk.evaluation
    }
    const included = { 'drivers/clk/Makefile.pll': 'pll = $(src)/pll.c\n' }
    expect(isSame(['obj-y += clk.o', '$(obj)/clk.o: $(obj)/ids.h'])).toBe(true)
    expect(isSame(['where = $(src)/clk.c'])).toBe(false)
    expect(isSame(['found := $(wildcard drivers/clk/*.c)'])).toBe(false)
    expect(isSame(['tree = srctree', 'where = $($(tree))/lib'])).toBe(false)
    expect(isSame(['include drivers/clk/Makefile.pll'], included)).toBe(false)
    expect(isSame(['a = s', 'where = $($(a)rc)'])).toBe(false)
  })

  it('has nothing to say of a directory without a makefile', () => {
    expect(separateBuild(modelWithClk([]).model, 'drivers/rtc')).toBeNull()
  })
})

describe('srcIsSource', () => {
  it('asks scripts/Makefile.build, and takes a tree without it for a new one', () => {
    expect(srcIsSource(treeOf({ 'scripts/Makefile.build': 'src := $(obj)\n' }))).toBe(false)
    expect(srcIsSource(treeOf({}))).toBe(true)
  })
})

describe('sourcePath', () => {
  it('gives the path of a source, and null for what is elsewhere', () => {
    expect(sourcePath('<srctree>/./drivers/clk/../rtc/rtc.c')).toBe('drivers/rtc/rtc.c')
    expect(sourcePath('drivers/clk/clk.o')).toBeNull()
  })
})
