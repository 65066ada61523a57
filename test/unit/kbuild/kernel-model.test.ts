import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { modelForArch, modelKernel, remodelKernel } from '../../../src/kbuild/kernel-model.ts'
import type { KernelModel } from '../../../src/kbuild/kernel-model.ts'
import { kernelWith, smallKernel } from './small-kernel.ts'

function reached({ directories, conditions }: KernelModel): Record<string, string> {
  return Object.fromEntries([...directories].map(([path, { when }]) => [path, printCond(conditions, when)]))
}

describe('modelKernel', () => {
  it('descends from the top with the condition of each directory', () => {
    expect(reached(modelKernel(kernelWith({}), { arch: 'x86' }))).toEqual({
      '.': 'always',
      'arch/x86': 'always',
      drivers: 'always',
      'arch/x86/lib': 'always',
      'arch/x86/kernel': 'always',
      'drivers/firmware': 'always',
      'drivers/serial': 'CONFIG_SERIAL',
      'drivers/clk': 'always',
      'drivers/firmware/loader': 'always',
    })
  })

  it('descends from where the top Makefile sends make, before the top Kbuild did that', () => {
    const top = [
      'ARCH ?= x86',
      'SRCARCH := $(ARCH)',
      'drivers-$(CONFIG_DRIVERS) := drivers/',
      'drivers-m += drivers/',
      'include $(srctree)/arch/$(SRCARCH)/Makefile',
      'core-y += arch/x86/',
      'vmlinux-dirs := $(patsubst %/,%,$(filter %/, $(core-y) $(core-m) $(drivers-y) $(drivers-m) $(libs-y) $(libs-m)))',
      '',
    ].join('\n')
    const model = modelKernel(kernelWith({ Makefile: top, Kbuild: 'always-y += bounds.h\n' }), { arch: 'x86' })
    expect(reached(model)).toMatchObject({ '.': 'always', 'arch/x86/kernel': 'always', drivers: 'always' })
    expect(printCond(model.conditions, model.directories.get('drivers/clk')?.needBuiltin ?? 0)).toBe('always')
    expect(remodelKernel(model, model.tree, []).directories.size).toBe(model.directories.size)
  })

  it('hands need-builtin down obj-y alone, not subdir-y or obj-m', () => {
    const { directories, conditions } = modelKernel(kernelWith({}), { arch: 'x86' })
    const needs = (path: string) => printCond(conditions, directories.get(path)?.needBuiltin ?? 0)
    expect(needs('drivers/clk')).toBe('always')
    expect(needs('drivers/serial')).toBe('CONFIG_SERIAL=y')
    expect(needs('drivers/firmware')).toBe('never')
    expect(needs('drivers/firmware/loader')).toBe('never')
  })

  it('takes Kbuild before Makefile', () => {
    const tree = kernelWith({ 'drivers/clk/Kbuild': 'obj-y += other.o\n' })
    expect(modelKernel(tree, { arch: 'x86' }).directories.get('drivers/clk')?.makefile).toBe('drivers/clk/Kbuild')
  })

  it('names directories that have no makefile', () => {
    const tree = kernelWith({ 'drivers/clk/Makefile': null })
    expect(modelKernel(tree, { arch: 'x86' }).missing.map(({ path }) => path)).toEqual(['drivers/clk'])
  })

  it('joins the conditions of a directory that two makefiles descend into', () => {
    const tree = kernelWith({ 'drivers/clk/Makefile': 'obj-$(CONFIG_CLK_UART) += ../serial/\n' })
    expect(reached(modelKernel(tree, { arch: 'x86' }))['drivers/clk/../serial']).toBe('CONFIG_CLK_UART')
  })

  it('ends where directories descend into each other', () => {
    const tree = kernelWith({ 'drivers/clk/Makefile': 'obj-y += ../clk/\n' })
    expect(modelKernel(tree, { arch: 'x86' }).directories.size).toBeLessThan(60)
  })

  it('takes src from the scripts of the tree, as 6.13 and later set it', () => {
    const scripts = 'src := $(srcroot)/$(obj)\nobj-y :=\n-include $(objtree)/include/config/auto.conf\n'
    const tree = kernelWith({
      'scripts/Makefile.build': scripts,
      'drivers/clk/Makefile': 'include $(src)/lists.mk\n',
      'drivers/clk/lists.mk': 'obj-y += gate.o\n',
    })
    const lists = modelKernel(tree, { arch: 'x86' }).directories.get('drivers/clk')?.lists
    expect(lists?.builtin.map(({ text }) => text)).toEqual(['gate.o'])
  })

  it('models a part of a kernel without scripts and without a top Makefile', () => {
    const bare = { Makefile: null, 'scripts/Makefile.build': null, 'scripts/Makefile.lib': null }
    const model = modelKernel(kernelWith(bare), { arch: 'x86' })
    expect(model.directories.has('arch/x86/kernel')).toBe(true)
    expect(model.scripts.prefixed.has('real-obj-y')).toBe(true)
  })
})

describe('remodelKernel', () => {
  const known = modelKernel(kernelWith({}), { arch: 'x86' })
  const anew = (model: KernelModel): string[] =>
    [...model.parts].flatMap(([path, parts]) => (known.parts.get(path) === parts ? [] : [path]))

  it('evaluates anew only the directory whose makefile changed', () => {
    const tree = kernelWith({ 'drivers/clk/Makefile': 'obj-$(CONFIG_CLK) += clk.o\n' })
    const model = remodelKernel(known, tree, ['drivers/clk/Makefile'])
    expect(anew(model)).toEqual(['drivers/clk'])
    expect(model.directories.get('drivers/clk')?.lists.builtin[0]?.text).toBe('clk.o')
  })

  it('sees a Kbuild that appears beside a Makefile', () => {
    const tree = kernelWith({ 'drivers/clk/Kbuild': 'obj-y += other.o\n' })
    const model = remodelKernel(known, tree, ['drivers/clk/Kbuild'])
    expect(model.directories.get('drivers/clk')?.makefile).toBe('drivers/clk/Kbuild')
  })

  it('hands a new condition on to directories that it does not evaluate anew', () => {
    const tree = kernelWith({ 'drivers/Makefile': 'obj-$(CONFIG_CLK) += clk/\n' })
    const model = remodelKernel(known, tree, ['drivers/Makefile'])
    expect(anew(model)).toEqual(['drivers'])
    expect(reached(model)['drivers/clk']).toBe('CONFIG_CLK')
    expect(model.directories.has('drivers/serial')).toBe(false)
  })

  it('evaluates anew what uses an exported variable that changed, and nothing else', () => {
    const tree = kernelWith({ 'arch/x86/Makefile': 'BITS := 64\nlibs-y += arch/x86/lib/\n' })
    const model = remodelKernel(known, tree, ['arch/x86/Makefile'])
    expect(anew(model).sort()).toEqual(['arch/x86/kernel', 'arch/x86/lib'])
  })

  it('evaluates nothing anew where a script changes and sets the same for directories', () => {
    const script = smallKernel['scripts/Kbuild.include'] as string
    const path = 'scripts/Kbuild.include'
    const commented = kernelWith({ [path]: `# commas of arguments\n${script}PHONY += FORCE\n` })
    expect(anew(remodelKernel(known, commented, [path]))).toEqual([])
    const other = remodelKernel(known, kernelWith({ [path]: 'comma := ;\n' }), [path])
    expect(anew(other)).toHaveLength(known.parts.size)
  })

  it('evaluates what lists directories anew where files come or go, not where one changes', () => {
    const listing = `${smallKernel['Makefile'] as string}export boards := $(wildcard arch/x86/board-*)\n`
    const base = modelKernel(kernelWith({ Makefile: listing }), { arch: 'x86' })
    const topAfter = (path: string) =>
      remodelKernel(base, kernelWith({ Makefile: listing, [path]: 'obj-y += clk.o\n' }), [path]).top
    expect(topAfter('drivers/clk/Makefile')).toBe(base.top)
    expect(topAfter('arch/x86/board-pc')).not.toBe(base.top)
  })
})

describe('modelForArch', () => {
  const files = {
    'arch/x86/Makefile': 'export CC_FLAGS_TRACE := -pg\nlibs-y += arch/x86/lib/\n',
    'arch/sh/Makefile': 'export CC_FLAGS_TRACE := -ftrace\n',
    'arch/sh/Kbuild': 'obj-y += kernel/\n',
    'arch/sh/kernel/Makefile': 'obj-y += sh.o\n',
    'drivers/Makefile': 'obj-y += clk/ trace/\n',
    'drivers/trace/Makefile': 'obj-y += trace.o\n$(obj)/trace$(CC_FLAGS_TRACE).h: FORCE\n\ttouch $@\n',
    'drivers/clk/Makefile':
      'obj-y += clk.o\nCFLAGS_REMOVE_clk.o = $(CC_FLAGS_TRACE)\n$(obj)/clk.h: FORCE\n\ttouch $@\n',
  }
  const tree = kernelWith(files)
  const flags = (model: KernelModel): readonly string[] =>
    model.directories
      .get('drivers/clk')
      ?.evaluation.words('CFLAGS_REMOVE_clk.o')
      .words.map(({ text }) => text) ?? []

  it('takes over lists, and has the flags of its own architecture', () => {
    const usual = modelKernel(tree, { arch: 'x86' })
    const other = modelForArch(usual, 'sh')
    expect(other.parts.get('drivers/clk')?.lists).toBe(usual.parts.get('drivers/clk')?.lists)
    expect([flags(other), flags(usual), flags(modelForArch(usual, 'sh'))]).toEqual([['-ftrace'], ['-pg'], ['-ftrace']])
    expect(other.directories.has('arch/sh/kernel')).toBe(true)
  })

  it('takes over what statements do, and is right about a makefile that asks for the architecture while it is read', () => {
    const rules = (model: KernelModel, path: string) => model.directories.get(path)?.evaluation.rules
    const usual = modelKernel(tree, { arch: 'x86' })
    const other = modelForArch(usual, 'sh')
    expect(rules(other, 'drivers/clk')).toBe(rules(usual, 'drivers/clk'))
    expect(rules(other, 'drivers/clk')?.flatMap(({ targets }) => targets.map(({ text }) => text))).toEqual([
      'drivers/clk/clk.h',
    ])
    const targets = rules(other, 'drivers/trace')?.flatMap((rule) => rule.targets.map(({ text }) => text))
    expect(targets).toEqual(['drivers/trace/trace-ftrace.h'])
  })

  it('takes over lists beside flags that are handed on while the makefile is read', () => {
    const kept = 'trace_flags := $(filter -f%,$(CC_FLAGS_TRACE))\nCFLAGS_clk.o := $(trace_flags)\nobj-y += clk.o\n'
    const given = 'name := $(CC_FLAGS_TRACE)\nobj-y += trace$(name).o\n'
    const handing = kernelWith({ ...files, 'drivers/clk/Makefile': kept, 'drivers/trace/Makefile': given })
    const usual = modelKernel(handing, { arch: 'x86' })
    const other = modelForArch(usual, 'sh')
    const words = ({ directories }: KernelModel, path: string, list: string) =>
      directories
        .get(path)
        ?.evaluation.words(list)
        .words.map(({ text }) => text)
    expect(other.parts.get('drivers/clk')?.lists).toBe(usual.parts.get('drivers/clk')?.lists)
    expect([usual, other].map((model) => words(model, 'drivers/clk', 'CFLAGS_clk.o'))).toEqual([[], ['-ftrace']])
    expect(other.directories.get('drivers/trace')?.lists.builtin.map(({ text }) => text)).toEqual(['trace-ftrace.o'])
  })

  it('evaluates anew what may list more than it gives its variables', () => {
    const eager = 'obj-y += clk.o\nflags := $(if $(filter -f%,$(CC_FLAGS_TRACE)),$(eval obj-y += traced.o))\n'
    const other = modelForArch(
      modelKernel(kernelWith({ ...files, 'drivers/clk/Makefile': eager }), { arch: 'x86' }),
      'sh',
    )
    expect(other.directories.get('drivers/clk')?.lists.builtin.map(({ text }) => text)).toEqual(['clk.o', 'traced.o'])
  })

  it('evaluates anew where a flag that is handed on differs in a changed tree', () => {
    const top = `${smallKernel['Makefile'] as string}export FLAGS := -O2\n`
    const handing = { Makefile: top, 'drivers/clk/Makefile': 'CFLAGS_clk.o := $(FLAGS)\nobj-y += clk.o\n' }
    const before = modelKernel(kernelWith(handing), { arch: 'x86' })
    const after = remodelKernel(before, kernelWith({ ...handing, Makefile: top.replace('-O2', '-O3') }), ['Makefile'])
    const flags = after.directories.get('drivers/clk')?.evaluation.words('CFLAGS_clk.o').words
    expect(flags?.map(({ text }) => text)).toEqual(['-O3'])
  })

  it('evaluates anew in a changed tree what it asks for on its own architecture alone, asked before or not', () => {
    const top = `${smallKernel['Makefile'] as string}export sh_flags := -O2\nexport x86_flags := -O1\n`
    const makefile = 'flags := $($(SRCARCH)_flags)\nobj-y += clk.o\n'
    const own = { ...files, Makefile: top, 'drivers/clk/Makefile': makefile }
    const flagsOf = ({ directories }: KernelModel) =>
      directories
        .get('drivers/clk')
        ?.evaluation.words('flags')
        .words.map(({ text }) => text)
    const usual = modelKernel(kernelWith(own), { arch: 'x86' })
    const changed = kernelWith({ ...own, Makefile: top.replace('-O2', '-O3') })
    const asked = modelForArch(usual, 'sh')
    expect(flagsOf(asked)).toEqual(['-O2'])
    expect(
      [asked, modelForArch(usual, 'sh')].map((model) => flagsOf(remodelKernel(model, changed, ['Makefile']))),
    ).toEqual([['-O3'], ['-O3']])
  })
})
