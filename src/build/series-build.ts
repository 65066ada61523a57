import { join } from 'node:path'
import { removeDirectory } from '../processes/remove-directory.ts'
import { ensureBaseBoots } from './base-boots.ts'
import { ccacheIn } from './ccache.ts'
import { bootArch } from './boot-arch.ts'
import type { GuestFiles } from './boot-command.ts'
import { confirmBoots } from './control-boot.ts'
import { buildArch, checkArch, collectEvidence, type ArchBuild } from './arch-build.ts'
import { ensureBase, isWorthAgain, type BaseBuild, type BaseTree, type Workshop } from './base-build.ts'
import type { ArchRun, GoalNotRun, SeriesRuns } from './goal-run.ts'
import { applyChange, makeOwned } from './lay-out.ts'
import { bootsOf, goalsOf, whyNotArch, type BootStage } from './plan.ts'
import type { Profile, ProfileArch, Tier } from './profile-schema.ts'
import { openSandbox } from './sandbox.ts'
import type { ToolchainResult } from './toolchains.ts'

/** The tree that a patch leaves, and how it differs from the base: not from the patch before. */
export type PatchedTree = {
  /** The index of the patch in its series. */
  readonly patch: number
  /** A commit's or tree's full id. */
  readonly id: string
  readonly hasPath: (path: string) => boolean
  /** Paths of files that this tree and the base have differently, or only one of them has. */
  readonly changed: readonly string[]
}

/** What is going on: `step` is null for the base, else the index of a patch. */
export type BuildProgress = { readonly arch: string; readonly goal: string; readonly step: number | null }

export type SeriesBuild = {
  readonly profile: Profile
  readonly arches: readonly ProfileArch[]
  readonly tier: Tier
  readonly until: 'configure' | 'end'
  /** What is done with the kernels of the full tier; nothing where it is left out. */
  readonly boot?: SeriesBoot
  readonly base: BaseTree
  readonly patched: readonly PatchedTree[]
  readonly workshop: Workshop
  readonly toolchain: (arch: ProfileArch) => Promise<ToolchainResult>
  /** Processors to use, all architectures together. */
  readonly jobs: number
  /** Where evidence of patched trees goes, in `PATCH/ARCH/`. The base's lies in the cache, until the runs are released. */
  readonly evidenceDirectory: string
  readonly onProgress?: (progress: BuildProgress) => void
  readonly signal?: AbortSignal
}

/** How kernels are booted. */
export type SeriesBoot = { readonly stage: BootStage; readonly guest: GuestFiles }

/** The runs of a series, and the bases that they were compared with; release them when the evidence was read. */
export type BuiltSeries = { readonly runs: SeriesRuns; readonly release: () => void }

/**
 * Builds a series: its base, once, and the tree after each patch as an overlay over it, each from the base anew, so that no patch is judged by what another
 * one left behind. Architectures go side by side.
 */
export async function buildSeries(series: SeriesBuild): Promise<BuiltSeries> {
  const jobs = { atOnce: Math.max(1, Math.min(series.jobs, series.arches.length)), each: 0 }
  jobs.each = Math.max(2, Math.ceil(series.jobs / jobs.atOnce))
  const results = await eachOf(series.arches, jobs.atOnce, (arch) => buildOneArch(arch, jobs.each, series))
  const after = series.patched.map(({ patch }, index) => ({
    patch,
    runs: results.flatMap((result) => result.after[index] ?? []),
  }))
  return {
    runs: { profile: series.profile.name, before: results.map(({ before }) => before), after },
    release: () => {
      for (const { release } of results) release()
    },
  }
}

type ArchResult = { readonly before: ArchRun; readonly after: readonly ArchRun[]; readonly release: () => void }

const nothing = (): void => undefined

async function buildOneArch(arch: ProfileArch, jobs: number, series: SeriesBuild): Promise<ArchResult> {
  const { profile, base, patched, workshop } = series
  const skipAll = (kind: GoalNotRun['kind'], reason: string): ArchResult => ({
    before: skipped(arch, series, { tree: base.commit, kind, reason }),
    after: patched.map(({ id }) => skipped(arch, series, { tree: id, kind, reason })),
    release: nothing,
  })
  const notHere = whyNotArch(arch, base)
  if (notHere !== null) return skipAll('inapplicable', notHere)
  const found = await series.toolchain(arch)
  if (found.kind === 'missing')
    return skipAll('missing', `no ${found.programs.slice(0, 3).join(', ')}: ${found.advice}`)
  const { tier, until, signal, onProgress } = series
  const buildAt = (step: number | null): ArchBuild => ({
    profile,
    arch,
    tier,
    until,
    toolchain: found.toolchain,
    jobs,
    ...(series.boot && { boots: { goals: bootsOf(profile, arch, series.boot.stage), guest: series.boot.guest } }),
    onGoal: (goal) => onProgress?.({ arch: arch.name, goal, step }),
    ...(signal && { signal }),
  })
  const finished = await ensureBase(buildAt(null), base, workshop)
  if (finished.kind === 'none') {
    const all = skipAll('missing', `the base was not built: ${finished.reason}`)
    return { ...all, before: finished.run ?? all.before }
  }
  const run = await ensureBaseBoots(buildAt(null), finished, { tree: base, workshop })
  const after: ArchRun[] = []
  for (const tree of patched) {
    signal?.throwIfAborted()
    after.push(await buildPatched(tree, { ...finished, run }, { build: buildAt(tree.patch), series }))
  }
  return { before: run, after, release: () => finished.release() }
}

type Skipping = { readonly tree: string; readonly kind: GoalNotRun['kind']; readonly reason: string }

function skipped(arch: ProfileArch, { profile, tier, boot }: SeriesBuild, { tree, ...why }: Skipping): ArchRun {
  const goals = [...goalsOf(profile, arch, tier), ...(boot ? bootsOf(profile, arch, boot.stage) : [])]
  const notRun = goals.map(({ id }) => ({ arch: arch.name, goal: id, ...why }))
  return { arch: arch.name, toolchain: null, tree, goals: [], notRun }
}

type Finished = Extract<BaseBuild, { kind: 'base' }>
type Patching = { readonly build: ArchBuild; readonly series: SeriesBuild }

/** A goal that fails where the base's did not is tried once more, from the base anew. */
async function buildPatched(tree: PatchedTree, base: Finished, patching: Patching): Promise<ArchRun> {
  const first = await buildPatchedOnce(tree, base, patching)
  const failedBefore = new Set(base.run.goals.filter(({ status }) => status !== 'ok').map(({ goal }) => goal))
  const isNew = isWorthAgain({ ...first, goals: first.goals.filter(({ goal }) => !failedBefore.has(goal)) })
  const last = isNew ? await buildPatchedOnce(tree, base, patching) : first
  return confirmBoots(last, patching.build, { base, tree: patching.series.base, workshop: patching.series.workshop })
}

async function buildPatchedOnce(tree: PatchedTree, base: Finished, { build, series }: Patching): Promise<ArchRun> {
  const { workshop, evidenceDirectory, signal, profile } = series
  const evidence = join(evidenceDirectory, String(tree.patch), build.arch.name)
  removeDirectory(evidence)
  makeOwned(evidence, workshop.support)
  const skip = (reason: string): ArchRun => skipped(build.arch, series, { tree: tree.id, kind: 'missing', reason })
  const opened = await openSandbox({
    support: workshop.support,
    limits: profile.limits,
    ground: { kind: 'layers', layers: base.layers },
    evidence,
    directories: build.toolchain.directories,
    place: build.arch.name,
    ...ccacheIn(build.toolchain, 'readable'),
  })
  if (opened.kind === 'failed') return skip(opened.reason)
  try {
    const change = {
      archives: workshop.archives,
      treeish: tree.id,
      changed: tree.changed,
      there: tree.changed.filter(tree.hasPath),
    }
    const reason = await applyChange(opened.sandbox, change, signal)
    if (reason !== null) return skip(reason)
    const built = { ...tree, outputDirectory: evidence }
    const done = await buildArch(build, opened.sandbox, built)
    const missing = signal?.aborted === true ? 'interrupted' : await collectEvidence(build, opened.sandbox)
    const booted = await bootArch(build, opened.sandbox, { run: done, hasPath: tree.hasPath })
    const checked = await checkArch(build, opened.sandbox, { tree: built, run: done })
    const run = { ...checked, goals: booted.goals, notRun: booted.notRun }
    if (missing === null) return run
    return { ...run, goals: run.goals.map((goal) => ({ ...goal, outputDirectory: null })) }
  } finally {
    await opened.sandbox.close()
  }
}

/** Does something with each item, some of them at once; the results are in the order of the items. The first that throws ends it. */
async function eachOf<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  const queue = [...items.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1])
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
