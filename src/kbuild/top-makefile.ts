import { exportsOf } from '../make/exports.ts'
import { evaluateMakefile } from '../make/evaluate.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Conditions } from '../cond/conditions.ts'
import { never } from '../cond/conditions.ts'
import type { Seeds, SymbolText } from '../make/initial-variables.ts'
import { textValue, valueWhen } from '../make/value.ts'
import type { Tree } from '../text/tree.ts'
import { watch } from './dependencies.ts'
import type { Dependencies } from './dependencies.ts'
import type { ParsedMakefile } from './parsed-files.ts'

/** What the top Makefile, and the arch/*&#47;Makefile that it includes, hand to the makefiles of directories. */
export type TopMakefile = {
  /** Null where there is no top Makefile. */
  readonly evaluation: Evaluation | null
  /** All that is exported, such as `SRCARCH`, `BITS` and `ARCH_LIB`, with their conditions. */
  readonly exported: Seeds
  readonly dependencies: Dependencies
}

export type TopOptions = {
  readonly tree: Tree
  readonly parsed: ParsedMakefile
  readonly conditions: Conditions
  /** `ARCH`, as on make's command line: `x86_64`, `arm64`. */
  readonly arch: string
  readonly symbolText: SymbolText
}

const kernelDirectory = '/kernel'

/**
 * What make itself sets (GNU make main.c, `.FEATURES` and `MAKE_VERSION` of 4.4), and the variables that the top Makefile gives to
 * the make that it starts once over: with them this is that second make, building in the source tree.
 */
const makeVariables: Readonly<Record<string, string>> = {
  CURDIR: kernelDirectory,
  MAKECMDGOALS: 'all',
  MAKEFLAGS: 'rR --no-print-directory',
  MAKE_VERSION: '4.4',
  '.FEATURES':
    'target-specific order-only second-expansion else-if shortest-stem undefine oneshell nocomment grouped-target extra-prereqs notintermediate shell-export archives jobserver jobserver-fifo output-sync load',
}
const secondMake: Readonly<Record<string, string>> = { sub_make_done: '1', objtree: '.' }

/** Evaluates the top Makefile for an architecture. A part of a kernel without one has what any kernel exports. */
export function evaluateTop(options: TopOptions): TopMakefile {
  const { conditions, arch, symbolText } = options
  const anyway = seedsOf({ srctree: '.', objtree: '.', srcroot: '.', ARCH: arch, SRCARCH: arch })
  const { dependencies, tree, include } = watch(options.tree, options.parsed, anyway)
  const makefile = include('Makefile')
  if (makefile === null) return { evaluation: null, exported: anyway, dependencies }
  const evaluation = evaluateMakefile(makefile, {
    conditions,
    file: 'Makefile',
    tree,
    symbolText,
    include,
    seeds: seedsOf(makeVariables),
    inherited: seedsOf(secondMake),
    commandLine: seedsOf({
      ARCH: arch,
      abs_srctree: kernelDirectory,
      abs_objtree: kernelDirectory,
      ...hostedOn(tree, arch),
    }),
    externalReason: () => null,
  })
  return { evaluation, exported: new Map([...anyway, ...exportedValues(conditions, evaluation)]), dependencies }
}

/**
 * `SUBARCH` is the machine that make runs on (scripts/subarch.include), which matters where a kernel is a program of it: User Mode
 * Linux, for the architectures that have an arch/*&#47;Makefile.um. That is one, so it is known without asking the machine.
 */
function hostedOn(tree: Tree, arch: string): Readonly<Record<string, string>> {
  if (arch !== 'um') return {}
  const hosts = tree
    .list('arch')
    .filter(({ name }) => tree.list(`arch/${name}`).some((each) => each.name === 'Makefile.um'))
  const [host] = hosts
  return host === undefined || hosts.length > 1 ? {} : { SUBARCH: host.name }
}

/** What the commands of a makefile find in their environment: each exported variable where it is exported. */
export function exportedValues(conditions: Conditions, evaluation: Evaluation): Seeds {
  const names = new Set(evaluation.exports.flatMap(({ names: words }) => (words ?? []).map(({ text }) => text)))
  for (const name of evaluation.fromOutside.keys()) names.add(name)
  const exportedWhere = exportsOf(conditions, evaluation)
  const values = [...names].flatMap((name) => {
    const when = exportedWhere(name)
    return when === never ? [] : [[name, valueWhen(when, evaluation.value(name))] as const]
  })
  return new Map(values)
}

function seedsOf(texts: Readonly<Record<string, string>>): Seeds {
  return new Map(Object.entries(texts).map(([name, text]) => [name, textValue(text, null)]))
}
