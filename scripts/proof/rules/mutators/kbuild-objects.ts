import { settableSymbols } from '../../../../src/kconfig/settable-symbols.ts'
import { inTurn, type Kernel, type Mutator, type Plant } from '../plant.ts'
import { directoryOf, isUnconditional, misspelt } from '../places.ts'
import { plantInLines, withLine, type Place } from '../plant-lines.ts'

const single = /^(obj-(?:y|m|\$\(CONFIG_\w+\))\s*(?:\+=|:=)\s*)([\w-]+)\.o$/

/** The source of the only object of a line; null where none has its name. */
function sourceOf({ tree }: Kernel, { path, match }: Place): string | null {
  const source = `${directoryOf(path)}/${match[2] ?? ''}.c`
  return tree.blob(source) === null ? null : source
}

/** A source that is deleted, and stays in the list. */
function* deletedSources(kernel: Kernel): Iterable<Plant> {
  const lines = plantInLines(kernel, {
    paths: kernel.reached,
    pattern: single,
    fits: (place) => sourceOf(kernel, place) !== null,
    edit: (place) => sourceOf(kernel, place),
  })
  for (const { at, describe, edits } of lines) {
    const source = edits[0]?.text ?? ''
    yield { at, describe, edits: [{ path: source, text: null }] }
  }
}

const missingSource: Mutator = {
  rule: 'ko-missing-source',
  plants: (kernel) =>
    inTurn(
      deletedSources(kernel),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: single,
        fits: (place) => sourceOf(kernel, place) !== null,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}${place.match[2] ?? ''}_core2.o`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^([\w-]+-(?:y|objs)\s*(?:\+=|:=)\s*)([\w-]+)\.o(.*)$/,
        fits: isCompositeLine,
        edit: (place) => withLine(place, `${place.match[0]} planted-part.o`.replace(/\\ planted/, 'planted')),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(hostprogs\s*(?:\+=|:=)\s*)([\w-]+)$/,
        edit: (place) => withLine(place, `${place.match[0]} planted-generator`),
      }),
    ),
}

/** Whether the list is that of an object in `obj-...` of the same file. */
function isCompositeLine({ text, match }: Place): boolean {
  const [name = ''] = /^[\w-]+(?=-(?:y|objs)\b)/.exec(match[0]) ?? []
  return new RegExp(`^obj-(?:y|m|\\$\\(CONFIG_\\w+\\))\\s*[:+]?=\\s*${name}\\.o$`, 'm').test(text)
}

const undefinedConfig: Mutator = {
  rule: 'ko-undefined-config',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        among: 'all',
        pattern: /^(.*\$\(CONFIG_)(\w{5,})(\).*)$/,
        edit: (place) =>
          withLine(place, `${place.match[1] ?? ''}${misspelt(place.match[2] ?? '')}${place.match[3] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(\s*ifn?def CONFIG_)(\w{5,})$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}${misspelt(place.match[2] ?? '')}`),
      }),
    ),
}

const isBool = ({ tree, knowledge }: Kernel, symbol: string): boolean =>
  knowledge.symbols(tree, 'x86_64')?.symbols.get(symbol)?.type === 'bool'
const isTristate = ({ tree, knowledge }: Kernel, symbol: string): boolean =>
  knowledge.symbols(tree, 'x86_64')?.symbols.get(symbol)?.type === 'tristate'

/**
 * The part of a module that a bool decides, made an object of its own: with the module as a module nothing links it. Not in directories of
 * symbols that no configuration sets (they depend on BROKEN, or on what is not defined): nothing is built there.
 */
const builtinInModuleDir: Mutator = {
  rule: 'ko-builtin-in-module-dir',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => isEnteredAsModule(kernel, path)),
        pattern: /^([\w-]+)-\$\(CONFIG_(\w+)\)(\s*\+=\s*[\w-]+\.o)$/,
        fits: ({ match }) =>
          match[1] !== 'obj' &&
          match[1] !== 'lib' &&
          isBool(kernel, match[2] ?? '') &&
          dependsOnModule(kernel, match[2] ?? ''),
        edit: (place) => withLine(place, `obj-$(CONFIG_${place.match[2] ?? ''})${place.match[3] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => isEnteredAsModule(kernel, path)),
        pattern: /^([\w-]+)-(?:y|objs)(\s*\+=\s*[\w-]+\.o)$/,
        fits: (place) =>
          place.match[1] !== 'obj' && place.match[1] !== 'lib' && isUnconditional(place) && isOfModule(place),
        edit: (place) => withLine(place, `obj-y${place.match[2] ?? ''}`),
      }),
    ),
}

const isOfModule = ({ text, match }: Place): boolean =>
  new RegExp(`^obj-\\$\\(CONFIG_\\w+\\)\\s*[:+]?=\\s*${match[1] ?? ''}\\.o$`, 'm').test(text)

/** Whether the makefile above enters a directory by a list of a tristate symbol, on a line of its own, and by no other. */
function isEnteredAsModule(kernel: Kernel, path: string): boolean {
  const directory = directoryOf(path)
  const above = directoryOf(directory)
  const name = directory.slice(above.length + 1)
  const text = kernel.tree.read(`${above}/Makefile`) ?? ''
  const entries = [...text.matchAll(new RegExp(`^(.*)\\s${name}/`, 'gm'))]
  const [, list = ''] = entries[0] ?? []
  const symbol = /^obj-\$\(CONFIG_(\w+)\)\s*\+=$/.exec(list.trim())?.[1]
  return entries.length === 1 && symbol !== undefined && isTristate(kernel, symbol) && mayBeBuilt(kernel, symbol)
}

/** Whether a symbol can be set on one of the architectures that most drivers are for. */
function mayBeBuilt({ tree, knowledge }: Kernel, symbol: string): boolean {
  return ['x86_64', 'arm64', 'arm', 'powerpc', 'mips'].some((arch) => {
    const model = knowledge.symbols(tree, arch)
    return model !== null && settableSymbols(model)(symbol)
  })
}

/** Whether what a bool depends on itself may be a module: not `=y` of anything. */
function dependsOnModule({ tree, knowledge }: Kernel, symbol: string): boolean {
  const known = knowledge.symbols(tree, 'x86_64')?.symbols.get(symbol)
  return known !== undefined && known.definitions.some(({ prompt }) => prompt !== null)
}

const subdirVisitsModule: Mutator = {
  rule: 'ko-subdir-visits-module',
  also: ['ko-missing-source'],
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(obj-(?:y|m|\$\(CONFIG_\w+\))\s*\+=\s*)([\w-]+)\/$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}${place.match[2] ?? ''}`),
      }),
      onlyDescended(kernel),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(obj-(?:y|m|\$\(CONFIG_\w+\))\s*\+=\s*)([\w-]+)\/$/,
        edit: (place) => withLine(place, `${place.match[1] ?? ''}${place.match[2] ?? ''}s/`),
      }),
    ),
}

/** A directory with objects that `subdir-` leads to: the fault is seen in it and above it. */
function* onlyDescended(kernel: Kernel): Iterable<Plant> {
  const lines = plantInLines(kernel, {
    paths: kernel.reached,
    pattern: /^obj-((?:y|m|\$\(CONFIG_\w+\))\s*\+=\s*)([\w-]+)\/$/,
    fits: hasObjects(kernel),
    edit: (place) => withLine(place, `subdir-${place.match[1] ?? ''}${place.match[2] ?? ''}`),
  })
  for (const plant of lines) {
    const [, name = ''] = /([\w-]+)\/$/.exec(plant.describe) ?? []
    yield { ...plant, at: [...plant.at, `${directoryOf(plant.at[0] ?? '')}/${name}/Makefile`] }
  }
}

const hasObjects =
  ({ tree }: Kernel) =>
  ({ path, match }: Place): boolean => {
    const below = `${directoryOf(path)}/${match[2] ?? ''}`
    return /^obj-\$\(CONFIG_\w+\)\s*\+=\s*[\w-]+\.o$/m.test(tree.read(`${below}/Makefile`) ?? '')
  }

const compositeSelf: Mutator = {
  rule: 'ko-composite-self',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^([\w-]+)(-(?:y|objs)\s*(?:\+=|:=)\s*)([\w./ -]+\.o)$/,
        fits: (place) => isCompositeLine(place) && isModule(kernel, place),
        edit: (place) => withLine(place, `${place.match[0]} ${place.match[1] ?? ''}.o`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^(obj-(?:\$\(CONFIG_\w+\))\s*(?:\+=|:=)\s*)([\w-]+)\.o$/,
        fits: (place) => sourceOf(kernel, place) !== null && !place.text.includes(`${place.match[2] ?? ''}-`),
        edit: (place) =>
          withLine(place, `${place.match[0]}\n${place.match[2] ?? ''}-y := ${place.match[2] ?? ''}-main.o`),
      }),
    ),
}

/** Whether the object that the list is of may be a module. */
function isModule(kernel: Kernel, { text, match }: Place): boolean {
  const list = new RegExp(`^obj-\\$\\(CONFIG_(\\w+)\\)\\s*[:+]?=\\s*${match[1] ?? ''}\\.o$`, 'm').exec(text)
  return isTristate(kernel, list?.[1] ?? '')
}

const libYMisuse: Mutator = {
  rule: 'ko-lib-y-misuse',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached.filter(
          (path) => path.startsWith('drivers/') || path.startsWith('net/') || path.startsWith('fs/'),
        ),
        pattern: /^obj-y(\s*\+=\s*[\w-]+\.o)$/,
        edit: (place) => withLine(place, `lib-y${place.match[1] ?? ''}`),
      }),
      plantInLines(kernel, {
        paths: kernel.reached,
        pattern: /^lib-y\s*\+=\s*([\w-]+\.o)(?: .*|)$/,
        edit: (place) => withLine(place, `${place.match[0]}\nobj-y += ${place.match[1] ?? ''}`),
      }),
    ),
}

const sharedObject: Mutator = {
  rule: 'ko-shared-object',
  plants: (kernel) =>
    plantInLines(kernel, {
      paths: kernel.reached,
      pattern: /^([\w-]+)-(?:y|objs)\s*(?:\+=|:=)\s*([\w./ -]+\.o)$/,
      fits: (place) => isCompositeLine(place) && isModule(kernel, place) && otherModule(kernel, place) !== null,
      edit: (place) => withLine(place, `${place.match[0]} ${otherModule(kernel, place) ?? ''}`),
    }),
}

/** A part of another module of the file, which may be one at the same time. */
function otherModule(kernel: Kernel, place: Place): string | null {
  const name = place.match[1] ?? ''
  for (const match of place.text.matchAll(/^([\w-]+)-(?:y|objs)\s*(?:\+=|:=)\s*([\w-]+\.o)$/gm)) {
    const other: Place = { ...place, match }
    if (match[1] !== name && isCompositeLine(other) && isModule(kernel, other)) return match[2] ?? null
  }
  return null
}

const unreferencedSource: Mutator = {
  rule: 'ko-unreferenced-source',
  plants: (kernel) =>
    inTurn(
      withSourceAsPlace(
        plantInLines(kernel, {
          paths: kernel.reached.filter((path) => !path.startsWith('arch/')),
          pattern: single,
          fits: (place) => sourceOf(kernel, place) !== null && !isNamedElsewhere(kernel, place),
          edit: (place) => withLine(place, null),
        }),
      ),
      newSources(kernel),
    ),
}

function isNamedElsewhere({ tree }: Kernel, { path, text, match, index }: Place): boolean {
  const name = match[2] ?? ''
  const others = text.split('\n').filter((_, at) => at !== index)
  const above = tree.read(`${directoryOf(directoryOf(path))}/Makefile`) ?? ''
  return [...others, above].some((line) => line.includes(name))
}

/** The rule points at the source that nothing builds. */
function* withSourceAsPlace(plants: Iterable<Plant>): Iterable<Plant> {
  for (const plant of plants) {
    const [, name = ''] = /([\w-]+)\.o$/.exec(plant.describe) ?? []
    yield { ...plant, at: [`${directoryOf(plant.at[0] ?? '')}/${name}.c`] }
  }
}

function* newSources({ reached, tree }: Kernel): Iterable<Plant> {
  for (const path of reached) {
    const at = `${directoryOf(path)}/planted-board.c`
    if (path.startsWith('arch/') || (tree.read(path) ?? '').includes('wildcard')) continue
    yield {
      at: [at],
      describe: `a new source ${at}`,
      edits: [{ path: at, text: '// SPDX-License-Identifier: GPL-2.0\n' }],
    }
  }
}

const toolsBuildWorld: Mutator = {
  rule: 'ko-tools-build-world',
  plants: (kernel) =>
    inTurn(
      plantInLines(kernel, {
        paths: kernel.reached.filter((path) => !path.startsWith('samples/')),
        pattern: single,
        edit: (place) => withLine(place, `ccflags-y += -I$(srctree)/tools/include\n${place.match[0]}`),
      }),
      plantInLines(kernel, {
        paths: kernel.paths.filter((path) => /^arch\/[^/]+\/Makefile$/.test(path) && path !== 'arch/um/Makefile'),
        pattern: /^archprepare:|^archclean:|^install:/,
        edit: (place) => withLine(place, `prepare: tools/planted-tablegen\n${place.lines[place.index] ?? ''}`),
      }),
    ),
}

/** Defects of the rules about lists of objects. */
export const objectMutators: readonly Mutator[] = [
  missingSource,
  undefinedConfig,
  builtinInModuleDir,
  subdirVisitsModule,
  compositeSelf,
  libYMisuse,
  sharedObject,
  unreferencedSource,
  toolsBuildWorld,
]
