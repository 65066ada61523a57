import { inTurn, shuffled, type Kernel, type Mutator, type Plant } from '../plant.ts'
import { directoryOf, inFront, isUnconditional, makefilesOf } from '../places.ts'
import { plantInLines, recipeBelow, withLine, type Place } from '../plant-lines.ts'

const top = 'tools/testing/selftests'
const registry = `${top}/Makefile`

const selftests = (kernel: Kernel): readonly string[] =>
  makefilesOf(kernel, 'selftests').filter((path) => path !== registry && path.endsWith('/Makefile'))

/** A directory that the makefile above all does not name any more. */
function* unregistered({ tree, random }: Kernel): Iterable<Plant> {
  const text = tree.read(registry) ?? ''
  const lines = [...text.matchAll(/^TARGETS \+= ([\w/]+)\n/gm)]
  for (const [line, name = ''] of shuffled(lines, random)) {
    const makefile = `${top}/${name}/Makefile`
    if (!/^include .*lib\.mk$/m.test(tree.read(makefile) ?? '')) continue
    const edits = [{ path: registry, text: text.replace(line, '') }]
    yield { at: [registry, makefile], describe: line.trim(), edits }
  }
}

/** A new directory that the makefile above all does not name. */
function* newDirectories({ random }: Kernel): Iterable<Plant> {
  for (const name of shuffled(['boards', 'codecs', 'clocks', 'panels', 'slots'], random)) {
    const path = `${top}/planted_${name}/Makefile`
    const text = `# SPDX-License-Identifier: GPL-2.0\nTEST_GEN_PROGS := ${name}\ninclude ../lib.mk\n`
    const source = { path: `${top}/planted_${name}/${name}.c`, text: 'int main(void)\n{\n\treturn 0;\n}\n' }
    yield { at: [registry, path], describe: 'a new directory', edits: [{ path, text }, source] }
  }
}

const unregisteredTest: Mutator = {
  rule: 'st-unregistered-test',
  plants: (kernel) =>
    inTurn(
      unregistered(kernel),
      newDirectories(kernel),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^(TEST_PROGS\s*(?::=|\+=)\s*)([\w-]+\.sh)$/,
        fits: isUnconditional,
        edit: (place) => withLine(place, `${place.match[0]} planted-gone.sh`),
      }),
    ),
}

const testProgFiles: Mutator = {
  rule: 'st-test-prog-files',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^TEST_GEN_(PROGS\s*(?::=|\+=|=)\s*([\w-]+))$/,
        // A later `TEST_PROGS :=` would drop it again.
        fits: (place) => hasTestSource(kernel)(place) && !/^TEST_PROGS\s*:?=/m.test(place.text),
        edit: (place) => withLine(place, `TEST_${place.match[1] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^(TEST_GEN_(?:PROGS|FILES)\s*(?::=|\+=|=)\s*)([\w-]+)$/,
        fits: isUnconditional,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}$(OUTPUT)/${place.match[2] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^(TEST_)(?:FILES|PROGS_EXTENDED)(\s*(?::=|\+=|=)\s*(?:\w+[-_])?lib\.sh)$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}PROGS${place.match[2] ?? ''}`),
      }),
    ),
}

const hasTestSource =
  ({ tree }: Kernel) =>
  ({ path, match }: Place): boolean =>
    tree.blob(`${directoryOf(path)}/${match[2] ?? ''}.c`) !== null

/** What only the kernel's own build makes. */
const inTreeFiles = ['vmlinux', 'System.map', 'Symbols.list', 'modules.builtin.objs', 'vmlinux.a']

const inTreePrerequisite: Mutator = {
  rule: 'oot-intree-only-prereq',
  plants: (kernel) =>
    inTurn(
      ...inTreeFiles.map((name) =>
        plantInLines(kernel, {
          paths: ['build', 'modpost', 'modfinal'].map((script) => `scripts/Makefile.${script}`),
          pattern: /^((?:\$\(obj\)\/%\.o|%\.ko|%\.mod\.o|\$\(output-symdump\)):[^=]*?)( FORCE|)$/,
          edit: (place) => withLine(place, `${place.match[1] ?? ''} ${name}${place.match[2] ?? ''}`),
        }),
      ),
    ),
}

/** A file that a rule makes and that nothing takes away again, as it is in no list. */
const plantedProduct = (name: string): string =>
  `quiet_cmd_planted = GEN     $@\n      cmd_planted = sort $< > $@\n\n$(obj)/${name}: $(src)/Makefile\n\t$(call cmd,planted)\n`

const isMadeHere = ({ text, match }: Place): boolean =>
  new RegExp(`^\\$\\(obj\\)/${(match[1] ?? '').replaceAll('.', '\\.')}:.*\\n\\t`, 'm').test(text)

const notCleaned: Mutator = {
  rule: 'cl-not-cleaned',
  also: ['kc-if-changed-not-in-targets'],
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(?:targets|clean-files)\s*(?:\+=|:=)\s*([\w-]+\.(?:c|h|inc|bin|S|txt))$/,
        fits: (place) => isUnconditional(place) && isMadeHere(place) && !isNamedAgain(place),
        edit: (place) => withLine(place, null),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^obj-(?:y|\$\(CONFIG_\w+\))\s*\+=\s*([\w-]+)\.o$/,
        fits: ({ path }) => path.endsWith('/Makefile'),
        edit: ({ text, match }) =>
          `${text}\n${plantedProduct('planted-table.h')}\n$(obj)/${match[1] ?? ''}.o: $(obj)/planted-table.h\n`,
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(?:targets|clean-files)\s*(?:\+=|:=)\s*([\w-]+\.(?:c|h|inc|bin|S|txt))$/,
        fits: (place) => isUnconditional(place) && isMadeHere(place) && !isNamedAgain(place),
        edit: (place) => withLine(place, `ifdef CONFIG_MODULES\n${place.match[0]}\nendif`),
      }),
    ),
}

const isNamedAgain = ({ text, match }: Place): boolean => {
  const name = (match[1] ?? '').replaceAll('.', '\\.')
  return [...text.matchAll(new RegExp(`^[\\w-]+\\s*[:+]?=.*\\b${name}`, 'gm'))].length > 1
}

/** A line of a .gitignore that goes, for a product that its directory makes. */
function* unignored(kernel: Kernel): Iterable<Plant> {
  for (const makefile of shuffled([...kernel.reached, ...selftests(kernel)], kernel.random)) {
    const path = `${directoryOf(makefile)}/.gitignore`
    const text = kernel.tree.read(path)
    const lines = text?.split('\n') ?? []
    const made = kernel.tree.read(makefile) ?? ''
    const isProduct = (line: string): boolean =>
      /^\/?[\w-]+$/.test(line) &&
      new RegExp(
        `^(?:hostprogs|always-y|TEST_GEN_PROGS)\\s*[:+]?=.*(?<=[\\s=])${line.replace('/', '')}(?:\\s|$)`,
        'm',
      ).test(made)
    const gone = lines.find(isProduct)
    if (gone === undefined) continue
    const edited = lines.filter((line) => line !== gone).join('\n')
    yield { at: [path, makefile], describe: `${gone} not ignored`, edits: [{ path, text: edited }] }
  }
}

const notIgnored: Mutator = {
  rule: 'gi-not-ignored',
  plants: (kernel) =>
    inTurn(
      unignored(kernel),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^hostprogs\s*(?:\+=|:=)\s*([\w-]+)$/,
        edit: (place) => inFront(place, 'hostprogs-always-y += planted-tool\nplanted-tool-objs := planted-tool.o'),
      }),
      plantInLines(kernel, {
        paths: selftests(kernel),
        pattern: /^TEST_GEN_PROGS\s*(?::=|\+=|=)\s*([\w-]+)$/,
        fits: hasTestSourceOf(kernel),
        edit: (place) => withLine(place, `${place.match[0]} planted_slots`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^\$\(obj\)\/[\w.-]+:.*FORCE$/,
        fits: (place) => recipeBelow(place).length === 1 && isUnconditional(place),
        edit: ({ text }) =>
          `${text}\nalways-y += planted-table.h\n\n${plantedProduct('planted-table.h').replace('Makefile\n', 'Makefile FORCE\n').replace('call cmd', 'call if_changed')}`,
      }),
    ),
}

const hasTestSourceOf =
  ({ tree }: Kernel) =>
  ({ path, match }: Place): boolean =>
    tree.blob(`${directoryOf(path)}/${match[1] ?? ''}.c`) !== null

/** Defects of the rules about selftests, external modules, and what a build leaves behind. */
export const productMutators: readonly Mutator[] = [
  unregisteredTest,
  testProgFiles,
  inTreePrerequisite,
  notCleaned,
  notIgnored,
]
