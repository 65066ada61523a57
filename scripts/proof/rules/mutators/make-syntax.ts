import { inTurn, type Kernel, type Mutator } from '../plant.ts'
import { inFront, isUnconditional, listLine, makefilesOf, ownMakefiles, replacing } from '../places.ts'
import { plantInLines, withLine, type LinePlants, type Place } from '../plant-lines.ts'

const makefiles = (kernel: Kernel): readonly string[] =>
  makefilesOf(kernel, 'kbuild', 'top', 'core', 'tools', 'selftests', 'doc')

const dropped = (kernel: Kernel, pattern: RegExp): ReturnType<typeof plantInLines> =>
  plantInLines(kernel, { paths: makefiles(kernel), pattern, edit: (place) => withLine(place, null) })

const unbalancedConditional: Mutator = {
  rule: 'ms-unbalanced-conditional',
  plants: (kernel) =>
    inTurn(
      dropped(kernel, /^\s*endif\b/),
      dropped(kernel, /^\s*(?:ifdef|ifndef|ifeq|ifneq)\b/),
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^endef\b/,
        among: 'all',
        // Within a definition make counts `define` alone (read.c do_define()): one with a word before it is closed by the next `endef`.
        fits: ({ text }) => !/^\s*(?:override|export|private)\s+define\b/m.test(text),
        edit: (place) => withLine(place, null),
      }),
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^\s*endif\b.*$/,
        fits: closesAll,
        edit: (place) => withLine(place, `${place.match[0]}\nelse`),
      }),
    ),
}

/** Whether an `endif` closes the only conditional that is open: an `else` behind another is one of the conditional around it. */
function closesAll({ lines, index }: Place): boolean {
  const count = (pattern: RegExp): number => lines.slice(0, index).filter((line) => pattern.test(line)).length
  return count(/^\s*if(?:n?def|n?eq)\b/) === count(/^\s*endif\b/) + 1
}

/** Makefiles that nothing of a clean goes by are none of those that a defect is planted in: the rule speaks of the others. */
const parseTimeEffect: Mutator = {
  rule: 'ms-parse-time-effect',
  plants: (kernel) => {
    const atList = (text: string): LinePlants => ({
      // The platforms of arm and mips are in lists by symbols, which `make clean` has none of.
      paths: kernel.reached.filter((path) => !/^arch\/(?:arm|mips)\//.test(path)),
      pattern: listLine,
      fits: isUnconditional,
      edit: (place) => inFront(place, text),
    })
    return inTurn(
      plantInLines(kernel, atList('ifeq ($(shell command -v xmlto),)\n$(error xmlto is not installed)\nendif')),
      plantInLines(kernel, atList('planted := $(shell rm -f $(obj)/planted.list)')),
      plantInLines(kernel, atList('planted-machine := $(shell $(CC) -dumpmachine)')),
      plantInLines(kernel, atList('$(file >$(obj)/planted.list,$(obj))')),
    )
  },
}

const makeTooNew: Mutator = {
  rule: 'ms-make-too-new',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: /^\$\(obj\)\/[\w.-]+ \$\(obj\)\/[\w.-]+: /,
        edit: (place) => replacing(place.match[0].replace(': ', ' &: '))(place),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: listLine,
        edit: (place) => inFront(place, 'planted := $(let name,$(obj),$(name)/$(name))'),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: /\$\(call read-file, */,
        edit: replacing('$(file < '),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: listLine,
        edit: (place) => inFront(place, '.SECONDEXPANSION:'),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: listLine,
        edit: (place) => inFront(place, 'planted := $(shell printf "#include <linux/types.h>" | wc -l)'),
      }),
    ),
}

const recursiveExpensive: Mutator = {
  rule: 'ms-recursive-expensive',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern:
          /^((?:ccflags-y|CFLAGS_[\w.-]+\.o|KBUILD_CFLAGS|asflags-y)\s*):=(\s*\$\(call (?:cc|as|ld)-(?:option|disable-warning).*)$/,
        fits: ({ path }) => path !== 'Makefile',
        edit: (place) => withLine(place, `${place.match[1] ?? ''}=${place.match[2] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^obj-(?:y|\$\(CONFIG_\w+\))\s*\+=\s*([\w-]+)\.o$/,
        edit: (place) => {
          const object = place.match[1] ?? ''
          return inFront(place, `planted-flags = $(call cc-option,-fno-planted)\nCFLAGS_${object}.o = $(planted-flags)`)
        },
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: /^(\s*)(cmd_\w+\s*=\s*\$\(CC\))(.*)$/,
        edit: (place) =>
          withLine(
            place,
            `${place.match[1] ?? ''}${place.match[2] ?? ''} $(call cc-option,-fno-planted)${place.match[3] ?? ''}`,
          ),
      }),
    ),
}

const ifdefMisuse: Mutator = {
  rule: 'ms-ifdef-misuse',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^(\s*(?:else )?if(?:n?)def) (CONFIG_\w+)$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''} $(${place.match[2] ?? ''})`),
      }),
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^(\s*(?:else )?if)(n?)eq \((\$\(CONFIG_\w+\)), ?y\)$/,
        edit: (place) =>
          withLine(place, `${place.match[1] ?? ''}${place.match[2] ?? ''}eq ("${place.match[3] ?? ''}",y)`),
      }),
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^(\s*(?:else )?if)(n?)eq \((\$\(\w+\)), ?([y1])\)$/,
        edit: (place) =>
          withLine(
            place,
            `${place.match[1] ?? ''}${place.match[2] ?? ''}def (${place.match[3] ?? ''},${place.match[4] ?? ''})`,
          ),
      }),
    ),
}

const targetTypo: Mutator = {
  rule: 'ms-target-typo',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, { paths: makefiles(kernel), pattern: /^\.PHONY(?=\s*:)/, edit: replacing('PHONY') }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: /^(\$\(obj\)\/)%\.([oSs]|dtb)(?=\s*:)/,
        edit: (place) => replacing(`${place.match[1] ?? ''}%${place.match[2] ?? ''}`)(place),
      }),
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^# ([A-Z]\w+ \w.*)$/,
        edit: (place) => withLine(place, `// ${place.match[1] ?? ''}: see below`),
      }),
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^include(?= \$|\s+\.\.)/,
        edit: replacing('include:'),
      }),
      plantInLines(kernel, {
        paths: makefiles(kernel),
        pattern: /^\.DELETE_ON_ERROR:/,
        edit: replacing('.DELETE_ON_EROR:'),
      }),
    ),
}

const bareMake: Mutator = {
  rule: 'ms-bare-make',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefiles(kernel),
        among: 'all',
        pattern: /^\t(?:@|\$\(Q\)|\+|\$\(call descend)?\$\(MAKE\) /,
        edit: (place) => withLine(place, (place.lines[place.index] ?? '').replace('$(MAKE)', 'make')),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        among: 'all',
        pattern: /^\t(?:@|\$\(Q\))?(\$\(MAKE\) \$\(build\)=\S+.*[^\\])$/,
        edit: (place) => withLine(place, `\t$(Q)for goal in vmlinux modules; do ${place.match[1] ?? ''}; done`),
      }),
    ),
}

const inconsistentUserSwitch: Mutator = {
  rule: 'ms-inconsistent-user-switch',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild', 'top').filter((path) => path !== 'Makefile'),
        pattern: /\$\(KBUILD_EXTMOD\)/,
        edit: replacing('$(M)'),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: listLine,
        edit: (place) => inFront(place, 'ifdef W\nccflags-y += -Wextra\nendif'),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: listLine,
        edit: (place) => inFront(place, 'ccflags-$(if $(V),y) += -DPLANTED_VERBOSE'),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: listLine,
        edit: (place) => inFront(place, 'ifeq ($(LLVM),1)\nccflags-y += -Wno-unused\nendif'),
      }),
    ),
}

/** Defects of the rules about what GNU make makes of the text. */
export const syntaxMutators: readonly Mutator[] = [
  unbalancedConditional,
  parseTimeEffect,
  makeTooNew,
  recursiveExpensive,
  ifdefMisuse,
  targetTypo,
  bareMake,
  inconsistentUserSwitch,
]
