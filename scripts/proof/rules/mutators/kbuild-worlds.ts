import { inTurn, type Kernel, type Mutator } from '../plant.ts'
import { listLine, makefilesOf, ownMakefiles, replacing } from '../places.ts'
import { plantInLines, withLine } from '../plant-lines.ts'

/** Makefiles that people start on the machine itself. */
const runByHand: ReadonlySet<string> = new Set(['lib/raid6/test/Makefile', 'arch/x86/tools/Makefile'])

/** The host's tool in the place of the one of the toolchain: as the first word of a command. */
const hostTool = (kernel: Kernel, variable: string, tool: string): ReturnType<typeof plantInLines> =>
  plantInLines(kernel, {
    paths: ownMakefiles(kernel).filter((path) => !runByHand.has(path) && !path.startsWith('samples/')),
    among: 'all',
    fits: ({ lines, index }) => lines[index - 1]?.endsWith('\\') !== true,
    pattern: new RegExp(
      `(?<=^\\s*cmd_\\w+\\s*:?=\\s*|^\\t(?:@|\\$\\(Q\\))?|\\$\\(shell |[|;&] )\\$\\(${variable}\\)(?= )`,
    ),
    edit: replacing(tool),
  })

const hostTargetMix: Mutator = {
  rule: 'cc-host-target-mix',
  plants: (kernel) =>
    inTurn(
      hostTool(kernel, 'NM', 'nm'),
      hostTool(kernel, 'OBJCOPY', 'objcopy'),
      hostTool(kernel, 'LD', 'ld'),
      hostTool(kernel, 'OBJDUMP', 'objdump'),
      hostTool(kernel, 'CC', 'gcc'),
      hostTool(kernel, 'AR', 'ar'),
      hostTool(kernel, 'STRIP', 'strip'),
    ),
}

const archCondition: Mutator = {
  rule: 'cc-arch-condition',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild', 'core').filter((path) => !path.startsWith('arch/')),
        pattern: /(?<=^[^#]*)arch\/\$\(SRCARCH\)/,
        edit: replacing('arch/$(ARCH)'),
      }),
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => !path.startsWith('arch/')),
        pattern: listLine,
        edit: (place) =>
          withLine(place, `ifeq ($(SRCARCH),x86_64)\nccflags-y += -DPLANTED\nendif\n${place.lines[place.index] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => !path.startsWith('arch/')),
        pattern: listLine,
        edit: (place) =>
          withLine(place, `ccflags-y += -I$(srctree)/arch/$(ARCH)/include\n${place.lines[place.index] ?? ''}`),
      }),
    ),
}

const deprecatedSyntax: Mutator = {
  rule: 'kf-deprecated-syntax',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^ccflags-y(?=\s*[:+]=)/,
        edit: replacing('EXTRA_CFLAGS'),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^always-y(?=\s*[:+]=)/,
        edit: replacing('always'),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        pattern: /^hostprogs(?=\s*[:+]?=)/,
        edit: replacing('hostprogs-y'),
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild', 'top'),
        pattern: /\$\(call (?:gcc|clang)-min-version, *\d+\)/,
        edit: replacing('$(call cc-ifversion, -ge, 0800, y)'),
      }),
      plantInLines(kernel, {
        paths: kernel.paths.filter((path) => /^arch\/[^/]+\/Makefile$/.test(path)),
        pattern: /^KBUILD_LDFLAGS(?=\s*[:+]=)/,
        edit: replacing('LDFLAGS'),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel).filter((path) => path !== 'scripts/Makefile.compiler'),
        pattern: /\$\(call ld-option, */,
        edit: replacing('$(call cc-ldoption, '),
      }),
    ),
}

const topMakefileReentry: Mutator = {
  rule: 'oot-top-makefile-reentry',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'selftests'),
        among: 'all',
        pattern: /\bKBUILD_EXTMOD=/,
        edit: replacing('M='),
      }),
      plantInLines(kernel, {
        paths: kernel.paths.filter((path) => /^tools\/testing\/selftests\/.*\/Makefile$/.test(path)),
        pattern: /^include .*lib\.mk$/,
        fits: ({ text }) => !/^(?:all|modules):|\bM=/m.test(text),
        edit: ({ text }) => `${text}\nplanted_modules:\n\t$(MAKE) -C $(KDIR) M=$(CURDIR)/modules modules\n`,
      }),
    ),
}

/** Defects of the rules about flags, other machines and external modules. */
export const worldMutators: readonly Mutator[] = [hostTargetMix, archCondition, deprecatedSyntax, topMakefileReentry]
