import { describe, expect, it } from 'vitest'
import { cleanedDirectories, cleanPatterns, cleanScope, evaluateCleaned } from '../../../src/kbuild/clean-mode.ts'
import { treeOf } from '../../support/tree.ts'

const clean = [
  'include $(or $(wildcard $(obj)/Kbuild),$(obj)/Makefile)',
  '__clean-files := $(clean-files) $(targets) $(hostprogs) $(always-y) $(always-)',
  '__clean-files := $(wildcard $(addprefix $(obj)/,$(__clean-files)))',
  '',
].join('\n')

const top = [
  'clean-dirs := $(addprefix _clean_,$(sort . Documentation usr/))',
  'CLEAN_FILES += vmlinux.map',
  'clean: $(clean-dirs)',
  "\t@find . \\( -name '*.[aios]' -o -name '.tmp_*' \\) -type f -print | xargs rm -rf",
  'archclean:',
  '\t$(Q)$(MAKE) $(clean)=$(boot)',
  'boot := arch/x86/boot',
  '',
].join('\n')

const files = {
  Makefile: top,
  'scripts/Makefile.clean': clean,
  Kbuild: 'obj-$(CONFIG_SERIAL) += serial/\nobj-y += init/\n',
  'serial/Makefile': [
    'ifdef CONFIG_SERIAL',
    'targets += when-set.h',
    'endif',
    'always-$(CONFIG_UART) += table.h',
    'hostprogs := mktable',
    'clean-files := *.log late.c',
    'no-clean-files := late.c',
    'subdir-$(CONFIG_DMA) += dma',
    '',
  ].join('\n'),
  'init/Kbuild': 'targets += $(shell ls)\n',
  'init/Makefile': 'targets += not-read\n',
  'serial/dma/Makefile': 'targets := dma.h\n',
  'arch/x86/boot/Makefile': 'targets := setup.bin\n',
}

const scope = cleanScope(treeOf(files), 'x86')
const serial = evaluateCleaned(scope, 'serial')

describe('evaluateCleaned', () => {
  it('sees no symbol: what a condition guards is not cleaned, what a list of one names is', () => {
    expect(serial?.files.map(({ text, list }) => `${list} ${text}`)).toEqual([
      'clean-files *.log',
      'hostprogs mktable',
      'always- table.h',
    ])
  })

  it('says where a word is written', () => {
    const word = serial?.files.find(({ text }) => text === 'table.h')
    expect(files['serial/Makefile'].slice(word?.origin.start, word?.origin.end)).toBe('table.h')
  })

  it('goes to directories of symbols that are not set', () => {
    expect(serial?.subdirectories.map(({ text }) => text)).toEqual(['dma'])
  })

  it('reads the Kbuild of a directory before its Makefile, and names what it does not know', () => {
    const init = evaluateCleaned(scope, 'init')
    expect(init?.makefile).toBe('init/Kbuild')
    expect(init?.unknown.map(({ list, unknown }) => `${list} ${unknown.key}`)).toEqual(['targets $(shell ls)'])
  })

  it('reads the makefile alone where the tree has no scripts/Makefile.clean', () => {
    const part = cleanScope(treeOf({ 'serial/Makefile': files['serial/Makefile'] }), 'x86')
    expect(evaluateCleaned(part, 'serial')?.files.map(({ text }) => text)).toEqual(['*.log', 'mktable', 'table.h'])
    expect(evaluateCleaned(part, 'nowhere')).toBeNull()
  })
})

describe('cleanedDirectories', () => {
  it('starts at the top, at what the top Makefile names and where the architecture sends make', () => {
    expect([...cleanedDirectories(scope).keys()]).toEqual(['.', 'init', 'serial', 'serial/dma', 'arch/x86/boot'])
  })
})

describe('cleanPatterns', () => {
  it('are those of the recipe of clean', () => {
    expect(cleanPatterns(scope)).toEqual([
      { pattern: '*.[aios]', file: 'Makefile' },
      { pattern: '.tmp_*', file: 'Makefile' },
    ])
  })
})
