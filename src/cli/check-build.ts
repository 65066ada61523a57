import { availableParallelism } from 'node:os'
import { Option, type Command } from 'commander'
import type { Tier } from '../build/profile-schema.ts'
import { defaultCacheBytes } from '../app/build-profile.ts'
import type { Judging } from '../app/judge-series.ts'
import { buildApplied } from '../app/series-builds.ts'
import { chooseProfile, chooseToolchain, parseCount, parseSize } from './build-flags.ts'
import { showBuilds } from './build-progress.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** The flags that say what a review builds. */
export type BuildingFlags = {
  readonly build?: string
  readonly arch?: readonly string[]
  readonly tier?: Tier
  readonly jobs: number
  readonly cacheSize: number
}

/** Adds them to a command. */
export function withBuilding(command: Command): Command {
  return command
    .option('--build <profile>', 'build too, before and after each patch: a profile that is shipped, or a file')
    .option('--arch <name...>', 'architectures of the profile (with --build; default: all)')
    .addOption(
      new Option('--tier <tier>', 'fast: modules alone; full: vmlinux too (with --build)').choices(['fast', 'full']),
    )
    .option('--jobs <number>', 'processors that builds use', parseCount, availableParallelism())
    .option('--cache-size <size>', 'what is kept of trees and bases, as 20G', parseSize, defaultCacheBytes)
}

type Context = { readonly session: Session; readonly terminal: Terminal }

/** What builds the series of a review; nothing where no build was asked for. Throws `UsageError` where there is no such profile. */
export function builder(flags: BuildingFlags, { session, terminal }: Context): Pick<Judging, 'build'> {
  const { build: name, arch, tier, jobs, cacheSize } = flags
  if (name === undefined) {
    if (arch !== undefined || tier !== undefined) throw new UsageError('--arch and --tier are for --build')
    return {}
  }
  const { profile, arches } = chooseProfile({ profile: name, ...(arch && { arch }) }, terminal.cwd)
  const { repository, surroundings } = session
  const plan = {
    repository,
    surroundings,
    profile,
    arches,
    tier: tier ?? 'fast',
    toolchain: chooseToolchain({}, arches),
    jobs,
    maxCacheBytes: cacheSize,
    onProgress: showBuilds(terminal),
    signal: terminal.signal,
  }
  return { build: (series, applied) => buildApplied(series, applied, plan) }
}
