import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printable } from '../review/printable.ts'
import { buildArch, checkArch, type ArchBuild } from './arch-build.ts'
import type { BuildCache, CacheEntry, CacheOutcome, Made } from './build-cache.ts'
import { ccacheIn } from './ccache.ts'
import { configureCommands, goalCommand, requestedConfig } from './goal-command.ts'
import type { ArchRun } from './goal-run.ts'
import { findHostTools, readMachineState } from './host-tools.ts'
import { layOutSource, makeOwned } from './lay-out.ts'
import { kbuildTrees } from './log-paths.ts'
import { readLog } from './read-log.ts'
import { goalsOf } from './plan.ts'
import type { SandboxSupport } from './sandbox-model.ts'
import { openSandbox } from './sandbox.ts'
import { findTool } from './tools.ts'
import type { TreeArchives } from './tree-archive.ts'

/** Where builds are run, and what they are kept in. */
export type Workshop = {
  readonly cache: BuildCache
  readonly archives: TreeArchives
  readonly support: SandboxSupport
  /** Tells when something is installed here; `readMachineState` where it is left out. */
  readonly machineState?: () => string
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
const format = 3

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
  const outcome = await findOrMake(await keyOf(build, tree, workshop), make, { build, workshop })
  if (outcome.kind === 'failed') {
    source.entry.release()
    return { kind: 'none', run: made.run, reason: outcome.reason }
  }
  return toBase(outcome.entry, source.entry, outcome.how)
}

type Lookup = { readonly build: ArchBuild; readonly workshop: Workshop }

/** A base that lacked something is taken while nothing was installed since. */
async function findOrMake(
  key: readonly unknown[],
  make: (directory: string) => Promise<Made>,
  { build: { signal }, workshop: { cache, machineState = readMachineState } }: Lookup,
): Promise<CacheOutcome> {
  const outcome = await cache.get(nameOf(key), make, signal)
  if (outcome.kind === 'failed') return outcome
  const lacking = join(outcome.entry.path, lackingName)
  const now = machineState()
  if (!existsSync(lacking) || readFileSync(lacking, 'utf8') === now) return outcome
  outcome.entry.release()
  return cache.get(nameOf([key, now]), make, signal)
}

/** The state of the machine when a base was built that lacked something; no such file where it lacked nothing. */
const lackingName = 'lacking'

const nameOf = (key: readonly unknown[]): string =>
  `base-${createHash('sha256').update(JSON.stringify(key)).digest('hex')}`

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
    const faults = faultsOf(run, tree)
    const shortage = faults.find(({ isLack }) => !isLack)
    if (shortage !== undefined) return { run, outcome: { kind: 'failed', reason: shortage.reason } }
    const reason = await opened.sandbox.keep(join(directory, 'layer'))
    if (reason !== null) return { run, outcome: { kind: 'failed', reason } }
    const checked = await checkArch(build, opened.sandbox, { tree: built, run })
    writeFileSync(join(directory, 'run.json'), JSON.stringify(checked))
    if (faults.length > 0) writeFileSync(join(directory, lackingName), (workshop.machineState ?? readMachineState)())
    return { run: checked, outcome: { kind: 'made' } }
  } finally {
    await opened.sandbox.close()
  }
}

/** Why a goal failed for the machine alone: something is not installed, or else there was too little of something at that time. */
type Fault = { readonly reason: string; readonly isLack: boolean }

function faultsOf({ goals }: ArchRun, { hasPath }: BaseTree): readonly Fault[] {
  return goals.flatMap(({ goal, status, log, paths, directory }) => {
    if (status !== 'failed') return []
    const { diagnostics } = readLog([log.text], kbuildTrees(paths, directory, hasPath))
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.some(({ kind }) => kind !== 'environment')) return []
    return errors.map(({ message, subject }) => ({
      reason: `\`${goal}\` of the base: the machine is at fault: ${printable(message)}`,
      isLack:
        subject !== null || /not found|not built with|No module named|shared libraries|cannot execute/.test(message),
    }))
  })
}

/** All that a base depends on: what is run, in which order and when, and whose the objects are, as another owner could not write over them. */
async function keyOf(build: ArchBuild, { commit }: BaseTree, { support }: Workshop): Promise<readonly unknown[]> {
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
  const tools = await findHostTools(build, findTool)
  const made = [format, commit, arch.name, until, toolchain.id, tools, support.identity, ...bare]
  const configured = [requestedConfig(profile, arch), configureCommands(same), profile.checks]
  return [made, configured, goals]
}
