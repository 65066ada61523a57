import { isKconfig } from '../../../../src/review/world.ts'
import { inTurn, type Kernel, type Mutator, type Plant } from '../plant.ts'
import { directoryOf, inFront, isUnconditional, listLine, makefilesOf, ownMakefiles, replacing } from '../places.ts'
import { plantInLines, recipeBelow, withLine } from '../plant-lines.ts'

const selftests = (kernel: Kernel): readonly string[] => makefilesOf(kernel, 'selftests')
const includesLib = /^include (?:\.\.\/)+lib\.mk$/

const undefinedMacro: Mutator = {
  rule: 'ms-undefined-macro',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /\$\(call (cc-option|cc-disable-warning|gcc-min-version|clang-min-version)(?=,)/,
        edit: (place) => replacing(`$(call ${(place.match[1] ?? '').replace('-', '_')}`)(place),
      }),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: includesLib,
        fits: ({ text }) => !text.includes('Build.include') && !text.includes('cc-option'),
        edit: (place) => inFront(place, 'CFLAGS += $(call cc-option,-Wno-planted)'),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        among: 'all',
        pattern: /^\t\$\(call if_changed(?=,)/,
        edit: replacing('\t$(call if_change'),
      }),
    ),
}

/** The makefiles of selftests that have a recipe for `all`, which lib.mk has none for: with one there, they have two. */
function* recipeInLib(kernel: Kernel): Iterable<Plant> {
  const path = 'tools/testing/selftests/lib.mk'
  const text = kernel.tree.read(path) ?? ''
  const users = selftests(kernel).filter((each) => /^all:.*\n\t/m.test(kernel.tree.read(each) ?? ''))
  const edited = text.replace(/^all:(?:.*\\\n)*.*\n/m, (rule) => `${rule}\t$(MAKE) -C functional\n`)
  if (edited !== text && users.length > 0)
    yield { at: [path, ...users], describe: 'a recipe for `all`', edits: [{ path, text: edited }] }
}

const recipeOverride: Mutator = {
  rule: 'ms-recipe-override',
  plants: (kernel) =>
    inTurn(
      recipeInLib(kernel),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: includesLib,
        fits: ({ text }) => !/^emit_tests\s*:|OVERRIDE_TARGETS/m.test(text),
        edit: ({ text }) => `${text}\nemit_tests:\n\t@echo functional\n`,
      }),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: includesLib,
        fits: ({ text }) => !/^clean\s*:|OVERRIDE_TARGETS/m.test(text),
        edit: ({ text }) => `${text}\nclean:\n\trm -f planted\n`,
      }),
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild', 'top'),
        pattern: /^(\$\(obj\)\/[\w.-]+): .*$/,
        fits: (place) => recipeBelow(place).length > 0 && isUnconditional(place),
        edit: ({ text, match }) => `${text}\n${match[1] ?? ''}: FORCE\n\t$(call if_changed,copy)\n`,
      }),
    ),
}

const macroEval: Mutator = {
  rule: 'kcfg-macro-eval',
  plants: (kernel) => {
    const paths = kernel.paths.filter((path) => isKconfig(path) && !path.startsWith('scripts/'))
    const read = paths.filter((path) => kernel.knowledge.symbols(kernel.tree, 'x86_64')?.files.has(path) === true)
    return inTurn(
      plantInLines(kernel, {
        paths: read,
        among: 'all',
        pattern: /^(\tdepends on )([A-Z]\w{3,})$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}$(${place.match[2] ?? ''})`),
      }),
      plantInLines(kernel, {
        paths: read,
        among: 'all',
        pattern: /^(\tdepends on )([A-Z]\w{3,})$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}$(CONFIG_${place.match[2] ?? ''})`),
      }),
      plantInLines(kernel, {
        paths: read,
        among: 'all',
        pattern: /^\t(?:bool|tristate) ".*"$/,
        edit: (place) => withLine(place, `${place.match[0]}\n\tdepends on $(cc_option,-mplanted)`),
      }),
    )
  },
}

const unknownVariable: Mutator = {
  rule: 'kf-unknown-kbuild-variable',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, { paths: kernel.reached, pattern: /^ccflags-y(?=\s*\+=)/, edit: replacing('cflags-y') }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(CFLAGS_(?:REMOVE_)?[\w-]+)\.o(?=\s*[:+]?=)/,
        edit: (place) => replacing(place.match[1] ?? '')(place),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^([\w-]+)-objs(?=\s*[:+]?=)/,
        fits: ({ text, match }) => new RegExp(`^obj-\\S+\\s*[:+]?=\\s*${match[1] ?? ''}\\.o$`, 'm').test(text),
        edit: (place) => replacing(`${place.match[1] ?? ''}-obj`)(place),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(HOST(?:CFLAGS|LDLIBS)_)([\w-]+)(\.o)?(?=\s*[:+]?=)/,
        edit: (place) => replacing(`HOSTLDFLAGS_${place.match[2] ?? ''}`)(place),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^((?:KASAN|KCSAN|UBSAN)_SANITIZE_)([\w-]+)\.o(?=\s*:=)/,
        edit: (place) => replacing(`${place.match[1] ?? ''}${place.match[2] ?? ''}_old.o`)(place),
      }),
    ),
}

const includePath: Mutator = {
  rule: 'kf-include-path',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^((?:subdir-)?ccflags-y\s*[:+]=.*-I *)\$\(srctree\)\//,
        edit: (place) => replacing(place.match[1] ?? '')(place),
      }),
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => !path.startsWith('arch/')),
        pattern: listLine,
        fits: ({ path }) => kernel.tree.list(directoryOf(path)).some(({ name }) => name.endsWith('.h')),
        edit: (place) => inFront(place, `ccflags-y += -I${directoryOf(place.path)}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^((?:subdir-)?ccflags-y\s*[:+]=.*-I *\$\(src(?:tree)?\)\/[\w/.-]+)$/,
        edit: (place) => replacing(`${place.match[1] ?? ''}-gone`)(place),
      }),
    ),
}

const scriptWithoutSrctree: Mutator = {
  rule: 'kp-script-without-srctree',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: makefilesOf(kernel, 'kbuild'),
        among: 'all',
        pattern: /^(\s*cmd_\w+\s*=\s*|\t.*)\$\(srctree\)\/(scripts\/[\w/.-]+\.(?:sh|pl|py))(?=\s)/,
        edit: (place) => replacing(`${place.match[1] ?? ''}${place.match[2] ?? ''}`)(place),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        pattern: /^(\s*cmd_\w+\s*=\s*\$\((?:PERL|AWK|PYTHON3|CONFIG_SHELL)\)(?: -f)? )\$\(src\)\/([\w.-]+)(?=\s)/,
        edit: (place) => replacing(`${place.match[1] ?? ''}$(obj)/${place.match[2] ?? ''}`)(place),
      }),
      plantInLines(kernel, {
        paths: ownMakefiles(kernel),
        among: 'all',
        pattern: /\$\(MAKE\) -f \$\(srctree\)\/(?=\w+\/)/,
        edit: replacing('$(MAKE) -f '),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        among: 'all',
        pattern: /^\$\(obj\)\/[\w.-]+:.*FORCE$/,
        edit: (place) => `${place.text}\n$(obj)/planted.h: FORCE\n\t$(PERL) scripts/checkpatch.pl --version > $@\n`,
      }),
    ),
}

const srcObjMixup: Mutator = {
  rule: 'kp-src-obj-mixup',
  also: ['kc-if-changed-not-in-targets'],
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^\$\(obj\)(\/[\w.-]+:.*FORCE)$/,
        fits: (place) => recipeBelow(place).length > 0 && isUnconditional(place),
        edit: (place) => withLine(place, `$(src)${place.match[1] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(\$\(obj\)\/[\w.-]+\.o:\s*)\$\(obj\)(\/[\w-]+\.h)$/,
        fits: ({ text, match }) => text.includes(`$(obj)${match[2] ?? ''}:`),
        edit: (place) => withLine(place, `${place.match[1] ?? ''}$(src)${place.match[2] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^obj-(?:y|\$\(CONFIG_\w+\))\s*\+=\s*([\w-]+\.o)$/,
        edit: ({ text, match }) => `${text}\n${match[1] ?? ''}: planted-table.h\n`,
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(obj-(?:y|\$\(CONFIG_\w+\))\s*\+=\s*)([\w-]+\.o)$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}$(obj)/${place.match[2] ?? ''}`),
      }),
    ),
}

const hostprogKernelHeaders: Mutator = {
  rule: 'cc-hostprog-kernel-headers',
  plants: (kernel) =>
    plantInLines(kernel, {
      paths: kernel.reached,
      pattern: /^hostprogs(?:-always-y)?\s*[:+]?=\s*([\w-]+)$/,
      edit: (place) =>
        withLine(place, `${place.match[0]}\nHOSTCFLAGS_${place.match[1] ?? ''}.o += -I$(srctree)/include`),
    }),
}

const shellPortability: Mutator = {
  rule: 'kc-shell-quoting-portability',
  plants: (kernel) => {
    const atCommand = { paths: makefilesOf(kernel, 'kbuild'), pattern: /^(\s*cmd_\w+\s*=\s*)([^#]*[^#\\])$/ }
    const before = (words: string) => ({
      ...atCommand,
      edit: (place: Parameters<typeof withLine>[0]) =>
        withLine(place, `${place.match[1] ?? ''}${words}; ${place.match[2] ?? ''}`),
    })
    return inTurn(
      plantInLines(kernel, before('which xmlto >/dev/null')),
      plantInLines(kernel, before('[[ -f $< ]]')),
      plantInLines(kernel, before('[ $(CONFIG_LOCALVERSION) = x ]')),
      plantInLines(kernel, before('echo -e "a\\tb"')),
      plantInLines(kernel, { ...atCommand, edit: (place) => withLine(place, `${place.match[0]}; sed -i s/a/b/ $@`) }),
    )
  },
}

const parallelRace: Mutator = {
  rule: 'kc-parallel-phony-race',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.paths.filter((path) => /^arch\/[^/]+\/Makefile$/.test(path)),
        pattern: /^archclean:|^install:|^define archhelp/,
        edit: ({ text }) =>
          `${text}\nPHONY += planted-32 planted-64\nprepare: planted-32 planted-64\nplanted-32:\n\t$(Q)$(MAKE) $(build)=arch/planted/vdso arch/planted/vdso/vdso32.so\nplanted-64:\n\t$(Q)$(MAKE) $(build)=arch/planted/vdso arch/planted/vdso/vdso64.so\n`,
      }),
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => path !== 'Kbuild'),
        pattern: /^PHONY \+= ([\w-]+)$/,
        edit: ({ text, match }) => `${text}\n$(obj)/planted.list: ${match[1] ?? ''}\n\ttouch $@\n`,
      }),
    ),
}

/** Defects of the rules about what names and paths stand for. */
export const nameMutators: readonly Mutator[] = [
  undefinedMacro,
  recipeOverride,
  macroEval,
  unknownVariable,
  includePath,
  scriptWithoutSrctree,
  srcObjMixup,
  hostprogKernelHeaders,
  shellPortability,
  parallelRace,
]
