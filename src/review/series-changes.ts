import { isBuildFile } from '../changes/build-changes.ts'
import type { KconfigOf } from '../changes/changed-symbols.ts'
import { modelKernel, type KernelModel } from '../kbuild/kernel-model.ts'
import { archOf, usualArch } from '../kbuild/source-arch.ts'
import { kernelEnvironment, loadKconfig } from '../kconfig/load.ts'
import type { Series } from '../series/series.ts'
import type { Tree } from '../text/tree.ts'
import { boundedChanges, type TreeChange } from './bounded-changes.ts'
import { joinArchs, noChanges, type BuildChanges, type Changes } from './changes.ts'
import type { Skipped } from './finding.ts'
import type { Knowledge } from './knowledge.ts'
import type { Step } from './step.ts'

/** What a series changes in the build, and of which patches that could not be worked out. */
export type JudgedChanges = { readonly changes: Changes; readonly notRun: readonly Skipped[] }

type Options = {
  readonly series: Series
  /** The unbroken run of patches that applied, in order. */
  readonly steps: readonly Step[]
  /** Gives the model of a tree that is not the series' doing, and what Kconfig says of any tree. */
  readonly knowledge: Pick<Knowledge, 'kernel' | 'symbols'>
}

/** Further architectures that a patch is worked out for; one that touches more of them is a sweep over the tree. */
const maxFurtherArchs = 2

/**
 * Works out what each patch changes in the build, and the series as a whole. A model is asked for only where a patch touches a
 * file that decides the build, and only in kernels. Work that fails or takes too long is named in `notRun`, with the patches
 * that come after it: what they start from is not known.
 */
export function seriesChanges({ series, steps, knowledge }: Options): JudgedChanges {
  const [first] = steps
  if (first === undefined || !isKernel(first.before)) return { changes: noChanges, notRun: [] }
  const walk = createWalk(first.before, knowledge)
  const patches: (BuildChanges & { readonly patch: number })[] = []
  for (const step of steps) {
    const what = `build changes of patch ${step.patch.index}`
    // A diff that cannot be trusted is named already, and does not say which files it touches.
    if (step.patch.problems.length > 0) return { changes: { patches, whole: null }, notRun: [] }
    const result = attempt(() => walk.next(step))
    if (typeof result === 'string') return { changes: { patches, whole: null }, notRun: [{ what, why: result }] }
    if (result !== null) patches.push({ patch: step.patch.index, ...result })
  }
  const isWhole = steps.length === series.patches.length && series.missing.length === 0
  if (!isWhole) return { changes: { patches, whole: null }, notRun: [] }
  return { ...wholeOf(patches, () => walkAll(steps, knowledge)) }
}

/** From the first tree to the last; where no more than one patch decides, what that one changes. */
function wholeOf(patches: Changes['patches'], work: () => BuildChanges | string | null): JudgedChanges {
  const [only, ...others] = patches
  if (only === undefined) return { changes: noChanges, notRun: [] }
  const { archs, changes } = only
  const whole = others.length === 0 ? { archs, changes } : attempt(work)
  if (typeof whole !== 'string') return { changes: { patches, whole }, notRun: [] }
  return { changes: { patches, whole: null }, notRun: [{ what: 'build changes of the series', why: whole }] }
}

function walkAll(steps: readonly Step[], knowledge: Options['knowledge']): BuildChanges | string | null {
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined) return null
  const touched = [...new Set(steps.flatMap(touchedBy))]
  return createWalk(first.before, knowledge).change({ before: first.before, after: last.after, touched })
}

type Walk = {
  /** What a step changes; a text says why that is not known, null that it touches nothing that decides. */
  readonly next: (step: Step) => BuildChanges | string | null
  readonly change: (change: TreeChange) => BuildChanges | string | null
}

/** Where the model of an architecture stands: patches behind it that touched nothing which decides are looked at when it is needed. */
type Stand = { readonly model: KernelModel; readonly at: number }

/** Goes from tree to tree, with the model of each made from the one before. */
function createWalk(start: Tree, knowledge: Options['knowledge']): Walk {
  const stands = new Map<string, Stand>()
  const passed: (readonly string[])[] = []
  const kconfigOf = kconfigFrom(knowledge)
  const change = (of: TreeChange): BuildChanges | string | null => {
    const byArch: { readonly arch: string; readonly lines: readonly string[] }[] = []
    for (const arch of archsOf(start, of.touched)) {
      const stand = stands.get(arch) ?? standAt(roomyModel(knowledge.kernel(start, arch)))
      if (stand === null) return 'the build files of the tree take too much work to evaluate'
      const ofArch = { ...of, touched: of.touched.filter((path) => isSeenBy(arch, path)) }
      const since = passed.slice(stand.at).flat()
      const modelAfter = since.length === 0 ? knownAfter(knowledge, stand.model, of) : null
      const result = boundedChanges({ model: stand.model, since, kconfigOf, modelAfter }, ofArch)
      if (result.kind === 'too-large') return result.why
      stands.set(arch, { model: result.model, at: passed.length + 1 })
      byArch.push({ arch, lines: result.lines })
    }
    passed.push(of.touched)
    return byArch.length === 0 ? null : joinArchs(byArch)
  }
  return { change, next: (step) => change({ before: step.before, after: step.after, touched: touchedBy(step) }) }
}

/** Only what no top Kconfig leads to is read for itself. */
function kconfigFrom({ symbols }: Options['knowledge']): KconfigOf {
  return (tree, srcarch, root) => {
    const arch = archOf(`arch/${srcarch}/`)
    const known = root === 'Kconfig' ? symbols(tree, arch) : null
    return known ?? loadKconfig(tree, { env: kernelEnvironment(arch, srcarch), root })
  }
}

/** Nodes of conditions beyond which a model is left to those who have filled it; that of Linux 6.12 has 118,000 when it is new. */
const maxShared = 1 << 21

/** All trees of a run share conditions that never shrink. What hostile patches have put there is not to count against the next. */
function roomyModel(model: KernelModel | null): KernelModel | null {
  return model === null || model.conditions.size() <= maxShared ? model : modelKernel(model.tree, model.options)
}

/**
 * The model that rules have asked for, if it stems from that of the tree before; null where it is to be made. It has taken over what the
 * change does not touch, so that the two differ where the trees do.
 */
function knownAfter(
  { kernel }: Options['knowledge'],
  model: KernelModel,
  { before, after }: TreeChange,
): KernelModel | null {
  if (kernel(before, model.arch) !== model) return null
  const young = kernel(after, model.arch)
  return young?.conditions === model.conditions ? young : null
}

function standAt(model: KernelModel | null): Stand | null {
  return model === null ? null : { model, at: 0 }
}

/** A failure of the model is none of the review. */
function attempt<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    return `working them out failed: ${error instanceof Error ? error.message : String(error)}`
  }
}

function touchedBy({ patch }: Step): readonly string[] {
  return patch.files.flatMap(({ oldPath, newPath }) => [oldPath, newPath].filter((path) => path !== null))
}

/** The architectures that a change is worked out for: the usual one, unless it touches only others, and those that it touches. */
function archsOf(tree: Tree, touched: readonly string[]): readonly string[] {
  const archs = new Set(touched.filter(isBuildFile).map(archOf))
  const further = [...archs].filter((arch) => arch !== usualArch && tree.blob(`arch/${arch}/Makefile`) !== null).sort()
  return [...(archs.has(usualArch) ? [usualArch] : []), ...(further.length > maxFurtherArchs ? [] : further)]
}

/** Whether the kernel of an architecture is made with a file: not with those of others, but that User Mode Linux has some of x86. */
function isSeenBy(arch: string, path: string): boolean {
  return !/^arch\/[^/]+\//.test(path) || archOf(path) === arch || arch === 'um'
}

/** The top Makefile of a kernel and scripts/Makefile.build both include scripts/Kbuild.include. */
function isKernel(tree: Tree): boolean {
  return tree.blob('Makefile') !== null && tree.blob('scripts/Kbuild.include') !== null
}
