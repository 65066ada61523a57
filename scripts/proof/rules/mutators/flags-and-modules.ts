import { patchTextPath } from '../../../../src/review/finding.ts'
import { inTurn, shuffled, type Kernel, type Mutator, type Plant } from '../plant.ts'
import { directoryOf, inFront, isUnconditional, listLine, makefilesOf, replacing } from '../places.ts'
import { plantInLines, withLine, type Place } from '../plant-lines.ts'

const selftests = (kernel: Kernel): readonly string[] =>
  makefilesOf(kernel, 'selftests').filter((path) => path.endsWith('/Makefile') && path.split('/').length > 4)

const single = /^obj-(?:y|m|\$\(CONFIG_\w+\))\s*\+=\s*([\w-]+)\.o$/

/** Lines in front of a list of a directory's makefile; in samples/ most of what is compiled are programs, without the flags of the kernel. */
const added = (kernel: Kernel, text: string): Iterable<Plant> =>
  plantInLines(kernel, {
    paths: kernel.reached.filter((path) => !path.startsWith('arch/') && !path.startsWith('samples/')),
    pattern: listLine,
    fits: isUnconditional,
    edit: (place) => inFront(place, text),
  })

const ccOptionMisuse: Mutator = {
  rule: 'kf-cc-option-misuse',
  plants: (kernel) =>
    inTurn(
      added(kernel, 'asflags-y += $(call as-option,-Wa,-mplanted)'),
      added(kernel, 'ccflags-y += $(call cc-option,-Wl,--planted)'),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild', 'top'),
        pattern: /(?<=\$\(call as-option, *)-Wa\$\(comma\)/,
        edit: replacing('-Wa,'),
      }),
    ),
}

const redundantFlag: Mutator = {
  rule: 'kf-redundant-warning-flag',
  plants: (kernel) =>
    inTurn(
      added(kernel, 'ccflags-y += -Werror'),
      added(kernel, 'ccflags-y += -Wall'),
      added(kernel, 'subdir-ccflags-y += -g'),
      added(kernel, 'ccflags-y += -fno-common'),
    ),
}

/** What a patch says of itself has a place in its text, too. */
function* alsoInPatch(plants: Iterable<Plant>): Iterable<Plant> {
  for (const plant of plants) yield { ...plant, at: [...plant.at, patchTextPath] }
}

const scopeChanged: Mutator = {
  rule: 'kf-scope-changed',
  plants: (kernel) =>
    alsoInPatch(
      inTurn(
        plantInLines(kernel, {
          paths: kernel.reached,
          pattern: /^subdir-ccflags-y(?=\s*(?:\+=|:=)\s*-[ID])/,
          fits: ({ text }) => /^obj-\S+\s*[:+]=.*\w\/(?:\s|$)/m.test(text),
          edit: replacing('ccflags-y'),
        }),
        plantInLines(kernel, {
          paths: kernel.reached,
          pattern: /^ccflags-y(?=\s*(?:\+=|:=)\s*-[ID])/,
          fits: ({ text }) => [...text.matchAll(new RegExp(single, 'gm'))].length > 1,
          edit: (place) => replacing(`CFLAGS_${new RegExp(single, 'm').exec(place.text)?.[1] ?? ''}.o`)(place),
        }),
      ),
    ),
}

const tryRun: Mutator = {
  rule: 'kf-try-run-missing-flags',
  plants: (kernel) =>
    inTurn(
      added(
        kernel,
        'planted := $(shell $(CC) -mplanted -c -x c /dev/null -o /dev/null && echo y)\nccflags-$(planted) += -mplanted',
      ),
      added(
        kernel,
        'planted := $(call try-run,$(CC) -mplanted -c -x c /dev/null -o "$$TMP",y)\nccflags-$(planted) += -mplanted',
      ),
    ),
}

const pathConcat: Mutator = {
  rule: 'kp-path-concat',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /(?<=^(?:subdir-)?ccflags-y\s*[:+]=.*)-I *\$\((src|srctree)\)\/(?=\w)/,
        edit: (place) => replacing(`-I$(${place.match[1] ?? ''})`)(place),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^\$\(obj\)\/(?=[\w.-]+:.*)/,
        edit: replacing('$(obj)//'),
      }),
    ),
}

const srcSemantics: Mutator = {
  rule: 'kp-src-semantics-version',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /(?<=^(?:(?:subdir-)?ccflags-y|CFLAGS_\S+)\s*[:+]?=.*-I *)\$\(src\)\//,
        edit: replacing('$(srctree)/$(src)/'),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /(?<=^\$\(obj\)\/[\w.-]+:.*)\$\(src\)\//,
        edit: replacing('$(srctree)/$(src)/'),
      }),
    ),
}

const writesSrctree: Mutator = {
  rule: 'kp-writes-srctree',
  also: ['kp-src-obj-mixup'],
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /(?<=^\s*cmd_\w+\s*=.*\S )> \$@$/,
        edit: replacing('> $(src)/planted.tmp && mv $(src)/planted.tmp $@'),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        among: 'all',
        pattern: /^\t\$\(call (?:if_changed|cmd),\w+\)$/,
        edit: (place) => withLine(place, `${place.match[0]}\n\t$(Q)touch $(srctree)/.planted-stamp`),
      }),
    ),
}

const klpFlag: Mutator = {
  rule: 'lp-klp-flag-in-makefile',
  also: ['kf-unknown-kbuild-variable'],
  plants: (kernel) =>
    plantInLines(kernel, {
      paths: kernel.reached,
      pattern: single,
      edit: (place) => withLine(place, `LIVEPATCH_${place.match[1] ?? ''}.o := y\n${place.match[0]}`),
    }),
}

const extmodPaths: Mutator = {
  rule: 'oot-extmod-paths',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: ['scripts/Makefile.modpost', 'scripts/Makefile.modfinal', 'scripts/Makefile.build'],
        pattern: /^PHONY \+= FORCE$/,
        edit: (place) =>
          inFront(
            place,
            'planted.list: FORCE\n\techo $(KBUILD_EXTMOD) > $@\n\n__modpost __modfinal $(obj)/: planted.list\n',
          ),
      }),
      added(kernel, 'ccflags-y += -I$(srctree)/$(KBUILD_EXTMOD)/include'),
    ),
}

const neededFile: Mutator = {
  rule: 'oot-needed-file-not-shipped',
  plants: (kernel) =>
    inTurn(
      ...['planted', 'bpf/planted', 'lib/planted'].map((tool) =>
        plantInLines(kernel, {
          paths: ['scripts/Makefile.modfinal'],
          pattern: /^(\s*cmd_btf_ko = .*)$|^(\s*cmd_cc_o_c\s*=.*)$|^quiet_cmd_ld_ko_o\b.*$/,
          edit: ({ text }) =>
            `${text}\nquiet_cmd_planted = STAMP   $@\n      cmd_planted = $(objtree)/tools/${tool}/stamp $< > $@\n\n%.stamp: %.ko FORCE\n\t$(call if_changed,planted)\n`,
        }),
      ),
    ),
}

const cflagsClobber: Mutator = {
  rule: 'st-cflags-clobber',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^include (?:\.\.\/)+lib\.mk$/,
        fits: isUnconditional,
        edit: (place) => withLine(place, `${place.match[0]}\n\nCFLAGS := -O2 -Wall`),
      }),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^LDLIBS(?=\s*\+=.*-l(?:pthread|rt|m|cap)\b)/,
        fits: ({ text }) => !/^\t/m.test(text) && /^include (?:\.\.\/)+lib\.mk$/m.test(text),
        edit: replacing('LDFLAGS'),
      }),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /(?<=^CFLAGS\s*\+=.*)\$\(KHDR_INCLUDES\)/,
        fits: ({ text }) => /^include (?:\.\.\/)+lib\.mk$/m.test(text),
        edit: replacing('-I../../../../usr/include/'),
      }),
    ),
}

/** Modules below a test whose makefile knows nothing of them. */
function* strayModules(kernel: Kernel): Iterable<Plant> {
  for (const makefile of shuffled(selftests(kernel), kernel.random)) {
    if (!/^include \.\.\/lib\.mk$/m.test(kernel.tree.read(makefile) ?? '')) continue
    const path = `${directoryOf(makefile)}/planted_modules/Makefile`
    const text =
      'KDIR ?= /lib/modules/$(shell uname -r)/build\nobj-m += planted.o\n\nmodules:\n\t$(MAKE) -C $(KDIR) modules KBUILD_EXTMOD=$(CURDIR)\n\nclean:\n\t$(MAKE) -C $(KDIR) clean KBUILD_EXTMOD=$(CURDIR)\n'
    const source = { path: `${directoryOf(path)}/planted.c`, text: '/* SPDX-License-Identifier: GPL-2.0 */\n' }
    yield { at: [makefile, path], describe: 'modules of a test', edits: [{ path, text }, source] }
  }
}

const hasLib = ({ text }: Place): boolean => /^include \.\.\/lib\.mk$/m.test(text)

const genModsDir: Mutator = {
  rule: 'st-gen-mods-dir',
  plants: (kernel) =>
    inTurn(
      strayModules(kernel),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^include \.\.\/lib\.mk$/,
        fits: (place) => hasLib(place) && isUnconditional(place),
        edit: (place) => withLine(place, `TEST_GEN_MODS_DIR := planted_modules\n${place.match[0]}`),
      }),
    ),
}

/** Defects of the rules about flags, paths, external modules and the modules of tests. */
export const flagMutators: readonly Mutator[] = [
  ccOptionMisuse,
  redundantFlag,
  scopeChanged,
  tryRun,
  pathConcat,
  srcSemantics,
  writesSrctree,
  klpFlag,
  extmodPaths,
  neededFile,
  cflagsClobber,
  genModsDir,
]
