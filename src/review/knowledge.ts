import { DiagramTooLarge, type Bounds } from '../cond/bdd.ts'
import type { Cond } from '../cond/conditions.ts'
import { readAllArchs, type AllArchs } from '../kbuild/all-archs.ts'
import { createFileOrigins, type FileOrigin } from '../kbuild/generated-files.ts'
import { modelForArch, modelKernel, remodelKernel } from '../kbuild/kernel-model.ts'
import type { Directory, KernelModel, ModelOptions } from '../kbuild/kernel-model.ts'
import { declaredTypes } from '../kbuild/declared-types.ts'
import { loneDirectory } from '../kbuild/lone-directory.ts'
import type { ParseBlob } from '../kbuild/parsed-files.ts'
import { archOf, sourceArch, usualArch } from '../kbuild/source-arch.ts'
import { typesOfTree } from '../kbuild/symbol-types.ts'
import { createWitnessSearch, type WitnessSearch } from '../kbuild/witness.ts'
import { parseEach, type KconfigFiles } from '../kconfig/files.ts'
import type { Search } from '../kconfig/find-configuration.ts'
import { createKconfigLoader, kernelEnvironment, type KconfigLoader } from '../kconfig/load.ts'
import type { KconfigModel } from '../kconfig/model.ts'
import { readWholeKconfig, type WholeKconfig } from '../kconfig/whole-tree.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import { createTreeClosures, type Closures } from './closures.ts'
import { parseMaintainers, type MaintainersSection } from './maintainers.ts'
import { isKconfig, worldOf } from './world.ts'

/** A directory with a makefile of the kernel's own build, under all configurations at once. */
export type KbuildDirectory = {
  /** The model whose conditions and options those of the directory are. */
  readonly model: KernelModel
  readonly directory: Directory
  /** Whether make is sent to it from the top; where it is not, its visit says `always`. */
  readonly reached: boolean
  /** How a file comes to be that the makefile names, relative to the directory. */
  readonly originOf: (word: string) => FileOrigin
  /**
   * A configuration in which a condition of the model holds: of the directory's own architecture, else of the usual one, or of any
   * that has one, which takes a while where none has.
   */
  readonly witness: (of: Cond, among?: 'usual' | 'any') => Witness
}

/** `found` has what an allnoconfig is to set, and for which `ARCH`; `impossible` means none of all configurations. */
export type Witness =
  Exclude<Search, { kind: 'found' }> | (Extract<Search, { kind: 'found' }> & { readonly arch: string })

/** What is derived from a whole tree: made when it is first asked for, kept for the trees seen last. */
export type Knowledge = {
  /** What the Kconfig files say for an `ARCH`; null where the tree has no top Kconfig. */
  readonly symbols: (tree: Tree, arch: string) => KconfigModel | null
  /** What is built for an `ARCH` under all configurations; null where that is too large to know. */
  readonly kernel: (tree: Tree, arch: string) => KernelModel | null
  /** The directory of a Kbuild or Makefile, for its own architecture; null where make would read another file, or none. */
  readonly directory: (tree: Tree, makefile: string) => KbuildDirectory | null
  /** What makefiles are read with that make is started with by themselves, such as those of selftests. */
  readonly closures: (tree: Tree) => Closures
  /** The Kconfig files of all architectures together. */
  readonly wholeKconfig: (tree: Tree) => WholeKconfig
  /** What is seen of all architectures at once; null where the tree is no whole kernel. */
  readonly allArchs: (tree: Tree) => AllArchs | null
  /** The sections of MAINTAINERS; none where there is no such file. */
  readonly maintainers: (tree: Tree) => readonly MaintainersSection[]
  /** Says that a tree is another one but for these paths, so that only what hangs on them is worked out anew. */
  readonly relate: (before: Tree, after: Tree, touched: readonly string[]) => void
}

/** Where syntax trees and models are kept beyond one `Knowledge`. */
export type KnowledgeSources = {
  readonly parseMakefile?: ParseBlob
  readonly kconfigFiles?: KconfigFiles
  /** Models a kernel, or finds what was kept of it. */
  readonly model?: (tree: Tree, options: ModelOptions) => KernelModel
}

/** How a tree differs from another: in these paths. */
type Origin = { readonly before: Tree; readonly touched: readonly string[] }

/** What is known of one tree. */
type Known = {
  readonly symbols: Map<string, KconfigModel | null>
  loadKconfig: KconfigLoader | null
  readonly kernels: Map<string, KernelModel | null>
  readonly directories: Map<string, KbuildDirectory | null>
  allArchs: AllArchs | null | undefined
  closures: Closures | null
  whole: WholeKconfig | null
  maintainers: readonly MaintainersSection[] | null
  origin: Origin | null
}

/** Knowledge of trees that are related to each other, as those of a series are. */
export function createKnowledge(sources: KnowledgeSources = {}): Knowledge {
  const { model = modelKernel, parseMakefile, kconfigFiles = parseEach() } = sources
  const known = createKeeper()
  const origins = oncePer(createFileOrigins)

  const loaderOf = (tree: Tree): KconfigLoader =>
    (known(tree).loadKconfig ??= createKconfigLoader(tree, { files: kconfigFiles }))

  const symbols = (tree: Tree, arch: string): KconfigModel | null =>
    remember(known(tree).symbols, arch, () => {
      const { origin } = known(tree)
      if (origin !== null && !origin.touched.some(decidesSymbols)) return symbols(origin.before, arch)
      if (tree.read('Kconfig') === null) return null
      return loaderOf(tree)(kernelEnvironment(arch, sourceArch(tree, arch)))
    })

  const searches = new WeakMap<KconfigModel, WitnessSearch>()
  const search = (tree: Tree, arch: string, asked: { readonly model: KernelModel; readonly of: Cond }): Search => {
    const kconfig = symbols(tree, arch)
    if (kconfig === null) return { kind: 'unknown' }
    const find = searches.get(kconfig) ?? createWitnessSearch(kconfig)
    searches.set(kconfig, find)
    return find(asked.model.conditions, asked.of)
  }

  const allArchs = (tree: Tree): AllArchs | null => {
    const { origin, allArchs: found } = known(tree)
    if (found !== undefined) return found
    const isSame = origin !== null && !origin.touched.some(decidesSymbols)
    return (known(tree).allArchs = isSame ? allArchs(origin.before) : readAllArchs(tree, loaderOf(tree)))
  }

  const coldKernel = (tree: Tree): KernelModel => {
    const types = typesOfTree(tree, () => symbols(tree, usualArch), kconfigFiles)
    return model(tree, { arch: usualArch, ...types, ...(parseMakefile !== undefined && { parse: parseMakefile }) })
  }

  const usualKernel = (tree: Tree): KernelModel | null =>
    remember(known(tree).kernels, usualArch, () => {
      const { origin } = known(tree)
      const earlier = origin === null || retypes(origin, tree, kconfigFiles) ? null : usualKernel(origin.before)
      // A diagram that the trees before have filled is left to them.
      if (origin === null || earlier === null || earlier.conditions.size() > crowded)
        return unlessTooLarge(() => coldKernel(tree))
      return within(earlier, () => remodelKernel(earlier, tree, origin.touched))
    })

  const kernel = (tree: Tree, arch: string): KernelModel | null => {
    if (arch === usualArch) return usualKernel(tree)
    return remember(known(tree).kernels, arch, () => {
      const usual = usualKernel(tree)
      if (usual === null) return null
      const { origin } = known(tree)
      const earlier = origin === null ? null : kernel(origin.before, arch)
      const isShared = earlier?.conditions === usual.conditions
      return earlier !== null && origin !== null && isShared
        ? within(earlier, () => remodelKernel(earlier, tree, origin.touched))
        : within(usual, () => modelForArch(usual, arch))
    })
  }

  const directory = (tree: Tree, makefile: string): KbuildDirectory | null =>
    remember(known(tree).directories, makefile, () => {
      const found = worldOf(makefile) === 'kbuild' ? kernel(tree, archOf(makefile)) : null
      if (found === null) return null
      const path = directoryOf(makefile)
      const visited = found.directories.get(path)
      const one = visited ?? within(found, () => loneDirectory(found, path))
      if (one?.makefile !== makefile) return null
      const originOf = (word: string): FileOrigin => origins(found).of(one, word)
      const isOfArch = makefile.startsWith('arch/')
      const witness: KbuildDirectory['witness'] = (of, among = 'usual') => {
        if (isOfArch || among === 'usual')
          return witnessIn([found.arch], (arch) => search(tree, arch, { model: found, of }))
        const all = allArchs(tree)
        const archs = archsOf(tree).filter(
          (arch) => all?.excludes(found.conditions, of, sourceArch(tree, arch)) !== true,
        )
        return witnessIn(archs, (arch) => search(tree, arch, { model: found, of }))
      }
      return { model: found, directory: one, reached: visited !== undefined, originOf, witness }
    })

  const relate = (before: Tree, after: Tree, touched: readonly string[]): void => {
    if (before !== after) known(after).origin ??= { before, touched }
  }
  const closures = (tree: Tree): Closures => {
    const { origin, closures: found } = known(tree)
    if (found !== null) return found
    const earlier = origin && { closures: closures(origin.before), tree: origin.before, touched: origin.touched }
    return (known(tree).closures = createTreeClosures(tree, parseMakefile, earlier))
  }
  const wholeKconfig = (tree: Tree): WholeKconfig => {
    const { origin, whole } = known(tree)
    if (whole !== null) return whole
    const isSame = origin !== null && !origin.touched.some((path) => decidesSources(path, origin.before, tree))
    return (known(tree).whole = isSame
      ? wholeKconfig(origin.before)
      : readWholeKconfig(tree, namedKconfig(kconfigFiles)))
  }
  const maintainers = (tree: Tree): readonly MaintainersSection[] => {
    const { origin, maintainers: found } = known(tree)
    if (found !== null) return found
    const isSame = origin !== null && !origin.touched.includes('MAINTAINERS')
    const read = (): readonly MaintainersSection[] => parseMaintainers(tree.read('MAINTAINERS') ?? '')
    return (known(tree).maintainers = isSame ? maintainers(origin.before) : read())
  }
  return { symbols, kernel, directory, closures, wholeKconfig, allArchs, maintainers, relate }
}

/** Trees that are kept of those that another leads to: each patch of a series asks for the one before it. */
const maxRelated = 8

/** Trees that are kept of those that series start from: what is known of them was worked out from nothing. */
const maxBases = 3

/** All architectures of a tree, those that build most of it first. */
function archsOf(tree: Tree): readonly string[] {
  const all = tree.list('arch').flatMap(({ name, kind }) => (kind === 'directory' && name !== 'x86' ? [name] : []))
  const first = [usualArch, 'arm64', 'arm', 'powerpc', 'mips'].filter(
    (arch) => arch === usualArch || all.includes(arch),
  )
  return [...new Set([...first, ...all])]
}

/** The first architecture's witness; `impossible` only where it is so for each. */
function witnessIn(archs: readonly string[], search: (arch: string) => Search): Witness {
  let isOpen = false
  for (const arch of archs) {
    const found = search(arch)
    if (found.kind === 'found') return { ...found, arch }
    isOpen ||= found.kind === 'unknown'
  }
  return { kind: isOpen ? 'unknown' : 'impossible' }
}

/** Gives what is known of a tree: by its id, or where it has none by the tree itself. */
function createKeeper(): (tree: Tree) => Known {
  const kept = new Map<string, Known>()
  const withoutId = new WeakMap<Tree, Known>()
  let last: { readonly tree: Tree; readonly known: Known } | null = null
  return (tree) => {
    if (last?.tree === tree) return last.known
    const { id } = tree
    const found = id === null ? withoutId.get(tree) : kept.get(id)
    const known = found ?? emptyKnown()
    if (id === null) withoutId.set(tree, known)
    else {
      kept.delete(id)
      kept.set(id, known)
      if (found === undefined) forgetOldest(kept)
    }
    last = { tree, known }
    return known
  }
}

/** A tree whose scripts differ from those of the tree before shares nothing with it: 150 MB for each architecture asked for. */
function forgetOldest(kept: Map<string, Known>): void {
  const [bases, related] = [
    [...kept].filter(([, { origin }]) => origin === null),
    [...kept].filter(([, { origin }]) => origin !== null),
  ]
  for (const [id] of [...bases.slice(0, -maxBases), ...related.slice(0, -maxRelated)]) kept.delete(id)
}

function emptyKnown(): Known {
  return {
    symbols: new Map(),
    loadKconfig: null,
    kernels: new Map(),
    directories: new Map(),
    allArchs: undefined,
    closures: null,
    whole: null,
    maintainers: null,
    origin: null,
  }
}

function remember<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const found = kept.get(key)
  if (found !== undefined) return found
  const made = make()
  kept.set(key, made)
  return made
}

/** Nodes of a diagram from which on it is not shared any more: half of what it can have. */
const crowded = 1 << 21

/** What a model may take to make from another: three times what all of Linux 6.12 takes. A makefile can be written that takes for ever. */
const bounds: Bounds = { nodes: 1 << 20, steps: 20_000_000 }

function within<T>({ conditions }: KernelModel, work: () => T): T | null {
  return unlessTooLarge(() => conditions.bounded(bounds, work))
}

/** The result of some work with conditions; null where they grow beyond what a diagram holds. */
function unlessTooLarge<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof DiagramTooLarge) return null
    throw error
  }
}

/** Those of files alone that are called Kconfig. */
function namedKconfig({ file, prefetch }: KconfigFiles): KconfigFiles {
  return { file: (tree, path) => (isKconfig(path) ? file(tree, path) : null), prefetch }
}

/** Whether the Kconfig files among the changed give a symbol another type: conditions of both trees are then not the same. */
function retypes({ before, touched }: Origin, after: Tree, sources: KconfigFiles): boolean {
  const files = touched.filter(isKconfig)
  if (files.length === 0) return false
  const old = declaredTypes(before, files, sources)
  return [...declaredTypes(after, files, sources)].some(([name, type]) => old.get(name) !== type)
}

/** Whether a file can change what Kconfig says: the dialect is read from scripts/kconfig. */
function decidesSymbols(path: string): boolean {
  return isKconfig(path) || path.startsWith('scripts/kconfig/')
}

/** Whether a file can change which Kconfig files there are, or what is in them: a `source` line may name any file. */
function decidesSources(path: string, before: Tree, after: Tree): boolean {
  return isKconfig(path) || (before.blob(path) === null) !== (after.blob(path) === null)
}

function directoryOf(makefile: string): string {
  const slash = makefile.lastIndexOf('/')
  return slash === -1 ? '.' : makefile.slice(0, slash)
}
