import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { evaluateExternalModule, evaluateSharedScript } from '../../../src/kbuild/external-module.ts'
import { treeOf } from '../../support/tree.ts'

const module = [
  'ifneq ($(KERNELRELEASE),)',
  'obj-m := modem.o',
  'modem-y := at.o',
  'modem-$(CONFIG_DMA) += dma.o',
  'ccflags-y := -I$(src)/include',
  'else',
  'KDIR ?= /lib/modules/$(shell uname -r)/build',
  'modules:',
  '\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules',
  'clean:',
  '\t$(MAKE) -C $(KDIR) M=$(CURDIR) clean',
  'endif',
  '',
].join('\n')

const tree = treeOf({
  'scripts/Makefile.modfinal': [
    'include include/config/auto.conf',
    'include $(srctree)/scripts/Kbuild.include',
    '%.ko: %.o $(and $(CONFIG_BTF),$(KBUILD_BUILTIN),vmlinux) $(extmod_prefix).common.o FORCE',
    '\t$(call if_changed,ld)',
    'ifdef KBUILD_EXTMOD',
    'log: System.map',
    'endif',
    '',
  ].join('\n'),
  'scripts/Kbuild.include': 'if_changed = $(cmd_$(1))\n',
  'samples/modem/Makefile': module,
})

describe('evaluateExternalModule', () => {
  const found = evaluateExternalModule(tree, 'samples/modem')

  it('reads the lists as Kbuild does, KERNELRELEASE being set', () => {
    const { kbuild, conditions } = found ?? {}
    expect(kbuild?.lists.module.map(({ text }) => text)).toEqual(['modem.o'])
    const parts = kbuild?.lists.composites.get('modem.o')?.moduleParts ?? []
    const print = (when: number): string => (conditions === undefined ? '' : printCond(conditions, when))
    expect(parts.map(({ text, when }) => [text, print(when)])).toEqual([
      ['at.o', 'always'],
      ['dma.o', 'CONFIG_DMA=y'],
      ['dma.o', 'CONFIG_DMA=m'],
    ])
    expect(kbuild?.rules.names).toEqual([])
    expect(kbuild?.evaluation.words('ccflags-y').words.map(({ text }) => text)).toEqual([
      '-I/kernel/samples/modem/include',
    ])
  })

  it('reads the rules as the make does that people call', () => {
    expect(found?.wrapper?.rules.names).toEqual(['modules', 'clean'])
    expect(found?.wrapper?.evaluation.words('obj-m').words).toEqual([])
    expect(found?.wrapper?.evaluation.words('KDIR').unknown.map(({ unknown }) => unknown.key)).toEqual([
      '$(shell uname -r)',
    ])
  })

  it('is nothing where there is no makefile', () => {
    expect(evaluateExternalModule(tree, 'samples/none')).toBeNull()
  })
})

describe('evaluateSharedScript', () => {
  const needs = (mode: 'kernel' | 'external') => {
    const found = evaluateSharedScript(tree, 'scripts/Makefile.modfinal', { mode })
    if (found === null) throw new Error('no script')
    const { rules, conditions } = found
    return rules.all.flatMap(({ prerequisites }) =>
      prerequisites.map(({ text, when }) => `${text} ${printCond(conditions, when)}`),
    )
  }

  it('tells what a rule needs where the kernel is built, and where a module alone is', () => {
    expect(needs('kernel')).toEqual(['%.o always', 'vmlinux CONFIG_BTF', '.common.o always', 'FORCE always'])
    expect(needs('external')).toEqual(['%.o always', '/module/.common.o always', 'FORCE always', 'System.map always'])
  })

  it('says which files it reads, and which are generated', () => {
    const found = evaluateSharedScript(tree, 'scripts/Makefile.modfinal', { mode: 'external' })
    expect(found?.files.map(({ path, there }) => `${path} ${there}`)).toEqual([
      'scripts/Makefile.modfinal read',
      'include/config/auto.conf missing',
      'scripts/Kbuild.include read',
    ])
    expect(evaluateSharedScript(tree, 'scripts/Makefile.none', { mode: 'kernel' })).toBeNull()
  })
})
