import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { enterDirectories } from '../../../src/kbuild/entered-directories.ts'
import { heldCond, targetsOf, withGoals } from '../../../src/kbuild/directory-targets.ts'
import { readScriptRules } from '../../../src/kbuild/script-rules.ts'
import { modelWithClk } from './built-kernel.ts'

const files = {
  'arch/x86/Makefile': [
    'include $(srctree)/scripts/Kbuild.include',
    'boot := arch/x86/boot',
    'BOOT_VARS = BOOT_LOAD=0x100000',
    'bzImage zImage: vmlinux',
    '\t$(Q)$(MAKE) $(build)=$(boot) $(BOOT_VARS) $(boot)/$@',
    'archclean:',
    '\t$(Q)$(MAKE) $(clean)=$(boot)',
    'archprepare:',
    'ifdef CONFIG_VDSO',
    '\t$(Q)$(MAKE) $(build)=arch/x86/vdso need-builtin=1 include/generated/vdso.h; \\',
    '\techo done',
    'endif',
    '',
  ].join('\n'),
  'arch/x86/boot/Makefile': [
    'setup-y := head.o',
    'targets += bzImage',
    '$(obj)/bzImage: $(obj)/compressed/vmlinux FORCE',
    '\t$(call if_changed,image)',
    '$(obj)/compressed/vmlinux: FORCE',
    '\t$(Q)$(MAKE) $(build)=$(@D) $@',
    '',
  ].join('\n'),
  'arch/x86/boot/compressed/Makefile': '$(obj)/vmlinux: $(obj)/piggy.o\n\t$(call if_changed,ld)\n',
  'arch/x86/vdso/Makefile': 'obj-y += vma.o\nobj-$(CONFIG_VDSO32) += vdso32/\n',
  'arch/x86/vdso/vdso32/Makefile': 'obj-y += note.o\n',
  'scripts/Kbuild.include': [
    'build := -f $(srctree)/scripts/Makefile.build obj',
    'clean := -f $(srctree)/scripts/Makefile.clean obj',
    'kbuild-file = $(or $(wildcard $(src)/Kbuild),$(src)/Makefile)',
    '',
  ].join('\n'),
}

const { model } = modelWithClk([], files)
const { descents, directories } = enterDirectories(model)

describe('enterDirectories', () => {
  it('knows each make that a recipe starts: where, for what, and when', () => {
    const lines = descents.map(
      ({ target, script, directory, goals, variables, when }) =>
        `${target}: ${script} ${directory} [${goals.map(({ text }) => text).join(' ')}] [${variables.join(' ')}] ${printCond(model.conditions, when)}`,
    )
    expect(lines).toEqual([
      'bzImage: scripts/Makefile.build arch/x86/boot [arch/x86/boot/bzImage] [] always',
      'zImage: scripts/Makefile.build arch/x86/boot [arch/x86/boot/zImage] [] always',
      'archclean: scripts/Makefile.clean arch/x86/boot [] [] always',
      'archprepare: scripts/Makefile.build arch/x86/vdso [include/generated/vdso.h] [need-builtin=1] CONFIG_VDSO',
      'arch/x86/boot/compressed/vmlinux: scripts/Makefile.build arch/x86/boot/compressed [arch/x86/boot/compressed/vmlinux] [] always',
    ])
  })

  it('models those directories and what is below them, but not as part of the ordinary descent', () => {
    expect([...directories.keys()].sort()).toEqual([
      'arch/x86/boot',
      'arch/x86/boot/compressed',
      'arch/x86/vdso',
      'arch/x86/vdso/vdso32',
    ])
    expect([...model.directories.keys()].some((path) => directories.has(path))).toBe(false)
    const vdso = directories.get('arch/x86/vdso/vdso32')
    expect(printCond(model.conditions, vdso?.needBuiltin ?? 0)).toBe('CONFIG_VDSO && CONFIG_VDSO32=y')
    expect(vdso?.by).toEqual([])
  })

  it('counts the goals that a directory is entered for as words of its $(targets)', () => {
    const boot = directories.get('arch/x86/boot/compressed')
    if (boot === undefined) throw new Error('not entered')
    const targets = targetsOf(model, boot, readScriptRules(model))
    const held = (all: typeof targets): string =>
      printCond(model.conditions, heldCond(model.conditions, all, 'arch/x86/boot/compressed/vmlinux'))
    expect(held(targets)).toBe('never')
    expect(held(withGoals(model.conditions, targets, boot.by))).toBe('always')
  })
})
