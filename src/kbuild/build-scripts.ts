/**
 * What scripts/Makefile.build and the makefiles around it do for every directory, as far as it differs between kernels: read
 * from the tree. What has been the same since 5.18 is written down in directory-lists.ts.
 */
import { always, createConditions } from '../cond/conditions.ts'
import type { Makefile, Node } from '../make/cst.ts'
import { evaluateMakefile } from '../make/evaluate.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { SeedLookup, Seeds } from '../make/initial-variables.ts'
import { textValue } from '../make/value.ts'
import type { ParsedMakefile } from './parsed-files.ts'

export type BuildScripts = {
  /** What a makefile finds set when scripts/Makefile.build includes it: `obj`, `src`, and lists that are empty and simple. */
  readonly seedsFor: (directory: string) => Seeds
  /** The same, not copied for each directory. */
  readonly lookupFor: (directory: string) => SeedLookup
  /** The lists that the scripts put `$(obj)/` before, as the oracle of GNU make shows them. */
  readonly prefixed: ReadonlySet<string>
  /** The variables that they set, with `<obj>` for the directory: `buildScripts` makes the rest of it and of `prefixed`. */
  readonly texts: readonly ScriptText[]
}

export type ScriptText = readonly [name: string, text: string]

/** A directory that no kernel has: where the scripts put the directory's name, they put this. */
const placeholder = '<obj>'

/** The scripts that are read. */
export const scriptPaths: readonly string[] = [
  'scripts/Makefile.build',
  'scripts/Makefile.lib',
  'scripts/Makefile.host',
  'scripts/Makefile.dtbs',
  'scripts/Kbuild.include',
]

/** Reads the scripts of a tree. A part of a kernel without scripts/Makefile.build is read as Linux 6.12 would. */
export function readBuildScripts(parsed: ParsedMakefile): BuildScripts {
  const build = parsed('scripts/Makefile.build')
  const named = new Set(scriptPaths.flatMap((path) => prefixedLists(parsed(path))))
  const prefixed = build === null ? prefixedIn612 : named
  const lists = build === null ? emptiedIn612.map((name) => [name, ''] as const) : preamble(build)
  const include = simpleVariables(parsed('scripts/Kbuild.include'), 'scripts/Kbuild.include')
  return buildScripts([['src', placeholder], ...include, ...lists], prefixed)
}

/** What scripts are that set these variables, and put `$(obj)/` before these lists. */
export function buildScripts(texts: readonly ScriptText[], prefixed: ReadonlySet<string>): BuildScripts {
  const everywhere = new Map(texts.map(([name, text]) => [name, textValue(text, null)] as const))
  const named = texts.filter(([, text]) => text.includes(placeholder))
  const ownOf = (directory: string): Seeds => {
    const own = named.map(([name, text]) => [name, textValue(text.replaceAll(placeholder, directory), null)] as const)
    return new Map([...own, ['obj', textValue(directory, null)]])
  }
  const seedsFor = (directory: string): Seeds => new Map([...everywhere, ...ownOf(directory)])
  return {
    texts,
    prefixed,
    seedsFor,
    lookupFor: (directory) => {
      const own = ownOf(directory)
      return {
        get: (name) => own.get(name) ?? everywhere.get(name),
        has: (name) => own.has(name) || everywhere.has(name),
        keys: () => seedsFor(directory).keys(),
      }
    },
  }
}

/** Whether two versions of the scripts do the same for directories. */
export function isSameScripts(left: BuildScripts, right: BuildScripts): boolean {
  const isSameText = ([name, text]: ScriptText, index: number): boolean =>
    right.texts[index]?.[0] === name && right.texts[index][1] === text
  return (
    left.texts.length === right.texts.length &&
    left.texts.every(isSameText) &&
    left.prefixed.symmetricDifference(right.prefixed).size === 0
  )
}

const prefixedIn612: ReadonlySet<string> = new Set([
  ...['extra-y', 'always-y', 'targets', 'obj-m', 'lib-y', 'real-obj-y', 'real-obj-m'],
  ...['multi-obj-m', 'subdir-ym', 'hostprogs', 'userprogs'],
])

/** The lists that scripts/Makefile.build of 6.12 empties, lines 14 to 36. */
const emptiedIn612: readonly string[] = [
  ...['obj', 'lib', 'always', 'subdir'].flatMap((list) => [`${list}-y`, `${list}-m`]),
  ...['targets', 'asflags-y', 'ccflags-y', 'rustflags-y', 'cppflags-y', 'ldflags-y'],
  ...['subdir-asflags-y', 'subdir-ccflags-y'],
]

/** What scripts/Makefile.build sets before its first include: `src`, and the lists that it empties. */
function preamble(build: Makefile): readonly (readonly [name: string, text: string])[] {
  const first = build.nodes.findIndex((node) => node.kind === 'include')
  const nodes = first < 0 ? [] : build.nodes.slice(0, first)
  return textsOf(evaluate({ text: build.text, nodes }, 'scripts/Makefile.build'))
}

/** The variables that a makefile sets to one text with `:=`, such as `comma`. */
function simpleVariables(makefile: Makefile | null, file: string): readonly (readonly [string, string])[] {
  if (makefile === null) return []
  const nodes = makefile.nodes.filter((node) => node.kind === 'assignment' && node.op === ':=')
  return textsOf(evaluate({ text: makefile.text, nodes }, file))
}

const seeds: Seeds = new Map([
  ['obj', textValue(placeholder, null)],
  ['VPATH', textValue('', null)],
  ['srcroot', textValue('.', null)],
  ['srctree', textValue('.', null)],
])

function evaluate(makefile: Makefile, file: string): Evaluation {
  return evaluateMakefile(makefile, { conditions: createConditions(), file, seeds, externalReason: () => null })
}

/** The variables that have one text everywhere. */
function textsOf(evaluation: Evaluation): readonly (readonly [string, string])[] {
  const nothing = { symbol: () => 'n' as const, atom: () => false }
  return evaluation.names.flatMap((name) => {
    const isSetHere = evaluation.settings.some((setting) => setting.name === name && setting.when === always)
    const text = evaluation.text(name, nothing)
    return isSetHere && text.kind === 'text' ? [[name, text.text] as const] : []
  })
}

/** The names in `NAME := $(addprefix $(obj)/,...)`, in conditionals too. */
function prefixedLists(makefile: Makefile | null): readonly string[] {
  if (makefile === null) return []
  const found: string[] = []
  const visit = (nodes: readonly Node[], depth: number): void => {
    for (const node of nodes) {
      if (node.kind === 'conditional' && depth < 8) node.branches.forEach(({ body }) => visit(body, depth + 1))
      if (node.kind !== 'assignment') continue
      const text = makefile.text.slice(node.range.start, node.range.end)
      const [, name] = /^\s*([\w-]+)\s*:=\s*\$\(addprefix\s+\$\(obj\)\/,/.exec(text) ?? []
      if (name !== undefined) found.push(name)
    }
  }
  visit(makefile.nodes, 0)
  return found
}
