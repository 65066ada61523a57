import { DiagramTooLarge, type Bounds } from '../cond/bdd.ts'
import { never, type Cond, type Conditions } from '../cond/conditions.ts'
import { buildChanges, isBuildFile } from '../kbuild/build-changes.ts'
import { declaredTypes } from '../kbuild/declared-types.ts'
import { remodelKernel, type KernelModel } from '../kbuild/kernel-model.ts'
import type { Unknown } from '../make/value.ts'
import type { Tree } from '../text/tree.ts'
import { isKconfig } from './world.ts'

/** What a change of a tree changes in the build, with the model of the tree after it; or why that is not known. */
export type BoundedChanges =
  | { readonly kind: 'changes'; readonly lines: readonly string[]; readonly model: KernelModel }
  | { readonly kind: 'too-large'; readonly why: string }

/** A change of a tree: `touched` are its paths, old and new names. */
export type TreeChange = { readonly before: Tree; readonly after: Tree; readonly touched: readonly string[] }

/**
 * Works out what a change does to a kernel whose model is known, with an amount of work that is the same on every machine: a
 * makefile can be written that takes for ever. `since` are paths that changed between the tree of the model and the one before.
 */
export function boundedChanges(
  known: KernelModel,
  { before, after, touched }: TreeChange,
  since: readonly string[],
): BoundedChanges {
  const { conditions } = known
  try {
    return conditions.bounded(bounds, () => {
      const current = since.length === 0 ? known : remodelKernel(known, before, since)
      const typed = { ...current, conditions: withNewTypes(current.conditions, { before, after, touched }) }
      const { lines, model } = buildChanges(before, after, { touched, modelOf: () => typed })
      const why = conditions.stepsLeft() === 0 ? tooMuchWork : whatIsCutOff(typed, model ?? typed)
      return why === null ? { kind: 'changes', lines, model: model ?? typed } : { kind: 'too-large', why }
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

/** A symbol that the change brings is of the type that it gives it; the model knew of none, and took it for a tristate. */
function withNewTypes(conditions: Conditions, { before, after, touched }: TreeChange): Conditions {
  const files = touched.filter(isKconfig)
  if (files.length === 0) return conditions
  const old = declaredTypes(before, files)
  const bools = new Set([...declaredTypes(after, files)].flatMap(([name, type]) => (type === 'bool' ? [name] : [])))
  const fresh = bools.difference(new Set(old.keys()))
  if (fresh.size === 0) return conditions
  const symbolIs: Conditions['symbolIs'] = (name, value): Cond => {
    if (!fresh.has(name)) return conditions.symbolIs(name, value)
    if (value === 'm') return never
    return value === 'y' ? conditions.isSet(name) : conditions.not(conditions.isSet(name))
  }
  return { ...conditions, symbolIs }
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

/**
 * Whether a path can decide what the kernel's own build makes. tools/ has makefiles and builds of its own, to which the top
 * Makefile hands over with `$(MAKE) -C`.
 */
export function decidesBuild(path: string): boolean {
  return isBuildFile(path) && !path.startsWith('tools/')
}
