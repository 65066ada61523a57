import { createHash } from 'node:crypto'
import type { SandboxOptions } from './sandbox-model.ts'
import type { Toolchain } from './toolchains.ts'

/**
 * The same compilers by way of ccache, with its files in a directory. Only what is built of bases may write there: what a patch has
 * compiled could otherwise be what another one is judged by. A wrapper of make chooses the compiler itself; it only gets the directory.
 */
export function withCcache(toolchain: Toolchain, directory: string): Toolchain {
  const { variables } = toolchain
  const compiler = compilerOf(variables)
  const host = variables['LLVM'] === undefined ? 'gcc' : compiler
  const through = compiler === null ? {} : { CC: `ccache ${compiler}`, HOSTCC: `ccache ${host ?? 'gcc'}` }
  return {
    ...toolchain,
    id: createHash('sha256').update(`ccache ${toolchain.id}`).digest('hex'),
    variables: { ...variables, ...through },
    // Objects are only taken for the same where their sources and paths are: all builds have the same paths.
    environment: { ...toolchain.environment, CCACHE_DIR: directory, CCACHE_NOHASHDIR: '1' },
    ccache: directory,
  }
}

/** What CC is without being named (Makefile of the kernel, "Make variables (CC, etc...)"); null where make is a wrapper that chooses. */
function compilerOf({ LLVM: llvm, CROSS_COMPILE: prefix }: Toolchain['variables']): string | null {
  if (prefix !== undefined) return `${prefix}gcc`
  if (llvm === undefined) return null
  if (llvm.endsWith('/')) return `${llvm}clang`
  return llvm.startsWith('-') ? `clang${llvm}` : 'clang'
}

/** What a sandbox needs for it; nothing where the toolchain has no ccache. */
export function ccacheIn(
  { ccache, environment }: Toolchain,
  access: 'writable' | 'readable',
): Pick<SandboxOptions, 'environment' | 'shared'> {
  if (ccache === undefined) return { environment }
  const isReadable = access === 'readable'
  return {
    environment: isReadable ? { ...environment, CCACHE_READONLY: '1', CCACHE_TEMPDIR: '/tmp' } : environment,
    shared: { directory: ccache, access },
  }
}
