/** Every directory that a kernel's build descends into from its top, with what it lists, under all configurations at once. */
import { always, createConditions, never } from '../cond/conditions.ts'
import type { Conditions } from '../cond/conditions.ts'
import type { Makefile } from '../make/cst.ts'
import { evaluateMakefile } from '../make/evaluate.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { externalVariable } from '../make/external-variables.ts'
import type { Seeds, SymbolText } from '../make/initial-variables.ts'
import { parseMakefile } from '../make/parse.ts'
import type { Tree } from '../text/tree.ts'
import { readBuildScripts } from './build-scripts.ts'
import type { BuildScripts, ParsedMakefile } from './build-scripts.ts'
import { concreteConditions, textOfSymbols } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import { directoryLists } from './directory-lists.ts'
import type { DirectoryLists } from './directory-lists.ts'
import { childrenOf } from './descend.ts'
import type { Visit } from './descend.ts'
import { evaluateTop, exportedValues } from './top-makefile.ts'
import type { TopMakefile } from './top-makefile.ts'

export type Directory = Visit & {
  /** As `$(obj)` has it; the top is `.`. */
  readonly path: string
  /** Its Kbuild, else its Makefile. */
  readonly makefile: string
  readonly evaluation: Evaluation
  readonly lists: DirectoryLists
}

/** A directory that make is sent to and that has no makefile: make would stop there. */
export type MissingDirectory = Visit & { readonly path: string }

export type KernelModel = {
  readonly tree: Tree
  readonly arch: string
  readonly conditions: Conditions
  readonly scripts: BuildScripts
  readonly top: TopMakefile
  /** By path, in the order of the first visit. */
  readonly directories: ReadonlyMap<string, Directory>
  readonly missing: readonly MissingDirectory[]
}

export type ModelOptions = {
  readonly tree: Tree
  /** `ARCH`: `x86_64`, `arm64`. */
  readonly arch: string
  /** One configuration; without it the model stands for all. */
  readonly configuration?: Configuration
  /** The types of symbols, where they are known. */
  readonly typeOf?: (symbol: string) => 'bool' | 'tristate'
  /** What is known of symbols that are texts or numbers, when there is no configuration. */
  readonly symbolText?: SymbolText
  /** Gives the syntax tree of a file, from what is kept for its blob; parses where left out. */
  readonly parse?: (text: string, blob: string | null) => Makefile
}

/** Directories that are looked at; Linux 6.12 has 2,500 for all architectures. */
const maxDirectories = 20_000
/** Components of a path; the deepest of Linux 6.12 is 9. */
const maxComponents = 32

/** Models a kernel; `none` where the tree is none. */
export function modelKernel(options: ModelOptions): KernelModel | { readonly kind: 'none'; readonly reason: string } {
  const builder = createBuilder(options)
  if ('kind' in builder) return builder
  const open: string[] = ['.']
  builder.visits.set('.', { when: always, needBuiltin: always, needModorder: always })
  for (let path = open.shift(); path !== undefined; path = open.shift()) visit(builder, path, open)
  return {
    tree: options.tree,
    arch: options.arch,
    conditions: builder.conditions,
    scripts: builder.scripts,
    top: builder.top,
    ...finish(builder),
  }
}

type Parts = {
  readonly makefile: string
  readonly evaluation: Evaluation
  readonly lists: DirectoryLists
  readonly exported: Seeds
}

type Builder = {
  readonly tree: Tree
  readonly conditions: Conditions
  readonly parsed: ParsedMakefile
  readonly scripts: BuildScripts
  readonly top: TopMakefile
  readonly symbolText: SymbolText
  readonly visits: Map<string, Visit>
  readonly parts: Map<string, Parts | null>
}

function createBuilder(options: ModelOptions): Builder | { readonly kind: 'none'; readonly reason: string } {
  const { tree, arch, configuration } = options
  const parsed = parseOnce(options)
  const scripts = readBuildScripts(parsed)
  if (scripts === null) return { kind: 'none', reason: 'the tree has no scripts/Makefile.build' }
  const open = createConditions(options.typeOf === undefined ? {} : { typeOf: options.typeOf })
  const conditions = configuration === undefined ? open : concreteConditions(open, configuration)
  const symbolText = configuration === undefined ? (options.symbolText ?? (() => null)) : textOfSymbols(configuration)
  const top = evaluateTop({ tree, parsed, conditions, arch, symbolText })
  if (top === null) return { kind: 'none', reason: 'the tree has no top Makefile' }
  return { tree, conditions, parsed, scripts, top, symbolText, visits: new Map(), parts: new Map() }
}

/** Parses each file once. */
function parseOnce({ tree, parse }: ModelOptions): ParsedMakefile {
  const known = new Map<string, Makefile | null>()
  return (asked) => {
    const path = normalise(asked)
    let makefile = known.get(path)
    if (makefile === undefined) {
      const text = tree.read(path)
      makefile = text === null ? null : parse === undefined ? parseMakefile(text) : parse(text, tree.blob(path))
      known.set(path, makefile)
    }
    return makefile
  }
}

/** A path without `.` and `x/..`; one that leads out of the tree keeps its first `..`, and names nothing. */
export function normalise(path: string): string {
  if (!path.includes('.')) return path
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

/** Evaluates a directory at its first visit, and hands what was added to its visit on to the directories below. */
function visit(builder: Builder, path: string, open: string[]): void {
  const { conditions, visits } = builder
  const own = visits.get(path)
  const parts = partsOf(builder, path)
  if (own === undefined || parts === null) return
  for (const [child, added] of childrenOf(conditions, parts.lists, own)) {
    const below = path === '.' ? child : `${path}/${child}`
    if (below.split('/').length > maxComponents || visits.size >= maxDirectories) continue
    const before = visits.get(below)
    const after = before === undefined ? added : joinVisits(conditions, before, added)
    if (before !== undefined && isSameVisit(before, after)) continue
    visits.set(below, after)
    if (before === undefined) builder.parts.set(below, evaluateDirectory(builder, below, parts.exported))
    if (!open.includes(below)) open.push(below)
  }
}

function joinVisits(conditions: Conditions, before: Visit, added: Visit): Visit {
  return {
    when: conditions.or(before.when, added.when),
    needBuiltin: conditions.or(before.needBuiltin, added.needBuiltin),
    needModorder: conditions.or(before.needModorder, added.needModorder),
  }
}

function isSameVisit(left: Visit, right: Visit): boolean {
  return left.when === right.when && left.needBuiltin === right.needBuiltin && left.needModorder === right.needModorder
}

function partsOf(builder: Builder, path: string): Parts | null {
  let parts = builder.parts.get(path)
  if (parts === undefined) {
    parts = evaluateDirectory(builder, path, builder.top.exported)
    builder.parts.set(path, parts)
  }
  return parts
}

/** `kbuild-file`: Kbuild where there is one, else Makefile (scripts/Kbuild.include; scripts/Makefile.build before 6.8). */
function makefileOf({ parsed }: Builder, path: string): { readonly path: string; readonly makefile: Makefile } | null {
  for (const name of ['Kbuild', 'Makefile']) {
    const candidate = normalise(`${path}/${name}`)
    const makefile = parsed(candidate)
    if (makefile !== null) return { path: candidate, makefile }
  }
  return null
}

function evaluateDirectory(builder: Builder, path: string, exported: Seeds): Parts | null {
  const { conditions, tree, parsed, scripts, symbolText } = builder
  const found = makefileOf(builder, path)
  if (found === null) return null
  const evaluation = evaluateMakefile(found.makefile, {
    conditions,
    file: found.path,
    tree,
    symbolText,
    include: parsed,
    seeds: scripts.seedsFor(path),
    inherited: exported,
    externalReason: (name) => (setByCaller.has(name) ? externalVariable(name) : null),
  })
  const own = evaluation.exports.length === 0 ? [] : exportedValues(conditions, evaluation)
  return {
    makefile: found.path,
    evaluation,
    lists: directoryLists(conditions, evaluation),
    exported: evaluation.exports.length === 0 ? exported : new Map([...exported, ...own]),
  }
}

/** What scripts/Makefile.build is called with and no makefile exports. */
const setByCaller: ReadonlySet<string> = new Set(['need-builtin', 'need-modorder', 'modname', 'modname-multi'])

function finish({ visits, parts }: Builder): Pick<KernelModel, 'directories' | 'missing'> {
  const directories = new Map<string, Directory>()
  const missing: MissingDirectory[] = []
  for (const [path, reached] of visits) {
    const own = parts.get(path) ?? null
    if (own === null) missing.push({ path, ...reached })
    else {
      const { makefile, evaluation, lists } = own
      directories.set(path, { path, ...reached, makefile, evaluation, lists })
    }
  }
  return { directories, missing: missing.filter(({ when }) => when !== never) }
}
