import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openBuildCache, type BuildCache } from '../build/build-cache.ts'
import type { GuestFiles } from '../build/boot-command.ts'
import { withCcache } from '../build/ccache.ts'
import { diskUsage } from '../build/disk-usage.ts'
import type { BootStage } from '../build/plan.ts'
import { parseProfile, type ProfileResult } from '../build/profile.ts'
import type { Profile, ProfileArch, Tier } from '../build/profile-schema.ts'
import { probeBare } from '../build/bare-support.ts'
import { probeSandbox } from '../build/sandbox-probe.ts'
import { buildSeries, type BuildProgress, type BuiltSeries, type PatchedTree } from '../build/series-build.ts'
import { findMissingHostTools, findToolchain, type ToolchainChoice } from '../build/toolchains.ts'
import { openTreeArchives } from '../build/tree-archive.ts'
import type { AppliedStep } from '../git/apply-series.ts'
import type { GitTree } from '../git/tree.ts'
import type { Repository } from '../git/repository.ts'
import { treeOf } from '../git/trees.ts'
import { packageRoot } from './package.ts'
import { changedFiles } from './tree-changes.ts'
import type { Surroundings } from './wire.ts'

/** The profiles that are shipped, by name. */
export function shippedProfiles(): readonly string[] {
  const names = readdirSync(join(packageRoot(), 'profiles'))
  return names
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort()
}

/** Reads a profile: one that is shipped, by its name, or a file, by its path. */
export function readProfile(nameOrPath: string, cwd: string): ProfileResult {
  const isShipped = shippedProfiles().includes(nameOrPath)
  const path = isShipped ? join(packageRoot(), 'profiles', `${nameOrPath}.yaml`) : resolve(cwd, nameOrPath)
  if (!existsSync(path)) {
    const names = shippedProfiles().join(', ')
    return {
      kind: 'bad',
      problems: [`there is no profile \`${nameOrPath}\`: shipped are ${names}; any other is named by its file`],
    }
  }
  return parseProfile(readFileSync(path, 'utf8'), isShipped ? `${nameOrPath}.yaml` : nameOrPath)
}

export type BuildRequest = {
  readonly repository: Repository
  readonly profile: Profile
  readonly arches: readonly ProfileArch[]
  readonly tier: Tier
  readonly until: 'configure' | 'end'
  /** What is done with the kernels of the full tier; nothing where it is left out. */
  readonly boot?: BootStage
  /** The commit that is built first. */
  readonly base: string
  /** The patches after it, each with the tree that it left. */
  readonly steps: readonly AppliedStep[]
  readonly toolchain: ToolchainChoice
  /** Where ccache keeps what it compiled, absolute; it is not used where this is left out. */
  readonly ccache?: string
  readonly jobs: number
  readonly maxCacheBytes: number
  /** Where evidence of patched trees goes; it is made. */
  readonly evidenceDirectory: string
  readonly surroundings: Surroundings
  /** Only where the one who calls said so in so many words. */
  readonly unsafeNoSandbox?: boolean
  readonly onProgress?: (progress: BuildProgress) => void
  /** Called where a tree or base is waited for, which another process makes; with its name. */
  readonly onWait?: (name: string) => void
  readonly signal?: AbortSignal
}

export type BuildOutcome =
  | ({ readonly kind: 'built'; readonly sandbox: string } & BuiltSeries)
  /** Nothing is built here: no sandbox, or no tools. */
  | { readonly kind: 'refused'; readonly reason: string; readonly advice: string }

/** Bytes of all bases and trees together: a kernel tree has 1.6 GB, a fast base of an architecture some 40 MB, a full one 150 MB. */
export const defaultCacheBytes = 20 * 2 ** 30

/** Builds a commit, and the trees that patches leave after it, in sandboxes. A build is never run without one but for `unsafeNoSandbox`. */
export async function buildProfile(request: BuildRequest): Promise<BuildOutcome> {
  const probeHow = request.unsafeNoSandbox === true ? probeBare : probeSandbox
  const probe = await probeHow({ uid: process.getuid?.() ?? -1, temporaryDirectory: tmpdir() })
  if (probe.kind === 'missing')
    return { kind: 'refused', reason: `no sandbox to build in: ${probe.reason}`, advice: probe.advice }
  const missing = await findMissingHostTools()
  if (missing.length > 0) {
    const packages = missing.map((need) => need.package).join(' ')
    return {
      kind: 'refused',
      reason: `no ${missing.map(({ program }) => program).join(', ')}`,
      advice: `apt-get install ${packages}`,
    }
  }
  const { repository, base, steps } = request
  const tree = treeOf(repository, base)
  if (tree === null)
    return { kind: 'refused', reason: `the tree of ${base} is not in the repository`, advice: 'fetch it' }
  mkdirSync(request.evidenceDirectory, { recursive: true })
  const archives = openTreeArchives(
    { gitDirectory: repository.own.cwd, format: repository.format, env: repository.own.env },
    repository.scratch,
  )
  try {
    const { boot, ...asked } = request
    const built = await buildSeries({
      ...asked,
      ...(boot && { boot: { stage: boot, guest: readGuest() } }),
      base: { commit: base, hasPath: hasPathIn(tree) },
      patched: steps.map((step) => toPatched(step, tree)),
      workshop: {
        cache: openBuilds(request.surroundings, request.maxCacheBytes, request.onWait),
        archives,
        support: probe.support,
      },
      toolchain: async (arch) => {
        const found = await findToolchain(arch, request.toolchain)
        if (found.kind === 'missing' || request.ccache === undefined) return found
        return { kind: 'found', toolchain: withCcache(found.toolchain, request.ccache) }
      },
    })
    return { kind: 'built', sandbox: probe.detail, ...built }
  } finally {
    archives.close()
  }
}

/** The files of ours that booting needs. */
function readGuest(): GuestFiles {
  const read = (name: string): string => readFileSync(join(packageRoot(), 'profiles', 'guest', name), 'utf8')
  return { 'init.c': read('init.c'), 'boot.sh': read('boot.sh') }
}

/** The trees and bases that are kept between runs. */
export function openBuilds(
  { cacheDirectory, clock }: Surroundings,
  maxBytes: number,
  onWait?: (name: string) => void,
): BuildCache {
  return openBuildCache(join(cacheDirectory, 'builds'), {
    maxBytes,
    measure: diskUsage,
    clock,
    ...(onWait && { onWait }),
  })
}

function hasPathIn(tree: GitTree): (path: string) => boolean {
  return (path) => tree.item(path) !== null
}

function toPatched({ index, after }: AppliedStep, base: GitTree): PatchedTree {
  return { patch: index, id: after.id, hasPath: hasPathIn(after), changed: changedFiles(base, after) }
}
