import { modelKernel } from '../../../src/kbuild/kernel-model.ts'
import type { Directory, KernelModel } from '../../../src/kbuild/kernel-model.ts'
import { kernelWith } from './small-kernel.ts'

/** The scripts of a kernel in small: the rules that every directory has, as they stand in those of Linux 6.12. */
const scripts: Readonly<Record<string, string>> = {
  'scripts/Makefile.build': [
    'src := $(if $(VPATH),$(VPATH)/)$(obj)',
    ...['obj-y', 'obj-m', 'lib-y', 'lib-m', 'always-y', 'targets', 'subdir-y', 'ccflags-y'].map((list) => `${list} :=`),
    'include $(srctree)/scripts/Kbuild.include',
    'include $(kbuild-file)',
    'include $(srctree)/scripts/Makefile.lib',
    'targets-for-modules := $(foreach x, o mod, $(patsubst %.o, %.$x, $(filter %.o, $(obj-m))))',
    '$(obj)/%.o: $(obj)/%.c FORCE',
    '\t$(call if_changed_rule,cc_o_c)',
    '$(obj)/%.o: $(obj)/%.S FORCE',
    '\t$(call if_changed_rule,as_o_S)',
    '$(obj)/%.asn1.c $(obj)/%.asn1.h: $(src)/%.asn1 $(objtree)/scripts/asn1_compiler',
    '\t$(call cmd,asn1_compiler)',
    'targets += $(call intermediate_targets, .asn1.o, .asn1.c .asn1.h)',
    'ifneq ($(hostprogs),)',
    'include $(srctree)/scripts/Makefile.host',
    'endif',
    '',
  ].join('\n'),
  'scripts/Makefile.host': [
    '$(obj)/%.tab.c $(obj)/%.tab.h: $(src)/%.y FORCE',
    '\t$(call if_changed,bison)',
    'targets += $(call intermediate_targets, .tab.o, .tab.c .tab.h)',
    '',
  ].join('\n'),
  'scripts/Makefile.lib': [
    'ifneq ($(obj),.)',
    ...['extra-y', 'always-y', 'obj-m', 'lib-y', 'real-obj-y', 'real-obj-m', 'subdir-ym'].map(
      (list) => `${list} := $(addprefix $(obj)/,$(${list}))`,
    ),
    'endif',
    '$(obj)/%: $(src)/%_shipped',
    '\t$(call cmd,copy)',
    '',
  ].join('\n'),
  'scripts/Makefile.clean': [
    'src := $(if $(VPATH),$(VPATH)/)$(obj)',
    'include $(srctree)/scripts/Kbuild.include',
    'include $(kbuild-file)',
    'subdir-ymn := $(sort $(subdir-y) $(subdir-m) $(subdir-) \\',
    '\t\t$(patsubst %/,%, $(filter %/, $(obj-y) $(obj-m) $(obj-))))',
    'subdir-ymn := $(addprefix $(obj)/,$(subdir-ymn))',
    '__clean-files := $(clean-files) $(targets) $(hostprogs) $(extra-y) $(extra-m) $(extra-) \\',
    '\t$(always-y) $(always-m) $(always-) $(hostprogs-always-y) $(hostprogs-always-m) $(hostprogs-always-)',
    '__clean-files := $(filter-out $(no-clean-files), $(__clean-files))',
    '__clean-files := $(wildcard $(addprefix $(obj)/, $(__clean-files)))',
    '',
  ].join('\n'),
  'scripts/Kbuild.include': 'comma := ,\nkbuild-file = $(or $(wildcard $(src)/Kbuild),$(src)/Makefile)\n',
}

/** A model of the small kernel with real scripts, and `lines` as drivers/clk/Makefile. */
export function modelWithClk(
  lines: readonly string[],
  others: Readonly<Record<string, string | null>> = {},
): { readonly model: KernelModel; readonly clk: Directory } {
  const tree = kernelWith({ ...scripts, 'drivers/clk/Makefile': `${lines.join('\n')}\n`, ...others })
  const model = modelKernel(tree, { arch: 'x86' })
  const clk = model.directories.get('drivers/clk')
  if (clk === undefined) throw new Error('make does not come to drivers/clk')
  return { model, clk }
}
