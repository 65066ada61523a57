import { DiagramTooLarge, type Bounds } from '../cond/bdd.ts'
import { buildChanges, isBuildFile } from '../changes/build-changes.ts'
import type { KconfigOf } from '../changes/changed-symbols.ts'
import { remodelKernel, type KernelModel } from '../kbuild/kernel-model.ts'
import type { Unknown } from '../make/value.ts'
import type { Tree } from '../text/tree.ts'

/** What a change of a tree changes in the build, with the model of the tree after it; or why that is not known. */
export type BoundedChanges =
  | { readonly kind: 'changes'; readonly lines: readonly string[]; readonly model: KernelModel }
  | { readonly kind: 'too-large'; readonly why: string }

/** A change of a tree: `touched` are its paths, old and new names. */
export type TreeChange = { readonly before: Tree; readonly after: Tree; readonly touched: readonly string[] }

/** What is known of the trees: the model of one, with the paths that changed between it and the tree before; and Kconfig. */
export type KnownKernel = {
  readonly model: KernelModel
  readonly since: readonly string[]
  readonly kconfigOf: KconfigOf
  /** The model of the tree after the change, where it was made from `model` already and has its conditions. */
  readonly modelAfter?: KernelModel | null
}

/**
 * Works out what a change does to a kernel whose model is known, with an amount of work that is the same on every machine: a
 * makefile can be written that takes for ever.
 */
export function boundedChanges(
  { model: known, since, kconfigOf, modelAfter = null }: KnownKernel,
  { before, after, touched }: TreeChange,
): BoundedChanges {
  const { conditions } = known
  const large = whatIsTooLarge({ before, after, touched })
  if (large !== null) return { kind: 'too-large', why: large }
  try {
    return conditions.bounded(bounds, () => {
      const current = since.length === 0 ? known : remodelKernel(known, before, since)
      const { lines, model } = buildChanges(before, after, {
        ...{ touched, modelOf: () => current, kconfigOf },
        ...(modelAfter !== null && { modelAfter }),
      })
      const why = conditions.stepsLeft() === 0 ? tooMuchWork : whatIsCutOff(current, model ?? current)
      return why === null ? { kind: 'changes', lines, model: model ?? current } : { kind: 'too-large', why }
    })
  } catch (error) {
    if (error instanceof DiagramTooLarge) return { kind: 'too-large', why: tooMuchWork }
    throw error
  }
}

const tooMuchWork = 'its build files take too much work to evaluate'

/**
 * To evaluate all of Linux 6.12 anew, as a change of scripts/Makefile.build asks for, and to compare it takes 6.3 M steps and
 * 46,000 nodes; the change of one makefile 0.35 M steps.
 */
const bounds: Bounds = { nodes: 1 << 18, steps: 20_000_000 }

/** Characters that build files may have more than before: arch/x86/Kconfig, the largest of Linux 6.12, has 108,000. */
const maxAdded = 256_000
/** Build files that come and that go, and pairs of them, since what goes is looked for in what comes. */
const maxFiles = 1000
const maxPairs = 2500

/** Why a change is larger than any that people make by hand; null where it is not. */
function whatIsTooLarge({ before, after, touched }: TreeChange): string | null {
  const files = [...new Set(touched.filter(isBuildFile))]
  const come = files.filter((path) => before.blob(path) === null).length
  const gone = files.filter((path) => after.blob(path) === null).length
  if (come > maxFiles || gone > maxFiles || come * gone > maxPairs)
    return `it brings ${come} build files and drops ${gone}`
  const length = (tree: Tree): number => files.reduce((sum, path) => sum + (tree.read(path)?.length ?? 0), 0)
  const added = length(after) - length(before)
  return added > maxAdded ? `it adds ${added} characters to build files` : null
}

/** The first makefile that was evaluated anew and is not known to its end; null where there is none. */
function whatIsCutOff(before: KernelModel, after: KernelModel): string | null {
  for (const [path, { evaluation, makefile, lists }] of after.parts) {
    const old = before.parts.get(path)
    if (old?.evaluation === evaluation || evaluation === null) continue
    const isCut = evaluation.unknownEffects.some(isLimit) || lists.unknown.some(isLimit)
    const wasCut = old?.evaluation?.unknownEffects.some(isLimit) === true || old?.lists.unknown.some(isLimit) === true
    if (isCut || wasCut) return `\`${makefile ?? path}\` takes too much work to evaluate`
  }
  return after.top.evaluation !== before.top.evaluation && after.top.evaluation?.unknownEffects.some(isLimit) === true
    ? '`Makefile` takes too much work to evaluate'
    : null
}

function isLimit({ unknown }: { readonly unknown: Unknown }): boolean {
  return unknown.kind === 'limit'
}
