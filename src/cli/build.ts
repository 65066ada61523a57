import { mkdtempSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { buildProfile, openBuilds, type BuildRequest } from '../app/build-profile.ts'
import { summariseBuilds } from '../build/summarise-builds.ts'
import { toolchainEnvironment } from '../build/toolchains.ts'
import type { Step } from '../review/step.ts'
import { unbrokenSteps } from '../app/judge-series.ts'
import { sourcesOf, stepsToBuild } from '../app/series-builds.ts'
import { applySeries, type AppliedSeries } from '../git/apply-series.ts'
import { resolveCommit } from '../git/repository.ts'
import { chooseProfile, chooseToolchain, withBuildOptions, type BuildFlags } from './build-flags.ts'
import { writeBuilds } from './build-files.ts'
import { showBuilds } from './build-progress.ts'
import { buildsJson, exitOfBuilds, renderBuilds, type BuildReport } from './build-output.ts'
import { gatherSeries, requireInput, type Input, type InputFlags } from './check-input.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { fails, type FailOn } from './fail-on.ts'
import { configOption, failOnOption, formatOption, treeOption } from './options.ts'
import { openSession, surroundingsOf, type Session, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

type Finish = (code: ExitCode) => void
type Flags = BuildFlags &
  TreeFlags &
  InputFlags & { readonly base: string; readonly failOn?: FailOn; readonly format: 'text' | 'json' }
type Context = { readonly session: Session; readonly terminal: Terminal } & Goals

/** How far builds go. */
type Goals = Pick<BuildRequest, 'until' | 'boot'>

/** `build`: the goals of a profile over architectures, for a commit or before and after patches. */
export function buildCommand(terminal: Terminal, finish: Finish): Command {
  return new Command('build')
    .description('build a kernel as a profile says, before and after patches, in a sandbox')
    .addCommand(
      runCommand('configure', 'configure every architecture, and build nothing', {
        terminal,
        finish,
        until: 'configure',
      }),
    )
    .addCommand(runCommand('build', 'build every architecture', { terminal, finish, until: 'end' }))
    .addCommand(
      runCommand('boot', 'build whole kernels, boot them in QEMU, and try what the profile says there', {
        terminal,
        finish,
        until: 'end',
        boot: 'boot',
      }),
    )
    .addCommand(
      runCommand('test', 'do what boot does, and run the tests of the kernels there', {
        terminal,
        finish,
        until: 'end',
        boot: 'test',
      }),
    )
    .addCommand(cleanCommand(terminal, finish))
}

type Running = { readonly terminal: Terminal; readonly finish: Finish } & Goals

function runCommand(name: string, description: string, { terminal, finish, ...goals }: Running): Command {
  const command = new Command(name)
    .exitOverride()
    .description(`${description}: a commit, or patches given as to \`check\``)
    .argument('[file...]', 'mbox, .patch, maildir, a directory of patches, or - for standard input')
    .addOption(treeOption())
    .addOption(configOption())
    .option('--range <A..B>', 'local commits')
    .option('--message-id <id>', 'the series that this mail stands in (with --archive)')
    .option('--archive <dir>', 'a public-inbox mirror')
    .option('--pr <url>', 'a pull request')
    .option('--base <rev>', 'the commit to build upon; auto: as for `check`; without patches HEAD', 'auto')
  return withBuildOptions(command)
    .addOption(formatOption(['text', 'json']))
    .addOption(failOnOption())
    .action(async (files: string[], flags: Flags) => {
      const session = await openSession(flags, terminal)
      try {
        finish(await build(files, flags, { session, terminal, ...goals }))
      } finally {
        await session.close()
      }
    })
}

function cleanCommand(terminal: Terminal, finish: Finish): Command {
  return new Command('clean')
    .exitOverride()
    .description('remove the trees and bases that are kept between builds')
    .action(async () => {
      const removed = openBuilds(surroundingsOf(terminal), Infinity).clear()
      await terminal.out(`removed ${removed} ${removed === 1 ? 'tree or base' : 'trees and bases'}\n`)
      finish(exitCodes.clean)
    })
}

async function build(files: readonly string[], flags: Flags, context: Context): Promise<ExitCode> {
  const { profile, arches } = chooseProfile(flags, context.terminal.cwd)
  const request = { profile, arches, toolchain: chooseToolchain(flags, arches) }
  const { trees, notes } = await gather(files, flags, context)
  const { terminal } = context
  for (const note of notes) terminal.note(note)
  if (flags.unsafeNoSandbox === true)
    terminal.note('no sandbox: what is built sees the files, processes and network of this machine')
  const codes: ExitCode[] = notes.length > 0 ? [exitCodes.notJudged] : []
  const reports: BuildReport[] = []
  for (const [index, tree] of trees.entries()) {
    // One directory would have the files of the last of several series.
    const out =
      flags.out === undefined
        ? null
        : resolve(terminal.cwd, flags.out, ...(trees.length > 1 ? [`series-${index + 1}`] : []))
    const report = await buildOne(tree, request, { ...context, flags, out })
    codes.push(exitOf(report, flags.failOn ?? context.session.config['fail-on']))
    if (flags.format === 'json') reports.push(report)
    else await terminal.out(renderBuilds(report, terminal))
  }
  if (flags.format === 'json') {
    const document = { schema: 1, builds: reports.map(buildsJson) }
    await terminal.out(`${JSON.stringify(document, null, 2)}\n`)
  }
  return worst(codes)
}

type Chosen = Pick<BuildRequest, 'profile' | 'arches' | 'toolchain'>

async function buildOne(
  tree: ToBuild,
  chosen: Chosen,
  context: Context & { readonly flags: Flags; readonly out: string | null },
): Promise<BuildReport> {
  const { session, terminal, until, boot, flags, out } = context
  const { repository, surroundings } = session
  const outcome = await buildProfile({
    ...chosen,
    repository,
    surroundings,
    until,
    ...(boot && { boot }),
    base: tree.base,
    steps: tree.steps,
    // There is nothing to boot in the fast tier.
    tier: boot === undefined ? flags.tier : 'full',
    jobs: flags.jobs,
    ...(flags.ccache !== undefined && { ccache: resolve(terminal.cwd, flags.ccache) }),
    maxCacheBytes: flags.cacheSize,
    ...(flags.unsafeNoSandbox === true && { unsafeNoSandbox: true }),
    evidenceDirectory: out ?? mkdtempSync(join(repository.scratch, 'evidence-')),
    onProgress: showBuilds(terminal),
    onWait: (name) => terminal.note(`waiting for \`${name}\`, which another process makes`),
    signal: terminal.signal,
  })
  terminal.progress.clear()
  if (outcome.kind === 'refused') throw new Error(`${outcome.reason}; ${outcome.advice}`)
  try {
    terminal.signal.throwIfAborted()
    const { base, titles, reviewed: steps } = tree
    const from = { profile: chosen.profile, base, steps, sources: sourcesOf(steps) }
    const environment = toolchainEnvironment(chosen.toolchain)
    const built = summariseBuilds(outcome.runs, { ...from, environment })
    if (out !== null) writeBuilds(out, outcome.runs, built.results)
    return { base, titles, runs: outcome.runs, built, sandbox: outcome.sandbox }
  } finally {
    outcome.release()
  }
}

function exitOf({ runs, built }: BuildReport, failOn: FailOn): ExitCode {
  return fails(built.findings, failOn) ? exitCodes.findings : exitOfBuilds(runs, built)
}

/** Findings first, then what could not be judged. */
function worst(codes: readonly ExitCode[]): ExitCode {
  return [exitCodes.findings, exitCodes.notJudged].find((code) => codes.includes(code)) ?? exitCodes.clean
}

type ToBuild = {
  readonly base: string
  readonly steps: AppliedSeries['steps']
  /** The same steps with their patches, which findings are placed on. */
  readonly reviewed: readonly Step[]
  readonly titles: ReadonlyMap<number, string>
}
type Gathered = { readonly trees: readonly ToBuild[]; readonly notes: readonly string[] }

/** What is to be built: a commit, or the series that the arguments name, applied. */
async function gather(files: readonly string[], flags: Flags, context: Context): Promise<Gathered> {
  const { session } = context
  const namesPatches = files.length > 0 || [flags.range, flags.messageId, flags.pr].some((flag) => flag !== undefined)
  if (!namesPatches) {
    const revision = flags.base === 'auto' ? 'HEAD' : flags.base
    const base = await resolveCommit(session.repository, revision)
    if (base === null) throw new UsageError(`--base: the tree has no commit \`${revision}\``)
    return { trees: [{ base, steps: [], reviewed: [], titles: new Map() }], notes: [] }
  }
  requireInput(files, flags)
  const { inputs, notes } = await gatherSeries(files, flags, context)
  const trees: ToBuild[] = []
  const said = [...notes]
  for (const input of inputs) {
    const applied = await applyInput(input, flags, context)
    const { tree, note } = toBuild(input, applied)
    if (tree !== null) trees.push(tree)
    if (note !== null) said.push(note)
  }
  return { trees, notes: said }
}

function applyInput(
  { series, applied }: Input,
  { base }: Flags,
  { session, terminal }: Context,
): Promise<AppliedSeries> {
  if (applied !== null) return Promise.resolve(applied)
  return applySeries(session.repository, series, { ...(base !== 'auto' && { given: base }), signal: terminal.signal })
}

/** Only patches before the first that was refused are built: what follows it stands on a tree that its author never saw. */
function toBuild(
  { series }: Input,
  applied: AppliedSeries,
): { readonly tree: ToBuild | null; readonly note: string | null } {
  const { application } = applied
  if (application.kind === 'no-base') return { tree: null, note: `${series.subject}: ${application.reason}` }
  const reviewed = unbrokenSteps(series, applied)
  const titles = new Map(series.patches.map(({ index, title }) => [index, title]))
  const tree = { base: application.base.commit, steps: stepsToBuild(applied, reviewed), reviewed, titles }
  if (application.kind !== 'conflict') return { tree, note: null }
  const where = `patch ${application.first.index} does not apply`
  return { tree, note: `${series.subject}: ${where}; it and what follows it are not built` }
}
