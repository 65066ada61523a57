import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { configureCommands, goalCommand } from '../../../src/build/goal-command.ts'
import { parseProfile } from '../../../src/build/profile.ts'
import { findMissingHostTools, findToolchain, hostNeeds, type ToolchainChoice } from '../../../src/build/toolchains.ts'

const root = resolve(import.meta.dirname, '../../..')
const parsed = parseProfile(readFileSync(join(root, 'profiles/livepatch.yaml'), 'utf8'), 'livepatch.yaml')
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const { profile } = parsed
const s390 = profile.arches.find(({ name }) => name === 's390')
if (s390 === undefined) throw new Error('no s390')

const directory = mkdtempSync(join(tmpdir(), 'toolchains-'))
afterAll(() => removeDirectory(directory))

/** A machine that has the programs that are named, all of one version. */
const machineWith = (has: (name: string) => boolean) => (name: string) =>
  Promise.resolve({ name, version: has(name) ? `${name} 12.2.0` : null })

const find = (choice: ToolchainChoice, has: (name: string) => boolean = () => true) =>
  findToolchain(s390, choice, machineWith(has))

async function found(choice: ToolchainChoice) {
  const result = await find(choice)
  if (result.kind === 'missing') throw new Error(result.advice)
  return result.toolchain
}

describe('a toolchain', () => {
  it("is Debian's for the architecture unless another is chosen", async () => {
    expect(await found({ kind: 'debian' })).toMatchObject({
      name: 's390x-linux-gnu-gcc 12.2.0',
      make: 'make',
      variables: { CROSS_COMPILE: 's390x-linux-gnu-' },
      directories: [],
    })
  })

  it('that is missing is named, with the package that has it', async () => {
    expect(await find({ kind: 'debian' }, (name) => !name.endsWith('-gcc'))).toEqual({
      kind: 'missing',
      programs: ['s390x-linux-gnu-gcc'],
      advice: 'apt-get install gcc-s390x-linux-gnu',
    })
  })

  it('may be LLVM, with a version or a directory', async () => {
    expect((await found({ kind: 'llvm', suffix: '' })).variables).toEqual({ LLVM: '1' })
    expect((await found({ kind: 'llvm', suffix: '-14' })).tools.map(({ name }) => name)).toContain('ld.lld-14')
    expect(await found({ kind: 'llvm', suffix: '/opt/llvm-19/bin/' })).toMatchObject({
      variables: { LLVM: '/opt/llvm-19/bin/' },
      directories: ['/opt/llvm-19'],
    })
    expect(await find({ kind: 'llvm', suffix: '-14' }, () => false)).toMatchObject({
      advice: 'apt-get install clang-14 lld-14 llvm-14',
    })
  })

  it('may have any prefix; what lies outside of /usr is to be seen by builds', async () => {
    expect(await found({ kind: 'prefix', prefix: '/opt/gcc-13/bin/s390-linux-' })).toMatchObject({
      variables: { CROSS_COMPILE: '/opt/gcc-13/bin/s390-linux-' },
      directories: ['/opt/gcc-13'],
    })
    expect((await found({ kind: 'prefix', prefix: '/usr/bin/s390x-linux-gnu-' })).directories).toEqual([])
  })

  it('may be a wrapper that chooses the compiler by itself', async () => {
    const choice = {
      kind: 'wrapper',
      program: '/opt/lkp/make.cross',
      compiler: 'gcc-13.2.0',
      compilers: '/opt/0day',
    } as const
    expect(await found(choice)).toMatchObject({
      make: '/opt/lkp/make.cross',
      variables: {},
      environment: { COMPILER: 'gcc-13.2.0', COMPILER_INSTALL_PATH: '/opt/0day' },
      directories: ['/opt/lkp/make.cross', '/opt/0day'],
    })
  })

  it('shows no home and no system directory to builds, but only what has the compiler', async () => {
    const seen = async (prefix: string) => (await found({ kind: 'prefix', prefix })).directories
    expect(await seen('/home/dana/bin/s390-linux-')).toEqual(['/home/dana/bin'])
    expect(await seen('/home/dana/.local/bin/s390-linux-')).toEqual(['/home/dana/.local/bin'])
    expect(await seen('/home/dana/gcc/bin/s390-linux-')).toEqual(['/home/dana/gcc'])
    expect(await seen('/tmp/compilers/s390-linux-')).toEqual(['/tmp/compilers'])
    expect(await seen('/opt/bin/s390-linux-')).toEqual(['/opt/bin'])
    expect(await seen(`${homedir()}/bin/s390-linux-`)).toEqual([`${homedir()}/bin`])
    const wrapper = { kind: 'wrapper', compiler: null, compilers: null } as const
    const { directories } = await found({ ...wrapper, program: '/home/dana/make.cross' })
    expect(directories).toEqual(['/home/dana/make.cross'])
  })

  it('is refused where nothing but a home or a system directory would have to be shown', async () => {
    const wrapper = { kind: 'wrapper', program: '/opt/lkp/make.cross', compiler: null } as const
    symlinkSync('/', join(directory, 'everything'))
    const choices: readonly (readonly [ToolchainChoice, string])[] = [
      [{ kind: 'prefix', prefix: '/home/dana/s390-linux-' }, '/home/dana'],
      [{ kind: 'prefix', prefix: '/opt/s390-linux-' }, '/opt'],
      [{ kind: 'prefix', prefix: '/tmp/s390-linux-' }, '/tmp'],
      [{ kind: 'prefix', prefix: '/s390-linux-' }, '/'],
      [{ kind: 'prefix', prefix: `${directory}/everything/s390-linux-` }, `${directory}/everything`],
      [{ kind: 'llvm', suffix: `${homedir()}/` }, homedir()],
      [{ ...wrapper, compilers: '/home/dana' }, '/home/dana'],
    ]
    for (const [choice, path] of choices) {
      const advice = expect.stringContaining(`would see all of \`${path}\``) as unknown
      expect(await find(choice)).toMatchObject({ kind: 'missing', advice })
    }
  })

  it('has another id with another version', async () => {
    const newer = await findToolchain(s390, { kind: 'debian' }, (name) =>
      Promise.resolve({ name, version: `${name} 13.1.0` }),
    )
    expect(newer.kind === 'found' && newer.toolchain.id).not.toBe((await found({ kind: 'debian' })).id)
  })

  it('is started to learn its version', async () => {
    const program = join(directory, 'make.cross')
    writeFileSync(program, '#!/bin/sh\necho make.cross 0.1\n', { mode: 0o755 })
    const result = await findToolchain(s390, { kind: 'wrapper', program, compiler: null, compilers: null })
    expect(result).toMatchObject({ kind: 'found', toolchain: { name: 'make.cross 0.1' } })
  })
})

describe('the commands of a profile', () => {
  it('name the same paths, time and builder on every machine', async () => {
    const toolchain = await found({ kind: 'debian' })
    const selftests = profile.goals.find(({ id }) => id === 'selftests')
    if (selftests === undefined) throw new Error('no selftests')
    expect(goalCommand(selftests, { profile, arch: s390, toolchain, jobs: 2 })).toEqual({
      directory: '/build/source',
      command: [
        'make',
        '-j2',
        '--output-sync=target',
        'LOCALVERSION=',
        'KBUILD_BUILD_TIMESTAMP=2000-01-01',
        'KBUILD_BUILD_USER=kbuild',
        'KBUILD_BUILD_HOST=review',
        'O=/build/output',
        'ARCH=s390',
        'CROSS_COMPILE=s390x-linux-gnu-',
        'KBUILD_MODPOST_WARN=1',
        'M=/build/source/tools/testing/selftests/livepatch/test_modules',
        'modules',
      ],
    })
  })

  it('give fragments to allnoconfig by KCONFIG_ALLCONFIG, and to defconfig by olddefconfig', async () => {
    const context = { profile, arch: s390, toolchain: await found({ kind: 'debian' }), jobs: 2 }
    const last = (target: string) =>
      configureCommands({ ...context, profile: { ...profile, configure: { ...profile.configure, target } } }).map(
        ({ command }) => command.slice(-2),
      )
    expect(last('allnoconfig')).toEqual([['KCONFIG_ALLCONFIG=/build/output/.kbuild-review.config', 'allnoconfig']])
    expect(last('defconfig')).toEqual([
      ['CROSS_COMPILE=s390x-linux-gnu-', 'defconfig'],
      ['CROSS_COMPILE=s390x-linux-gnu-', 'olddefconfig'],
    ])
  })
})

describe('what every build needs', () => {
  it('is told with its package where it is missing', async () => {
    expect(await findMissingHostTools(machineWith((name) => name !== 'flex'))).toEqual([
      { program: 'flex', package: 'flex' },
    ])
  })

  it("is installed by the project's own script, compilers of the livepatch profile and emulators included", () => {
    const script = readFileSync(join(root, 'scripts/install-build-tools.sh'), 'utf8').split(/[\s']+/)
    const emulators = profile.arches.flatMap(({ qemu }) => (qemu === undefined ? [] : [qemu.package]))
    const packages = [...profile.arches, ...hostNeeds].map((each) => each.package)
    const booting = ['cpio', 'libc6-dev-amd64-cross', 'libc6-dev-ppc64el-cross', 'libc6-dev-s390x-cross']
    expect([...packages, ...emulators, ...booting, 'bubblewrap'].filter((name) => !script.includes(name))).toEqual([])
  })
})
