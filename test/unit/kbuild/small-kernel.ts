import type { Tree } from '../../../src/text/tree.ts'
import { treeOf } from '../../support/tree.ts'
import type { TreeLiteral } from '../../support/tree.ts'

/** A kernel in small: what every test of the model starts from. */
export const smallKernel: TreeLiteral = {
  Makefile: [
    'ARCH ?= x86',
    'SRCARCH := $(ARCH)',
    'include $(srctree)/arch/$(SRCARCH)/Makefile',
    'export srctree := .',
    'export SRCARCH BITS',
    'export ARCH_LIB := $(filter %/, $(libs-y))',
    '',
  ].join('\n'),
  'arch/x86/Makefile': 'BITS := $(if $(CONFIG_64BIT),64,32)\nlibs-y += arch/x86/lib/\n',
  'arch/x86/Kbuild': 'obj-y += kernel/\n',
  'arch/x86/kernel/Makefile': 'obj-y += entry_$(BITS).o\nextra-y += vmlinux.lds\n',
  'arch/x86/lib/Makefile': 'lib-y := delay.o copy_$(BITS).o\nobj-y += msr.o delay.o\n',
  Kbuild: 'obj-y += arch/$(SRCARCH)/ drivers/\nobj-y += $(ARCH_LIB)\n',
  'drivers/Makefile': 'obj-$(CONFIG_SERIAL) += serial/\nobj-y += clk/\nsubdir-y += firmware\n',
  'drivers/serial/Makefile': [
    'obj-$(CONFIG_SERIAL) += uart.o',
    'uart-y := core.o',
    'uart-$(CONFIG_UART_DMA) += dma.o',
    'obj-$(CONFIG_UART_PCI) += pci.o',
    'ccflags-y := -DUART',
    'CFLAGS_core.o := -DCORE',
    'CFLAGS_REMOVE_core.o := -pg',
    '',
  ].join('\n'),
  'drivers/clk/Makefile': 'obj-y += clk.o\nobj-m += clk.o clk-test.o\nhostprogs-always-y += gen-clk\n',
  'drivers/firmware/Makefile': 'obj-y += blob.o loader/\n',
  'drivers/firmware/loader/Makefile': 'obj-y += load.o\n',
  'drivers/serial/core.c': '',
  'scripts/Kbuild.include': 'comma := ,\n',
  'scripts/Makefile.build': [
    'src := $(if $(VPATH),$(VPATH)/)$(obj)',
    ...['obj-y', 'obj-m', 'lib-y', 'lib-m', 'always-y', 'subdir-y', 'ccflags-y'].map((list) => `${list} :=`),
    'include $(srctree)/scripts/Kbuild.include',
    'include $(src)/Makefile',
    'include $(srctree)/scripts/Makefile.lib',
    '',
  ].join('\n'),
  'scripts/Makefile.lib': [
    'ifneq ($(obj),.)',
    ...['extra-y', 'always-y', 'obj-m', 'lib-y', 'real-obj-y', 'real-obj-m', 'subdir-ym'].map(
      (list) => `${list} := $(addprefix $(obj)/,$(${list}))`,
    ),
    'endif',
    '',
  ].join('\n'),
  'scripts/kconfig/confdata.c': 'static void print_symbol_for_autoconf(FILE *fp, struct symbol *sym)\n',
}

/** The small kernel with some files changed, or taken away where the text is null. */
export function kernelWith(changes: Readonly<Record<string, string | null>>): Tree {
  const files = new Map(Object.entries(smallKernel))
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) files.delete(path)
    else files.set(path, text)
  }
  return treeOf(Object.fromEntries(files))
}
