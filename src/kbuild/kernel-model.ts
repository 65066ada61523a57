/** Every directory that a kernel's build descends into from its top, with what it lists, under all configurations at once. */
import { always, createConditions, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Seeds, SymbolText } from '../make/initial-variables.ts'
import type { Tree } from '../text/tree.ts'
import { isSameScripts, readBuildScripts, scriptPaths } from './build-scripts.ts'
import type { BuildScripts } from './build-scripts.ts'
import { concreteConditions, textOfSymbols } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import { changedPaths, createComparison, isUntouched } from './dependencies.ts'
import type { ChangedPaths } from './dependencies.ts'
import { childrenOf, pathBelow } from './descend.ts'
import type { Visit } from './descend.ts'
import type { DirectoryLists } from './directory-lists.ts'
import { evaluateDirectory, makefileCandidates } from './evaluate-directory.ts'
import type { DirectoryParts, DirectoryScope } from './evaluate-directory.ts'
import { lazyEvaluation } from './lazy-evaluation.ts'
import { normalise, parseOnce } from './parsed-files.ts'
import type { ParseBlob, ParsedMakefile } from './parsed-files.ts'
import { evaluateTop } from './top-makefile.ts'
import type { TopMakefile } from './top-makefile.ts'
import type { TypeLedger } from './type-ledger.ts'

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
  /** What a model of a similar tree can take over. */
  readonly parts: ReadonlyMap<string, DirectoryParts>
  readonly descents: ReadonlyMap<string, Descent>
  readonly options: ModelOptions
}

/** Where make goes from a directory that it came to for some purpose. */
export type Descent = {
  readonly own: Visit
  readonly lists: DirectoryLists
  /** By their paths. */
  readonly children: ReadonlyMap<string, Visit>
}

export type ModelOptions = {
  /** `ARCH`: `x86_64`, `arm64`. */
  readonly arch: string
  /** One configuration; without it the model stands for all. */
  readonly configuration?: Configuration
  /** The types of symbols, where they are known. */
  readonly typeOf?: (symbol: string) => 'bool' | 'tristate'
  /** What is known of symbols that are texts or numbers, when there is no configuration. */
  readonly symbolText?: SymbolText
  /** Gives the syntax tree of a file, from what is kept for its blob; parses where left out. */
  readonly parse?: ParseBlob
  /** What `typeOf` and `symbolText` are of, where they remember what they were asked: then the model can be kept. */
  readonly ledger?: TypeLedger
}

const nothing: Seeds = new Map()

/** Directories that are looked at; Linux 6.12 has 2,500 for all architectures. */
const maxDirectories = 20_000
/** Makefiles of the next level asked for together while those of this one are evaluated. */
const filesAhead = 60
/** Components of a path; the deepest of Linux 6.12 is 9. */
const maxComponents = 32

/** Models a kernel, or a part of one that has a Kbuild or Makefile at its top. */
export function modelKernel(tree: Tree, options: ModelOptions): KernelModel {
  const { configuration, typeOf } = options
  const open = createConditions(typeOf === undefined ? {} : { typeOf })
  const conditions = configuration === undefined ? open : concreteConditions(open, configuration)
  return build(tree, { conditions, options, earlier: null })
}

/**
 * Models a tree that differs from a known one in these files (both names of one that moved): only what looks at them is
 * evaluated anew. Conditions of both models can be compared.
 */
export function remodelKernel(known: KernelModel, tree: Tree, changed: Iterable<string>): KernelModel {
  const { conditions, options } = known
  return build(tree, {
    conditions,
    options,
    earlier: { model: known, changed: changedPaths(changed, known.tree, tree) },
  })
}

/**
 * Models the same tree for another architecture: what does not hang on the architecture, such as most of drivers/, is taken
 * over. Conditions of both models can be compared.
 */
export function modelForArch(known: KernelModel, arch: string): KernelModel {
  const { conditions, options, tree } = known
  const earlier = { model: known, changed: changedPaths([], tree, tree), otherArch: true }
  return build(tree, { conditions, options: { ...options, arch }, earlier })
}

type Earlier = { readonly otherArch?: boolean; readonly model: KernelModel; readonly changed: ChangedPaths }

type Start = {
  readonly conditions: Conditions
  readonly options: ModelOptions
  readonly earlier: Earlier | null
}

type Walk = {
  readonly scope: DirectoryScope
  readonly earlier: Earlier | null
  readonly visits: Map<string, Visit>
  readonly parts: Map<string, DirectoryParts>
  readonly descents: Map<string, Descent>
  /** What each directory finds exported, from the first that descends into it. */
  readonly exported: Map<string, Seeds>
  /** How what directories find exported differs from what they found in the earlier model. */
  readonly differing: (known: Seeds, now: Seeds) => ReadonlySet<string>
}

function build(tree: Tree, { conditions, options, earlier }: Start): KernelModel {
  if (earlier === null) tree.listAhead?.()
  tree.prefetch(['Makefile', ...scriptPaths])
  const parsed = parseOnce(tree, options.parse)
  const symbolText =
    options.configuration === undefined ? (options.symbolText ?? (() => null)) : textOfSymbols(options.configuration)
  const keepsTop =
    earlier !== null && earlier.otherArch !== true && isUntouched(earlier.model.top.dependencies, earlier.changed)
  const scripts = scriptsOf(parsed, earlier)
  const keepsScripts = scripts === earlier?.model.scripts
  const { arch } = options
  const top = keepsTop ? earlier.model.top : evaluateTop({ tree, parsed, conditions, arch, symbolText })
  const visits = new Map([['.', visitWhen(always)], ...topDirectories(conditions, top)])
  const walk: Walk = {
    scope: { tree, conditions, parsed, scripts, symbolText },
    earlier: keepsScripts ? earlier : null,
    visits,
    parts: new Map(),
    descents: new Map(),
    exported: new Map([...visits.keys()].map((path) => [path, top.exported])),
    differing: createComparison(),
  }
  let level: ReadonlySet<string> = new Set(visits.keys())
  while (level.size > 0) level = descend(walk, level)
  return { tree, arch, conditions, scripts, top, ...finish(walk), parts: walk.parts, descents: walk.descents, options }
}

function visitWhen(when: Cond): Visit {
  return { when, needBuiltin: when, needModorder: when }
}

/**
 * Where the top Makefile sends make by itself: before Linux 6.1, when `obj-y` of the top Kbuild took over, to what `core-y`,
 * `drivers-y` and `libs-y` hold, as `vmlinux-dirs` (Linux 5.10, lines 1156 and 1875).
 */
function topDirectories(conditions: Conditions, { evaluation }: TopMakefile): ReadonlyMap<string, Visit> {
  const found = new Map<string, Visit>()
  if (evaluation?.settings.some(({ name }) => name === 'vmlinux-dirs') !== true) return found
  for (const { text, when } of evaluation.words('vmlinux-dirs').words) {
    const path = normalise(text)
    found.set(path, visitWhen(conditions.or(found.get(path)?.when ?? never, when)))
  }
  return found
}

/** What the scripts bring to directories: that of the earlier model where it is the same, whatever else they say by now. */
function scriptsOf(parsed: ParsedMakefile, earlier: Earlier | null): BuildScripts {
  if (earlier === null) return readBuildScripts(parsed)
  const { changed, model } = earlier
  if (scriptPaths.every((path) => !changed.files.has(path))) return model.scripts
  const scripts = readBuildScripts(parsed)
  return isSameScripts(scripts, model.scripts) ? model.scripts : scripts
}

/** Visits the directories of one level; the result are those below whose visits are new or have grown. */
function descend(walk: Walk, level: ReadonlySet<string>): ReadonlySet<string> {
  const unread: string[] = []
  for (const path of level) {
    if (walk.parts.has(path)) continue
    const kept = keptParts(walk, path)
    if (kept === null) unread.push(path)
    else walk.parts.set(path, kept)
  }
  walk.scope.tree.prefetch(unread.flatMap(makefileCandidates))
  const next = new Set<string>()
  let ahead: string[] = []
  for (const path of level) {
    for (const child of visit(walk, path)) {
      next.add(child)
      if (isNew(walk, child)) ahead.push(...makefileCandidates(child))
    }
    if (ahead.length < filesAhead) continue
    walk.scope.tree.prefetch(ahead)
    ahead = []
  }
  return next
}

/** Whether a directory will be evaluated for the first time, so that its makefile is better read ahead. */
function isNew({ parts, earlier }: Walk, path: string): boolean {
  return !parts.has(path) && earlier?.model.parts.has(path) !== true
}

/** Hands the visit of a directory on to those below; the result are those whose visits are new or have grown. */
function visit(walk: Walk, path: string): readonly string[] {
  const { visits, exported } = walk
  const { conditions } = walk.scope
  const own = visits.get(path)
  if (own === undefined) return []
  const parts = partsOf(walk, path)
  const { children } = descentOf(walk, path, { own, lists: parts.lists })
  if (children.size === 0) return []
  const inherited = exported.get(path) ?? new Map()
  const handedOn = parts.exported.size === 0 ? inherited : new Map([...inherited, ...parts.exported])
  const grown: string[] = []
  for (const [below, added] of children) {
    if (visits.size >= maxDirectories) break
    const before = visits.get(below)
    const after = before === undefined ? added : joinVisits(conditions, before, added)
    if (before !== undefined && isSameVisit(before, after)) continue
    visits.set(below, after)
    if (before === undefined) exported.set(below, handedOn)
    grown.push(below)
  }
  return grown
}

/** The directories below one: taken over where neither its lists nor its visit differ from the earlier model. */
function descentOf(walk: Walk, path: string, { own, lists }: Pick<Descent, 'own' | 'lists'>): Descent {
  const known = walk.earlier?.model.descents.get(path)
  const isKept = known?.lists === lists && isSameVisit(known.own, own)
  const descent = isKept ? known : { own, lists, children: visitsBelow(walk, path, { own, lists }) }
  walk.descents.set(path, descent)
  return descent
}

function visitsBelow(
  { scope }: Walk,
  path: string,
  { own, lists }: Pick<Descent, 'own' | 'lists'>,
): ReadonlyMap<string, Visit> {
  const children = [...childrenOf(scope.conditions, lists, own)].map(
    ([name, visit]) => [pathBelow(path, name), visit] as const,
  )
  return new Map(children.filter(([below]) => below.split('/').length <= maxComponents))
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

/** A directory's own parts: known (`descend` puts those of the earlier model there), or evaluated now. */
function partsOf(walk: Walk, path: string): DirectoryParts {
  let parts = walk.parts.get(path)
  if (parts === undefined) {
    parts = evaluateDirectory(walk.scope, path, walk.exported.get(path) ?? new Map())
    walk.parts.set(path, parts)
  }
  return parts
}

function keptParts({ earlier, exported, scope, differing }: Walk, path: string): DirectoryParts | null {
  const known = earlier?.model.parts.get(path)
  if (earlier === null || known === undefined || !isUntouched(known.dependencies, earlier.changed)) return null
  const inherited = exported.get(path) ?? nothing
  if (inherited === known.inherited) return known
  const names = differing(known.inherited, inherited)
  const { variables, others } = known.dependencies
  if (!variables.isDisjointFrom(names)) return null
  const isOther = earlier.otherArch === true || (names.size > 0 && known.isTakenOver === true)
  if (isOther) return rebound(scope, path, { known, inherited })
  return others.isDisjointFrom(names) ? known : null
}

/**
 * The parts of a directory where other variables are exported, as for another architecture. What its lists and statements do not hang on is
 * still what it was where they came from, such as a flag that is `$(CC_FLAGS_FTRACE)`: the evaluation is made anew when more of it is asked
 * for, and then tells what all of it hangs on.
 */
function rebound(
  scope: DirectoryScope,
  path: string,
  { known, inherited }: { readonly known: DirectoryParts; readonly inherited: Seeds },
): DirectoryParts {
  const { makefile, evaluation } = known
  if (makefile === null || evaluation === null) return { ...known, inherited, isTakenOver: true }
  const { lists, exported, dependencies } = known
  const again = (): Evaluation => {
    const anew = evaluateDirectory(scope, path, inherited)
    parts.dependencies = anew.dependencies
    parts.isTakenOver = false
    return anew.evaluation ?? evaluation
  }
  const own = lazyEvaluation(makefile, again, { read: evaluation })
  const parts = { makefile, evaluation: own, lists, exported, inherited, dependencies, isTakenOver: true }
  return parts
}

function finish({ visits, parts }: Walk): Pick<KernelModel, 'directories' | 'missing'> {
  const directories = new Map<string, Directory>()
  const missing: MissingDirectory[] = []
  for (const [path, reached] of visits) {
    const { makefile = null, evaluation = null, lists } = parts.get(path) ?? {}
    if (makefile === null || evaluation === null || lists === undefined) missing.push({ path, ...reached })
    else {
      const { when, needBuiltin, needModorder } = reached
      directories.set(path, { path, when, needBuiltin, needModorder, makefile, evaluation, lists })
    }
  }
  return { directories, missing: missing.filter(({ when }) => when !== never) }
}
