import type { BuildPaths } from './goal-run.ts'
import { klpBuildCommand, type KlpBuild } from './klp-build.ts'
import type { Profile, ProfileArch, ProfileGoal } from './profile-schema.ts'
import type { Toolchain } from './toolchains.ts'

/** Where every build sees its files, on every machine: objects hold absolute paths (objtool's .cmd files), so a base fits only where it was made. */
export const buildPaths: BuildPaths = { source: '/build/source', output: '/build/output' }

/** The fragments as one file, below the output directory. */
export const fragmentPath = `${buildPaths.output}/.kbuild-review.config`

/** One command of a goal: what is started, and where. */
export type GoalCommand = { readonly command: readonly string[]; readonly directory: string }

type Context = {
  readonly profile: Profile
  readonly arch: ProfileArch
  readonly toolchain: Toolchain
  /** `-j` of make. */
  readonly jobs: number
}

/**
 * What would otherwise differ from build to build: a version taken from git (scripts/setlocalversion), and who built when
 * (init/Makefile, scripts/mkcompile_h; Documentation/kbuild/reproducible-builds.rst).
 */
const fixedVariables: Readonly<Record<string, string>> = {
  LOCALVERSION: '',
  KBUILD_BUILD_TIMESTAMP: '2000-01-01',
  KBUILD_BUILD_USER: 'kbuild',
  KBUILD_BUILD_HOST: 'review',
}

/** The command of a goal. `-O` keeps what one recipe prints together, also with `-j` (GNU make, "Output During Parallel Execution"). */
export function goalCommand(goal: ProfileGoal, context: Context): GoalCommand {
  if (goal['klp-build'] !== undefined) return klpBuildCommand(klpBuildOf(goal['klp-build'], goal, context), buildPaths)
  const directory = goal.directory === undefined ? buildPaths.source : `${buildPaths.source}/${goal.directory}`
  if (goal.each !== undefined) return { directory, command: eachCommand(goal, goal.each, context) }
  const module = goal.module === undefined ? [] : [`M=${buildPaths.source}/${goal.module}`]
  return {
    directory,
    command: [...makeWords(context, goal.variables), ...module, ...goal.flags, ...goal.targets],
  }
}

function klpBuildOf(patch: string, goal: ProfileGoal, context: Context): KlpBuild {
  const words = makeWords(context, goal.variables).filter((word) => /^[A-Z_]+=/i.test(word) && !word.startsWith('O='))
  const modules = [...new Set(context.profile.goals.flatMap(({ module }) => module ?? []))]
  return { patch, jobs: context.jobs, variables: words, modules }
}

/**
 * Make in every directory whose makefile defines a target. Of what make prints only its own words are kept: with -n the rest is what recipes would run. Directories
 * that cannot be built on this machine are no failure; what is wrong in their makefiles is read from the log.
 */
const eachScript = `
below=$1 target=$2
shift 2
grep -rls --include=Makefile "^$target *:" "$below" | sort | while read -r makefile; do
    "$@" --print-directory -C "\${makefile%/*}" 2>&1 </dev/null |
        grep -E '^[^ ]*make(\[[0-9]+\])?: |^[^ :]+:([0-9]+:)? (warning: |\*\*\* )'
done
true
`

function eachCommand(goal: ProfileGoal, each: NonNullable<ProfileGoal['each']>, context: Context): string[] {
  const words = makeWords(context, goal.variables).filter((word) => !/^O=|^--output-sync/.test(word))
  return ['sh', '-c', eachScript, 'sh', each.below, each.defining, ...words, ...goal.flags, ...goal.targets]
}

/**
 * The commands that configure, one after the other. The all*config targets read fragments through KCONFIG_ALLCONFIG
 * (Documentation/kbuild/kconfig.rst); for any other, fragments are added to what it made, and settled by olddefconfig.
 */
export function configureCommands(context: Context): readonly GoalCommand[] {
  const { target } = context.profile.configure
  const directory = buildPaths.source
  const command = (variables: Readonly<Record<string, string>>, goal: string): GoalCommand => ({
    directory,
    command: [...makeWords(context, variables), goal],
  })
  if (requestedConfig(context.profile, context.arch) === '') return [command({}, target)]
  if (takesAllConfig(target)) return [command({ KCONFIG_ALLCONFIG: fragmentPath }, target)]
  return [command({}, target), command({}, 'olddefconfig')]
}

/** Whether a target reads KCONFIG_ALLCONFIG (scripts/kconfig/conf.c, main()). */
export function takesAllConfig(target: string): boolean {
  return /^(?:all(?:no|yes|mod|def)|rand)config$/.test(target)
}

/** The fragments that an architecture gets, in their order, as the text of one file; empty where it gets none. */
export function requestedConfig(profile: Profile, arch: ProfileArch): string {
  const names = [...profile.configure.fragments, ...arch.fragments]
  return names.map((name) => `${(profile.fragments[name] ?? '').trim()}\n`).join('')
}

function makeWords({ profile, arch, toolchain, jobs }: Context, own: Readonly<Record<string, string>>): string[] {
  const variables = {
    ...fixedVariables,
    O: buildPaths.output,
    ARCH: arch.arch,
    ...toolchain.variables,
    ...profile.variables,
    ...arch.variables,
    ...own,
  }
  return [
    toolchain.make,
    `-j${jobs}`,
    '--output-sync=target',
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
  ]
}
