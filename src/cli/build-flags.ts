import { availableParallelism } from 'node:os'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Profile, ProfileArch, Tier } from '../build/profile-schema.ts'
import type { ToolchainChoice } from '../build/toolchains.ts'
import { readProfile, defaultCacheBytes } from '../app/build-profile.ts'
import { UsageError } from './exit.ts'

/** The flags that say what is built, and with what. */
export type BuildFlags = {
  readonly profile: string
  readonly arch?: readonly string[]
  readonly tier: Tier
  readonly crossCompile?: string
  readonly llvm?: string | true
  readonly makeCross?: string
  readonly compiler?: string
  readonly compilerInstallPath?: string
  readonly make?: readonly string[]
  readonly ccache?: string
  readonly jobs: number
  readonly cacheSize: number
  readonly out?: string
  readonly unsafeNoSandbox?: boolean
}

/** Adds them to a command. */
export function withBuildOptions(command: Command): Command {
  return command
    .option('--profile <name|file>', 'what is built: a profile that is shipped, or a file', 'livepatch')
    .option('--arch <name...>', 'architectures of the profile (default: all)')
    .addOption(
      new Option('--tier <tier>', 'fast: modules alone; full: vmlinux too').choices(['fast', 'full']).default('fast'),
    )
    .option('--cross-compile <prefix>', 'the compiler, as CROSS_COMPILE= names it; for one architecture')
    .option('--llvm [suffix]', 'build with clang and lld; a suffix as LLVM= takes it: -14, or a directory/')
    .option('--make-cross <program>', 'a program that stands for make and chooses the compiler, as make.cross does')
    .option('--compiler <name>', 'COMPILER= of make.cross')
    .option('--compiler-install-path <dir>', 'COMPILER_INSTALL_PATH= of make.cross; builds have no network')
    .option('--make <NAME=VALUE...>', 'variables of make for every goal: W=1, C=1')
    .option('--ccache <dir>', 'compile bases through ccache, with its files there; builds of patches only read them')
    .option('--jobs <number>', 'processors to use', parseCount, availableParallelism())
    .option('--cache-size <size>', 'what is kept of trees and bases, as 20G', parseSize, defaultCacheBytes)
    .option('--out <dir>', 'put logs and what was built there, of several series in a directory each')
    .option(
      '--unsafe-no-sandbox',
      'build on this machine itself: a hostile patch reads its files, uses its network and leaves what it likes running',
    )
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('a number of processors is written 4')
  return Number(text)
}

export function parseSize(text: string): number {
  const [, digits, unit] = /^([1-9]\d{0,5})([MG])$/.exec(text) ?? []
  if (digits === undefined) throw new InvalidArgumentError('a size is written 500M or 20G')
  return Number(digits) * (unit === 'G' ? 2 ** 30 : 2 ** 20)
}

/** The profile that is meant, with the variables that were given, and its architectures; throws `UsageError` where there is none such. */
export function chooseProfile(
  flags: Pick<BuildFlags, 'profile' | 'arch' | 'make'>,
  cwd: string,
): { readonly profile: Profile; readonly arches: readonly ProfileArch[] } {
  const read = readProfile(flags.profile, cwd)
  if (read.kind === 'bad') throw new UsageError(read.problems.join('\n'))
  const variables = { ...read.profile.variables, ...parseVariables(flags.make ?? []) }
  const profile = { ...read.profile, variables }
  if (flags.arch === undefined) return { profile, arches: profile.arches }
  const names = flags.arch.flatMap((text) => text.split(',')).filter((name) => name !== '')
  const unknown = names.find((name) => !profile.arches.some((arch) => arch.name === name))
  if (unknown !== undefined) {
    const all = profile.arches.map(({ name }) => name).join(', ')
    throw new UsageError(`--arch: the profile \`${profile.name}\` has no \`${unknown}\`, but ${all}`)
  }
  return { profile, arches: profile.arches.filter(({ name }) => names.includes(name)) }
}

function parseVariables(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([A-Za-z_]\w*)=([^\n\0]*)$/.exec(word) ?? []
      if (name === undefined || value === undefined)
        throw new UsageError(`--make: \`${word}\` is not of the form NAME=VALUE`)
      return [name, value]
    }),
  )
}

/** The compilers that are meant; throws `UsageError` where two kinds are named, or one prefix for several architectures. */
export function chooseToolchain(flags: Partial<BuildFlags>, arches: readonly ProfileArch[]): ToolchainChoice {
  const { crossCompile, llvm, makeCross, compiler = null, compilerInstallPath: compilers = null } = flags
  const named = [crossCompile, llvm, makeCross].filter((flag) => flag !== undefined)
  if (named.length > 1) throw new UsageError('name one of --cross-compile, --llvm and --make-cross')
  if (makeCross !== undefined) return { kind: 'wrapper', program: makeCross, compiler, compilers }
  if (compiler !== null || compilers !== null)
    throw new UsageError('--compiler and --compiler-install-path are for --make-cross')
  if (llvm !== undefined) return { kind: 'llvm', suffix: llvm === true ? '' : llvm }
  if (crossCompile === undefined) return { kind: 'debian' }
  if (arches.length > 1) throw new UsageError('--cross-compile is for one architecture: name it with --arch')
  return { kind: 'prefix', prefix: crossCompile }
}
