import { describe, expect, it } from 'vitest'
import { chooseProfile, chooseToolchain, type BuildFlags } from '../../../src/cli/build-flags.ts'

const plain: BuildFlags = { profile: 'livepatch', tier: 'fast', jobs: 2, cacheSize: 2 ** 30 }
const choose = (flags: Partial<BuildFlags>) => {
  const all = { ...plain, ...flags }
  const chosen = chooseProfile(all, '/')
  return { ...chosen, toolchain: chooseToolchain(all, chosen.arches) }
}

describe('the flags of build', () => {
  it("mean the livepatch profile with all its architectures and Debian's compilers unless they say otherwise", () => {
    const { arches, toolchain } = choose({})
    expect(arches.map(({ name }) => name)).toEqual(['x86_64', 'arm64', 'ppc64le', 'ppc32', 's390'])
    expect(toolchain).toEqual({ kind: 'debian' })
  })

  it('name architectures one by one, or with commas as cross-dev does', () => {
    expect(choose({ arch: ['s390,ppc32', 'x86_64'] }).arches.map(({ name }) => name)).toEqual([
      'x86_64',
      'ppc32',
      's390',
    ])
  })

  it('set variables of make for every goal', () => {
    expect(choose({ make: ['W=1', 'KCFLAGS=-O2 -g'] }).profile.variables).toEqual({ W: '1', KCFLAGS: '-O2 -g' })
  })

  it.each([
    [{ llvm: true }, { kind: 'llvm', suffix: '' }],
    [{ llvm: '-14' }, { kind: 'llvm', suffix: '-14' }],
    [
      { arch: ['s390'], crossCompile: '/opt/gcc/bin/s390-linux-' },
      { kind: 'prefix', prefix: '/opt/gcc/bin/s390-linux-' },
    ],
    [
      { makeCross: 'make.cross', compiler: 'gcc-13.2.0', compilerInstallPath: '/opt/0day' },
      { kind: 'wrapper', program: 'make.cross', compiler: 'gcc-13.2.0', compilers: '/opt/0day' },
    ],
  ] as const)('%j choose the compiler', (flags, toolchain) => expect(choose(flags).toolchain).toEqual(toolchain))

  it.each([
    [{ arch: ['mips'] }, '--arch: the profile `livepatch` has no `mips`, but x86_64, arm64, ppc64le, ppc32, s390'],
    [
      { profile: 'missing.yaml' },
      'there is no profile `missing.yaml`: shipped are livepatch; any other is named by its file',
    ],
    [{ crossCompile: 'x-' }, '--cross-compile is for one architecture: name it with --arch'],
    [{ llvm: true, makeCross: 'make.cross' }, 'name one of --cross-compile, --llvm and --make-cross'],
    [{ compiler: 'gcc-13' }, '--compiler and --compiler-install-path are for --make-cross'],
    [{ make: ['W'] }, '--make: `W` is not of the form NAME=VALUE'],
  ] as const)('%j are a slip', (flags, message) => expect(() => choose(flags)).toThrow(message))
})
