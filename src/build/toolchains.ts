import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { assertNever } from '../text/assert-never.ts'
import type { ProfileArch } from './profile-schema.ts'
import { seenOf, seenOfPrefix, type SeenPaths } from './toolchain-directories.ts'
import { findTool, type Tool } from './tools.ts'

/** Which compilers are wanted, for every architecture of a run. */
export type ToolchainChoice =
  /** Those that Debian names after the architecture: `CROSS_COMPILE=s390x-linux-gnu-`. */
  | { readonly kind: 'debian' }
  /** clang and lld; `suffix` as LLVM= takes it: empty, `-14`, or a directory that ends in `/` (Documentation/kbuild/llvm.rst). */
  | { readonly kind: 'llvm'; readonly suffix: string }
  /** Any CROSS_COMPILE=, with or without a directory; for one architecture. */
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** A program that stands for make and chooses the compiler itself: make.cross, with what it reads of the environment. */
  | {
      readonly kind: 'wrapper'
      readonly program: string
      /** COMPILER= of make.cross, as `gcc-13.2.0`; null where it may choose. */
      readonly compiler: string | null
      /** COMPILER_INSTALL_PATH: where the compilers are. There is no network in a build, so they must be there. */
      readonly compilers: string | null
    }

/** Compilers that answered. */
export type Toolchain = {
  /** For people: `s390x-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0`. */
  readonly name: string
  /** The same for the same programs, options and versions; hexadecimal. */
  readonly id: string
  /** What is started as make. */
  readonly make: string
  readonly variables: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  /** Directories and files outside of /usr that a build must see. */
  readonly directories: readonly string[]
  readonly tools: readonly Tool[]
  /** Where ccache has its files; left out where it is not used. */
  readonly ccache?: string
}

/** What was found for an architecture, or what is missing and what to do about it. */
export type ToolchainResult =
  | { readonly kind: 'found'; readonly toolchain: Toolchain }
  | { readonly kind: 'missing'; readonly programs: readonly string[]; readonly advice: string }

/** Starts a program to learn its version, as `findTool` does. */
export type Probe = (name: string) => Promise<Tool>

/** Programs of binutils that a kernel build calls beside the compiler (Makefile of the kernel, "Make variables (CC, etc...)"). */
const binutils = ['ld', 'ar', 'nm', 'objcopy', 'objdump', 'readelf', 'strip']
const llvmTools = [
  'clang',
  'ld.lld',
  'llvm-ar',
  'llvm-nm',
  'llvm-objcopy',
  'llvm-objdump',
  'llvm-readelf',
  'llvm-strip',
]

/** Looks for the compilers of an architecture. `probe` is for tests. */
export async function findToolchain(
  arch: ProfileArch,
  choice: ToolchainChoice,
  probe: Probe = findTool,
): Promise<ToolchainResult> {
  switch (choice.kind) {
    case 'debian':
      return findPrefixed(arch.prefix, `apt-get install ${arch.package}`, probe)
    case 'prefix':
      return findPrefixed(
        choice.prefix,
        `\`${choice.prefix}\` names no compiler; it must end as \`aarch64-linux-\` does`,
        probe,
      )
    case 'llvm':
      return findLlvm(choice.suffix, probe)
    case 'wrapper':
      return findWrapper(choice, probe)
    default:
      return assertNever(choice)
  }
}

async function findPrefixed(prefix: string, advice: string, probe: Probe): Promise<ToolchainResult> {
  const names = ['gcc', ...binutils].map((name) => prefix + name)
  return settle(names, probe, {
    advice,
    make: 'make',
    variables: { CROSS_COMPILE: prefix },
    environment: {},
    seen: seenOfPrefix(prefix),
  })
}

/** The programs that LLVM= with a suffix or a directory means (Documentation/kbuild/llvm.rst). */
export function namesOfLlvm(suffix: string): readonly string[] {
  return llvmTools.map((name) => (suffix.endsWith('/') ? suffix + name : name + suffix))
}

async function findLlvm(suffix: string, probe: Probe): Promise<ToolchainResult> {
  const names = namesOfLlvm(suffix)
  const version = /^-(\d+)$/.exec(suffix)?.[1]
  const packages = version === undefined ? 'clang lld llvm' : `clang-${version} lld-${version} llvm-${version}`
  return settle(names, probe, {
    advice: `apt-get install ${packages}`,
    make: 'make',
    variables: { LLVM: suffix === '' ? '1' : suffix },
    environment: {},
    seen: seenOfPrefix(suffix),
  })
}

async function findWrapper(
  { program, compiler, compilers }: Extract<ToolchainChoice, { kind: 'wrapper' }>,
  probe: Probe,
): Promise<ToolchainResult> {
  const path = program.includes('/') ? resolve(program) : program
  return settle([path], probe, {
    advice: `\`${program}\` cannot be started; name make.cross by its path`,
    make: path,
    variables: {},
    environment: toolchainEnvironment({ kind: 'wrapper', program, compiler, compilers }),
    seen: seenOf([...(path.startsWith('/') ? [path] : []), ...(compilers === null ? [] : [resolve(compilers)])]),
  })
}

/** What programs of a toolchain read of the environment to choose the compiler. */
export function toolchainEnvironment(choice: ToolchainChoice): Readonly<Record<string, string>> {
  if (choice.kind !== 'wrapper') return {}
  const { compiler, compilers } = choice
  return {
    ...(compiler !== null && { COMPILER: compiler }),
    ...(compilers !== null && { COMPILER_INSTALL_PATH: resolve(compilers) }),
  }
}

type Settings = Pick<Toolchain, 'make' | 'variables' | 'environment'> & {
  readonly seen: SeenPaths
  readonly advice: string
}

async function settle(
  names: readonly string[],
  probe: Probe,
  { advice, seen, ...rest }: Settings,
): Promise<ToolchainResult> {
  if (seen.kind === 'private') return { kind: 'missing', programs: names.slice(0, 1), advice: tooWide(seen.path) }
  const settings = { ...rest, directories: seen.paths }
  const tools = await Promise.all(names.map((name) => probe(name)))
  const missing = tools.filter(({ version }) => version === null).map(({ name }) => name)
  if (missing.length > 0) return { kind: 'missing', programs: missing, advice }
  const id = createHash('sha256')
    .update(JSON.stringify([settings, tools]))
    .digest('hex')
  return { kind: 'found', toolchain: { ...settings, name: tools[0]?.version ?? settings.make, id, tools } }
}

function tooWide(path: string): string {
  return `what is built would see all of \`${path}\`; put the compiler into a directory of its own, as \`/opt/gcc/bin\``
}

/** A program that every kernel build needs, and the Debian package that has it. */
export type HostNeed = { readonly program: string; readonly package: string }

/** What builds need beside the compilers (Documentation/process/changes.rst); headers are told by the build itself. */
export const hostNeeds: readonly HostNeed[] = [
  { program: 'make', package: 'make' },
  { program: 'gcc', package: 'gcc' },
  { program: 'flex', package: 'flex' },
  { program: 'bison', package: 'bison' },
  { program: 'bc', package: 'bc' },
  { program: 'perl', package: 'perl' },
  { program: 'tar', package: 'tar' },
]

/** Of what every build needs, what is missing here. */
export async function findMissingHostTools(probe: Probe = findTool): Promise<readonly HostNeed[]> {
  const tools = await Promise.all(hostNeeds.map(({ program }) => probe(program)))
  return hostNeeds.filter((_, index) => tools[index]?.version === null)
}
