import { patchTextPath } from '../../../../src/review/finding.ts'
import { inTurn, shuffled, type Edit, type Kernel, type Mutator, type Plant } from '../plant.ts'
import { directoryOf, inFront, isUnconditional, listLine, makefilesOf, misspelt, replacing } from '../places.ts'
import { plantInLines, withLine } from '../plant-lines.ts'

const single = /^(obj-\$\(CONFIG_\w+\))(\s*\+=\s*)([\w-]+\.o)$/

/** Plants of which the patch itself is told, too, and what it says of itself. */
function* saying(message: Plant['message'], plants: Iterable<Plant>): Iterable<Plant> {
  for (const plant of plants) yield { ...plant, at: [...plant.at, patchTextPath], ...(message && { message }) }
}

/** Where the directory has the symbol already, `obj-y` for `obj-$(CONFIG_X)` changes what is built where it is m: nothing is, then. */
const presenceChanged: Mutator = {
  rule: 'sd-presence-changed',
  also: ['ko-builtin-in-module-dir'],
  plants: (kernel) =>
    saying(
      { log: 'Write it as its neighbours are written. No functional change intended.' },
      inTurn(
        plantInLines(kernel, { paths: kernel.reached, pattern: single, edit: (place) => withLine(place, null) }),
        plantInLines(kernel, {
          paths: kernel.reached,
          pattern: single,
          edit: (place) => withLine(place, `obj-y${place.match[2] ?? ''}${place.match[3] ?? ''}`),
        }),
      ),
    ),
}

const recipients: Mutator = {
  rule: 'pr-recipients',
  plants: (kernel) =>
    saying(
      { to: 'boards@lists.example' },
      plantInLines(kernel, {
        paths: ['Makefile', ...kernel.paths.filter((path) => /^scripts\/(?:Makefile\.|Kbuild\.include)/.test(path))],
        pattern: /^[\w-]+ *:?= *\S/,
        edit: (place) => inFront(place, '# as it was'),
      }),
    ),
}

/** A makefile that comes without a licence. */
function* unlicensed({ reached, random }: Kernel): Iterable<Plant> {
  for (const makefile of shuffled(reached, random)) {
    const path = `${directoryOf(makefile)}/planted/Makefile`
    const source = { path: `${directoryOf(path)}/board.c`, text: '// SPDX-License-Identifier: GPL-2.0\n' }
    const edits = [{ path, text: 'obj-y += board.o\n' }, source]
    yield { at: [path], describe: 'a makefile without a licence', edits }
  }
}

/** A change of what scripts/dtc/update-dtc-source.sh copies from elsewhere. */
function* foreignOwned({ tree, random }: Kernel): Iterable<Plant> {
  const directories = ['scripts/dtc', 'scripts/dtc/libfdt']
  const sources = directories.flatMap((directory) =>
    tree
      .list(directory)
      .flatMap(({ name }) =>
        /^(?:fdt(?!put|get|dump)|dtc|util|check|livetree|src)\w*[.-]\w+$/.test(name) ? [`${directory}/${name}`] : [],
      ),
  )
  for (const path of shuffled(sources, random)) {
    const text = tree.read(path)
    if (text === null || !/\.[chly]$/.test(path)) continue
    yield { at: [path], describe: 'a file from elsewhere', edits: [{ path, text: `${text}\n/* for boards */\n` }] }
  }
}

/** Selftests whose `config` asks for a symbol that is not there. */
function* wrongFragments({ tree, paths, random }: Kernel): Iterable<Plant> {
  for (const makefile of shuffled(paths, random)) {
    const path = `${directoryOf(makefile)}/config`
    const text = makefile.startsWith('tools/testing/selftests/') ? tree.read(path) : null
    const [line = '', name = ''] = /^CONFIG_(\w{5,})=[ym]$/m.exec(text ?? '') ?? []
    if (text === null || line === '' || !makefile.endsWith('/Makefile')) continue
    const edited = text.replace(line, line.replace(name, misspelt(name)))
    yield { at: [path], describe: line, edits: [{ path, text: edited }] }
  }
}

const missingExport: Mutator = {
  rule: 'kf-missing-export',
  plants: (kernel) =>
    withScript(
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => path.endsWith('/Makefile')),
        pattern: listLine,
        fits: isUnconditional,
        edit: ({ text }) =>
          `${text}\nPLANTED_BOARDS := one two\nquiet_cmd_planted = GEN     $@\n      cmd_planted = $(CONFIG_SHELL) $(src)/planted.sh > $@\n\n$(obj)/planted-list.h: $(src)/planted.sh FORCE\n\t$(call if_changed,planted)\ntargets += planted-list.h\n`,
      }),
    ),
}

/** With the script that the makefile has been given a rule for. */
function* withScript(plants: Iterable<Plant>): Iterable<Plant> {
  for (const plant of plants) {
    const script: Edit = {
      path: `${directoryOf(plant.at[0] ?? '')}/planted.sh`,
      text: '#!/bin/sh\n# SPDX-License-Identifier: GPL-2.0\nfor board in $PLANTED_BOARDS; do\n\techo "#define $board"\ndone\n',
    }
    yield { ...plant, at: [...plant.at, script.path], edits: [...plant.edits, script] }
  }
}

const topLevelArtifact: Mutator = {
  rule: 'lp-top-level-artifact',
  plants: (kernel) =>
    inTurn(
      ...['Symbols.txt', 'planted.list', 'vmlinux-planted', 'objects.planted'].map((name) =>
        plantInLines(kernel, {
          paths: makefilesOf(kernel, 'core').filter((path) => /Makefile\.(?:modpost|modfinal|vmlinux\w*)$/.test(path)),
          pattern: /^\.PHONY: /,
          edit: (place) => inFront(place, `${name}: FORCE\n\t@echo $(obj) > $@\n`),
        }),
      ),
    ),
}

const extmodList: Mutator = {
  rule: 'lp-extmod-and-modpost',
  plants: (kernel) =>
    plantInLines(kernel, {
      paths: ['Makefile'],
      pattern: /(?<=^(?:export )?MODORDER *:= *)\$\(extmod_prefix\)/,
      edit: replacing(''),
    }),
}

/** Defects of the rules about patches themselves, and of those about scripts and the top directory. */
export const patchMutators: readonly Mutator[] = [
  presenceChanged,
  recipients,
  { rule: 'pr-tags-spdx', plants: (kernel) => saying(undefined, unlicensed(kernel)) },
  { rule: 'pr-foreign-owned-or-frozen', plants: (kernel) => saying(undefined, foreignOwned(kernel)) },
  { rule: 'st-config-fragment', plants: wrongFragments },
  missingExport,
  topLevelArtifact,
  extmodList,
]

/** Rules that nothing is planted for, and why. */
export const notPlanted: Readonly<Record<string, string>> = {
  'gi-entry-quality': 'whether a product stays is what cl-not-cleaned is planted for',
  'pr-docs-missed': 'a tree has one or two places for each half of its documentation',
  'pr-series-bisect': 'takes a series of two patches',
  'pr-unrelated-hunk': 'is told only where it is asked for, and a matter of judgement',
}
