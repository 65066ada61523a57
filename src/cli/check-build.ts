import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { Tier } from '../build/profile-schema.ts'
import { defaultCacheBytes } from '../app/build-profile.ts'
import type { Judging } from '../app/judge-series.ts'
import type { Config } from '../app/config.ts'
import { buildApplied, type BuildPlan } from '../app/series-builds.ts'
import { chooseProfile, chooseToolchain, parseCount, parseSize } from './build-flags.ts'
import { showBuilds } from './build-progress.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** The flags that say what a review builds. */
export type BuildingFlags = {
  readonly build?: string
  readonly arch?: string
  readonly tier?: Tier
  readonly ccache?: string
  readonly jobs: number
  readonly cacheSize: number
}

/** Adds them to a command. */
export function withBuilding(command: Command): Command {
  return command
    .option('--build <profile>', 'build too, before and after each patch: a profile that is shipped, or a file')
    .option('--arch <names>', 'architectures of the profile, with commas between (with --build; default: all)')
    .addOption(
      new Option('--tier <tier>', 'fast: modules alone; full: kernels too, booted and tested (with --build)').choices([
        'fast',
        'full',
      ]),
    )
    .option('--ccache <dir>', 'compile bases through ccache, with its files there (with --build)')
    .option('--jobs <number>', 'processors that builds use', parseCount, availableParallelism())
    .option('--cache-size <size>', 'what is kept of trees and bases, as 20G', parseSize, defaultCacheBytes)
}

type Context = { readonly session: Session; readonly terminal: Terminal }

/** What builds the series of a review; nothing where no build was asked for. Throws `UsageError` where there is no such profile. */
export function builder(flags: BuildingFlags, context: Context): Pick<Judging, 'build'> {
  const { build: name, arch, tier, ccache, jobs, cacheSize } = flags
  if (name === undefined) {
    if ([arch, tier, ccache].some((flag) => flag !== undefined))
      throw new UsageError('--arch, --tier and --ccache are for --build')
    return {}
  }
  const plan = planBuilds(
    { profile: name, arches: arch?.split(','), tier: tier ?? 'fast', ccache, jobs, maxCacheBytes: cacheSize },
    context,
  )
  return { build: (series, applied) => buildApplied(series, applied, plan) }
}

/** What the configuration says of builds, for a bot; null where it builds nothing. Throws `UsageError` where there is no such profile. */
export function configuredBuilds(config: Config, context: Context): BuildPlan | null {
  const { build } = config
  if (build === undefined) return null
  const { profile, arches, tier, ccache, jobs = availableParallelism() } = build
  return planBuilds({ profile, arches, tier, ccache, jobs, maxCacheBytes: parseSize(build['cache-size']) }, context)
}

type Wanted = Pick<BuildPlan, 'tier' | 'jobs' | 'maxCacheBytes'> & {
  readonly profile: string
  readonly arches: readonly string[] | undefined
  readonly ccache: string | undefined
}

function planBuilds(
  { profile: name, arches: named, ccache, ...how }: Wanted,
  { session, terminal }: Context,
): BuildPlan {
  const { profile, arches } = chooseProfile({ profile: name, ...(named && { arch: named }) }, terminal.cwd)
  const { repository, surroundings } = session
  return {
    ...how,
    ...(ccache !== undefined && { ccache: resolve(terminal.cwd, ccache) }),
    // A kernel that is built whole is tried too; where nothing boots in the profile nothing does.
    ...(how.tier === 'full' && { boot: 'test' as const }),
    repository,
    surroundings,
    profile,
    arches,
    toolchain: chooseToolchain({}, arches),
    onProgress: showBuilds(terminal),
    signal: terminal.signal,
  }
}
