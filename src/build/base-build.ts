import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildArch, checkArch, type ArchBuild } from './arch-build.ts'
import type { BuildCache, CacheEntry, Made } from './build-cache.ts'
import { ccacheIn } from './ccache.ts'
import { configureCommands, goalCommand, requestedConfig } from './goal-command.ts'
import type { ArchRun } from './goal-run.ts'
import { layOutSource, makeOwned } from './lay-out.ts'
import { goalsOf } from './plan.ts'
import type { SandboxSupport } from './sandbox-model.ts'
import { openSandbox } from './sandbox.ts'
import type { TreeArchives } from './tree-archive.ts'

/** Where builds are run, and what they are kept in. */
export type Workshop = {
  readonly cache: BuildCache
  readonly archives: TreeArchives
  readonly support: SandboxSupport
}

/** The tree that a series is built upon. */
export type BaseTree = {
  /** A commit's full id. */
  readonly commit: string
  readonly hasPath: (path: string) => boolean
}

/** A finished base: its goals, and the layers that builds after a patch go over. Release it. */
export type BaseBuild =
  | {
      readonly kind: 'base'
      readonly run: ArchRun
      readonly layers: readonly string[]
      readonly how: 'found' | 'made'
      release(): void
    }
  /** It could not be built to an end (limits, the machine): there is nothing to compare with. */
  | { readonly kind: 'none'; readonly run: ArchRun | null; readonly reason: string }

/** Goes up when what an entry holds or how it is built changes, so that an older one is not taken. */
const format = 2

/** Builds the base of an architecture, or finds it built: once for a commit, a profile, an architecture, a toolchain and an owner. */
export async function ensureBase(build: ArchBuild, tree: BaseTree, workshop: Workshop): Promise<BaseBuild> {
  const source = await layOutSource(tree.commit, { ...workshop, ...(build.signal && { signal: build.signal }) })
  if (source.kind === 'failed') return { kind: 'none', run: null, reason: source.reason }
  const sourceLayer = join(source.entry.path, 'layer')
  const made: { run: ArchRun | null } = { run: null }
  const make = async (directory: string): Promise<Made> => {
    const first = await buildBase(directory, { build, tree, workshop, sourceLayer })
    const last =
      first.run !== null && isWorthAgain(first.run)
        ? await buildBase(directory, { build, tree, workshop, sourceLayer })
        : first
    made.run = last.run
    return last.outcome
  }
  const outcome = await workshop.cache.get(`base-${keyOf(build, tree, workshop)}`, make, build.signal)
  if (outcome.kind === 'failed') {
    source.entry.release()
    return { kind: 'none', run: made.run, reason: outcome.reason }
  }
  return toBase(outcome.entry, source.entry, outcome.how)
}

function toBase(entry: CacheEntry, source: CacheEntry, how: 'found' | 'made'): BaseBuild {
  const layer = join(entry.path, 'layer')
  // We wrote the file ourselves, in a directory that nobody else can write; `format` stands in its name.
  const run = JSON.parse(readFileSync(join(entry.path, 'run.json'), 'utf8')) as ArchRun
  const release = (): void => {
    entry.release()
    source.release()
  }
  const goals = run.goals.map((goal) => ({ ...goal, outputDirectory: layer }))
  return { kind: 'base', run: { ...run, goals }, layers: [layer, join(source.path, 'layer')], how, release }
}

/** A goal that failed is tried once more before anybody is told; what the machine lacks does not come by that. */
export function isWorthAgain(run: ArchRun): boolean {
  return run.goals.some(({ status, reason }) => status !== 'ok' && status !== 'environment' && reason !== 'interrupted')
}

type Making = {
  readonly build: ArchBuild
  readonly tree: BaseTree
  readonly workshop: Workshop
  readonly sourceLayer: string
}

async function buildBase(
  directory: string,
  { build, tree, workshop, sourceLayer }: Making,
): Promise<{ readonly run: ArchRun | null; readonly outcome: Made }> {
  const { toolchain, profile } = build
  if (toolchain.ccache !== undefined) makeOwned(toolchain.ccache, workshop.support)
  const opened = await openSandbox({
    support: workshop.support,
    limits: profile.limits,
    ground: { kind: 'layers', layers: [sourceLayer] },
    evidence: null,
    directories: toolchain.directories,
    place: build.arch.name,
    ...ccacheIn(toolchain, 'writable'),
  })
  if (opened.kind === 'failed') return { run: null, outcome: opened }
  try {
    const built = { id: tree.commit, hasPath: tree.hasPath, changed: null, outputDirectory: null }
    const run = await buildArch(build, opened.sandbox, built)
    const unfinished = run.goals.find(({ status }) => status !== 'ok' && status !== 'failed')
    if (unfinished !== undefined) {
      const reason = `\`${unfinished.goal}\` of the base: ${unfinished.reason ?? unfinished.status}`
      return { run, outcome: { kind: 'failed', reason } }
    }
    const reason = await opened.sandbox.keep(join(directory, 'layer'))
    if (reason !== null) return { run, outcome: { kind: 'failed', reason } }
    const checked = await checkArch(build, opened.sandbox, { tree: built, run })
    writeFileSync(join(directory, 'run.json'), JSON.stringify(checked))
    return { run: checked, outcome: { kind: 'made' } }
  } finally {
    await opened.sandbox.close()
  }
}

/** All that a base depends on: what is run, in which order and when, and whose the objects are, as another owner could not write over them. */
function keyOf(build: ArchBuild, { commit }: BaseTree, { support }: Workshop): string {
  const { profile, arch, tier, until, toolchain } = build
  // How many jobs make has changes no object.
  const same = { ...build, jobs: 1 }
  const goals = goalsOf(profile, arch, tier).map((goal) => [
    goal.id,
    goal.when,
    goal.needs,
    goal.instead,
    goalCommand(goal, same),
  ])
  const bare = support.isBare === true ? [support.temporaryDirectory] : []
  const made = [format, commit, arch.name, until, toolchain.id, support.identity, ...bare]
  const configured = [requestedConfig(profile, arch), configureCommands(same), profile.checks]
  return createHash('sha256')
    .update(JSON.stringify([made, configured, goals]))
    .digest('hex')
}
