import type { Files } from '../git.ts'

const drivers = '# SPDX-License-Identifier: GPL-2.0\nobj-$(CONFIG_BOARDS) += core.o\n'

/** The least tree of which it is known what makes an object: one directory with two objects. */
export const smallKernel: Files = {
  Kbuild: '# SPDX-License-Identifier: GPL-2.0\nobj-y += drivers/\n',
  Kconfig: 'source "drivers/Kconfig"\n',
  'drivers/Kconfig': 'config BOARDS\n\ttristate "Boards"\n',
  'drivers/Makefile': drivers,
  'drivers/core.c': '/* boards */\n',
  'scripts/Makefile.build': [
    '# SPDX-License-Identifier: GPL-2.0',
    'src := $(if $(VPATH),$(VPATH)/)$(obj)',
    'obj-y :=',
    'obj-m :=',
    'include $(kbuild-file)',
    '$(obj)/%.o: $(obj)/%.c FORCE',
    '\t$(call if_changed_rule,cc_o_c)',
    '',
  ].join('\n'),
}

/** The makefile of `drivers/` with further objects, each on a line of its own. */
export function driversMakefile(...objects: readonly string[]): string {
  return [drivers, ...objects.map((name) => `obj-$(CONFIG_BOARDS) += ${name}.o\n`)].join('')
}
