import type { BaseTree } from './base-build.ts'
import { configureCommands, fragmentPath, requestedConfig, takesAllConfig } from './goal-command.ts'
import type { ArchRun, GoalRun } from './goal-run.ts'
import type { Profile, ProfileArch } from './profile-schema.ts'
import { commandsUntil, printReproduction, type PatchSource } from './reproduce.ts'

/** What is needed to do a goal again: what was built, and where its tree comes from. */
export type Origin = {
  readonly profile: Profile
  readonly arch: ProfileArch
  readonly base: BaseTree['commit']
  /** The patches up to the one that the goal was built after, in order. */
  readonly patches: readonly PatchSource[]
  /** What the toolchain reads of the environment; nothing where it is left out. */
  readonly environment?: Readonly<Record<string, string>>
}

/** A shell script that builds a goal again outside of this program, as it was built here after its patches. */
export function reproduceGoal(
  run: ArchRun,
  goal: GoalRun,
  { profile, arch, base, patches, environment }: Origin,
): string {
  const made = run.goals.findLast(({ tests, command: [first] }) => tests === undefined && first !== 'sh') ?? goal
  const [make = 'make', ...words] = made.command
  // The words before the first one of the goal itself are those of every command of this build.
  const toolchain = {
    name: '',
    id: '',
    make,
    variables: variablesOf(words),
    environment: {},
    directories: [],
    tools: [],
  }
  return printReproduction({
    title: `${goal.goal} for ${run.arch} fails`,
    toolchain: run.toolchain,
    ...(environment && { environment }),
    base,
    patches,
    paths: goal.paths,
    fragments: requestedConfig(profile, arch),
    fragmentPath,
    configure: configureCommands({ profile, arch, toolchain, jobs: jobsOf(words) }),
    areFragmentsAppended: !takesAllConfig(profile.configure.target),
    ...(goal.files && { files: goal.files }),
    commands: commandsUntil(run, goal.goal),
  })
}

/** Which compiler a command names. */
function variablesOf(words: readonly string[]): Readonly<Record<string, string>> {
  const named = words.flatMap((word) => {
    const [, name, value] = /^(CROSS_COMPILE|LLVM|CC|HOSTCC)=(.*)$/.exec(word) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(named)
}

function jobsOf(words: readonly string[]): number {
  return Number(words.find((word) => /^-j\d+$/.test(word))?.slice(2) ?? 1)
}
