import type { Booting } from './boot-command.ts'
import {
  buildPaths,
  configureCommands,
  fragmentPath,
  goalCommand,
  requestedConfig,
  type GoalCommand,
} from './goal-command.ts'
import type { ArchRun, GoalNotRun, GoalRun } from './goal-run.ts'
import { goalsOf, planGoals, readConfigured } from './plan.ts'
import { configureGoal, type Profile, type ProfileArch, type ProfileGoal, type Tier } from './profile-schema.ts'
import { isBuildFile, mayConfigure, remakeCommands, remakeFor } from './remake.ts'
import { markCommand, runSemantics } from './run-semantics.ts'
import type { CommandEnd, Sandbox } from './sandbox-model.ts'
import { forgetStale } from './stale.ts'
import type { Toolchain } from './toolchains.ts'

/** What is built: one architecture of a profile, with one toolchain. */
export type ArchBuild = {
  readonly profile: Profile
  readonly arch: ProfileArch
  readonly tier: Tier
  readonly toolchain: Toolchain
  /** `-j` of make. */
  readonly jobs: number
  /** `configure` ends after the configuration. */
  readonly until: 'configure' | 'end'
  /** What is booted after all that was made (`bootArch`); nothing where it is left out. */
  readonly boots?: Booting
  readonly onGoal?: (goal: string) => void
  readonly signal?: AbortSignal
}

/** The tree that is built in a sandbox, whose files lie in /build/source. */
export type BuiltTree = {
  /** The commit or tree, for the record. */
  readonly id: string
  readonly hasPath: (path: string) => boolean
  /** Paths that differ from what /build/output was built of; null where nothing was built before. */
  readonly changed: readonly string[] | null
  /** Where /evidence of the sandbox lies on this machine, or where a layer is kept; null where nothing is kept. */
  readonly outputDirectory: string | null
}

/** Runs the goals of an architecture in a sandbox, one after the other; a goal that failed takes with it those that need it. */
export async function buildArch(build: ArchBuild, sandbox: Sandbox, tree: BuiltTree): Promise<ArchRun> {
  const context: Context = { ...build, sandbox, tree }
  const { arch, toolchain } = build
  await prepare(context)
  const configured = tree.changed === null || mayConfigure(tree.changed) ? await configureAll(context) : []
  const isConfigured = configured.every(({ status }) => status === 'ok')
  const config = isConfigured ? await readConfig(context) : null
  const done = build.until === 'configure' ? nothing : await runGoals(config, context)
  return {
    arch: arch.name,
    toolchain: toolchain.name,
    tree: tree.id,
    ...(sandbox.root !== '' && { root: sandbox.root }),
    goals: [...configured, ...done.goals],
    notRun: done.notRun,
  }
}

/** What would be taken for up to date, and is not, is removed before anything is made. */
async function prepare(context: Context): Promise<void> {
  const { profile, arch, tree } = context
  const { changed, hasPath } = tree
  if (profile.checks.length > 0) await run({ directory: '/build', command: markCommand }, context)
  if (changed === null) return
  for (const command of forgetStale({ changed, hasPath }, profile, arch))
    await run({ directory: '/build', command }, context)
}

/**
 * Makes the checks of the profile over what was built; what they leave in the sandbox is nobody's evidence. After a patch only where
 * that changes makefiles or scripts: what C sources say has no part in it.
 */
export async function checkArch(build: ArchBuild, sandbox: Sandbox, built: Built): Promise<ArchRun> {
  const { tree, run: done } = built
  const { checks, goals } = build.profile
  const isAsked = checks.length > 0 && (tree.changed === null || tree.changed.some(isBuildFile))
  if (!isAsked || build.signal?.aborted === true) return done
  const context: Context = { ...build, sandbox, tree }
  const builds = new Set(goals.flatMap(({ id, each }) => (each === undefined ? [id] : [])))
  const semantics = await runSemantics({
    checks,
    goals: done.goals.filter(({ goal, status }) => status === 'ok' && builds.has(goal)),
    modules: [...new Set(goals.flatMap(({ module }) => module ?? []))].filter(tree.hasPath),
    inSource: [...new Set(goals.flatMap(({ directory }) => directory ?? []))],
    paths: buildPaths,
    run: (command, directory) => run({ command, directory }, context),
  })
  return { ...done, semantics }
}

type Built = { readonly tree: BuiltTree; readonly run: ArchRun }

async function configureAll(context: Context): Promise<readonly GoalRun[]> {
  const runs: GoalRun[] = []
  for (const command of configureCommands(context)) {
    const run = await configure(command, context)
    runs.push(run)
    if (run.status !== 'ok') break
  }
  return runs
}

type Done = Pick<ArchRun, 'goals' | 'notRun'>
const nothing: Done = { goals: [], notRun: [] }

/** `config` is what the tree made; null where it made none. */
async function runGoals(config: string | null, context: Context): Promise<Done> {
  const { arch, profile, tier, tree } = context
  const goals = goalsOf(profile, arch, tier)
  if (config === null) {
    const why = { kind: 'blocked', reason: 'the tree could not be configured' } as const
    return { goals: [], notRun: goals.map(({ id }) => ({ arch: arch.name, goal: id, ...why })) }
  }
  const symbols = readConfigured(config)
  const planned = planGoals(goals, { hasPath: tree.hasPath, isConfigured: (symbol) => symbols.has(symbol) })
  const runs: GoalRun[] = []
  const notRun: GoalNotRun[] = []
  const built = new Set<string>()
  for (const { goal, inapplicable } of planned) {
    if (isUntouched(goal, tree.changed)) {
      // It is as it was before the patch, and so is what needs it.
      built.add(goal.id)
      continue
    }
    const skipped = whySkipped(goal, { inapplicable, built })
    const run = skipped === null ? await runGoal(goal, context) : null
    if (skipped !== null) notRun.push({ arch: arch.name, goal: goal.id, ...skipped })
    if (run !== null) runs.push(run)
    if (run?.status === 'ok') built.add(goal.id)
  }
  return { goals: runs, notRun }
}

/** Whether a patch changes nothing that a goal is for. */
function isUntouched(goal: ProfileGoal, changed: readonly string[] | null): boolean {
  const directories = goal['if-changed']
  if (directories === undefined || changed === null) return false
  return !changed.some((path) => directories.some((directory) => `${path}/`.startsWith(`${directory}/`)))
}

type Context = ArchBuild & { readonly sandbox: Sandbox; readonly tree: BuiltTree }

type Standing = { readonly inapplicable: string | null; readonly built: ReadonlySet<string> }

function whySkipped(goal: ProfileGoal, { inapplicable, built }: Standing): Pick<GoalNotRun, 'kind' | 'reason'> | null {
  if (inapplicable !== null) return { kind: 'inapplicable', reason: inapplicable }
  const missing = goal.needs.find((id) => !built.has(id))
  return missing === undefined ? null : { kind: 'blocked', reason: `needs \`${missing}\`, which was not built` }
}

/** The fragments are written first, and added to what the target made where it does not read them itself. */
async function configure(command: GoalCommand, context: Context): Promise<GoalRun> {
  const { profile, arch } = context
  const fragment = requestedConfig(profile, arch)
  const isSecond = command.command.at(-1) === 'olddefconfig'
  const place = isSecond ? `cat "$1" >>${buildPaths.output}/.config` : `cat "$1" >${fragmentPath}`
  // The text of a fragment is data: it comes as an argument, not as a part of the script.
  const script = place.replace('cat "$1"', 'printf %s "$1"')
  const written = await run({ directory: buildPaths.output, command: ['sh', '-c', script, 'sh', fragment] }, context)
  if (written.status !== 'ok') return toRun(configureGoal, command, { end: written, context })
  context.onGoal?.(configureGoal)
  return toRun(configureGoal, command, { end: await run(command, context), context })
}

async function runGoal(goal: ProfileGoal, context: Context): Promise<GoalRun> {
  const command = goalCommand(goal, context)
  context.onGoal?.(goal.id)
  for (const removal of remakeCommands(remakeFor(goal, context.arch, context.tree.changed ?? []))) {
    await run({ directory: '/build', command: removal }, context)
  }
  return toRun(goal.id, command, { end: await run(command, context), context })
}

/** The configuration that the tree made; null where there is none to be read. */
async function readConfig(context: Context): Promise<string | null> {
  const { status, log } = await run({ directory: buildPaths.output, command: ['cat', '.config'] }, context)
  return status === 'ok' && log.droppedBytes === 0 ? log.text : null
}

function run({ command, directory }: GoalCommand, { sandbox, profile, signal }: Context): Promise<CommandEnd> {
  return sandbox.run({ command, directory, timeoutMs: profile.limits.seconds * 1000, ...(signal && { signal }) })
}

function toRun(
  goal: string,
  { command, directory }: GoalCommand,
  { end, context }: { readonly end: CommandEnd; readonly context: Context },
): GoalRun {
  const { status, exitCode, seconds, log, reason } = end
  return {
    arch: context.arch.name,
    goal,
    command,
    directory,
    paths: buildPaths,
    status,
    exitCode,
    seconds,
    log,
    reason,
    outputDirectory: context.tree.outputDirectory,
  }
}

/** Files that tell what a build made: bounded in number and size, as whoever built wrote them. */
const evidenceNames = ['.config', '.*.cmd', 'Module.symvers', 'modules.order', '*.ko']
const maxEvidenceBytes = '64M'
const maxEvidenceFiles = 50_000

/**
 * Copies them to /evidence, which has no limit of its own: nothing where all together are more than `$1` bytes. They arrive without the rights that they
 * have, which may be those of another user (setuid).
 */
const collectScript = `
limit=$1
shift
umask 022
bytes=$("$@" -printf '%s\\n' 2>/dev/null | head -n ${maxEvidenceFiles} | awk '{ sum += $1 } END { printf "%.0f", sum }')
if [ "$bytes" -gt "$limit" ]; then
    echo "the evidence takes more than $limit bytes"
    exit 1
fi
"$@" -print0 2>/dev/null | head -z -n ${maxEvidenceFiles} |
    xargs -0 -r cp --parents --no-dereference --no-preserve=mode --preserve=timestamps -t /evidence --
`

/**
 * Copies evidence from an open sandbox to its /evidence: regular files of the output and of external modules that have one name. Null where that
 * succeeded, else why not.
 */
export async function collectEvidence(
  { profile }: Pick<ArchBuild, 'profile'>,
  sandbox: Sandbox,
): Promise<string | null> {
  const modules = profile.goals.flatMap(({ module }) => (module === undefined ? [] : [`source/${module}`]))
  const names = evidenceNames.flatMap((pattern, index) => [...(index === 0 ? [] : ['-o']), '-name', pattern])
  const find = [
    'find',
    'output',
    ...new Set(modules),
    '-type',
    'f',
    // Each further name would be written out as a file of its own.
    '-links',
    '1',
    '-size',
    `-${maxEvidenceBytes}`,
    '(',
    ...names,
    ')',
  ]
  const command = ['sh', '-c', collectScript, 'sh', String(profile.limits.disk), ...find]
  const { status, log, reason } = await sandbox.run({
    command,
    directory: '/build',
    timeoutMs: 120_000,
    evidence: 'writable',
  })
  return status === 'ok' ? null : (reason ?? log.text.trim().slice(0, 300))
}
