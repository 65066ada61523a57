import { describe, expect, it } from 'vitest'
import type { ProfileArch, ProfileGoal } from '../../../src/build/profile-schema.ts'
import { mayConfigure, remakeCommands, remakeFor } from '../../../src/build/remake.ts'

const arch: ProfileArch = {
  name: 's390',
  arch: 's390',
  directory: 'arch/s390',
  prefix: 's390x-linux-gnu-',
  package: 'gcc-s390x-linux-gnu',
  fragments: [],
  variables: {},
}
const common = { tier: 'fast', flags: [], variables: {}, needs: [], when: [] } as const
const modules: ProfileGoal = {
  ...common,
  flags: [],
  needs: [],
  when: [],
  id: 'modules',
  targets: ['modules'],
  remake: ['samples'],
}
const tests: ProfileGoal = {
  ...modules,
  id: 'tests',
  module: 'tools/testing/selftests/livepatch/test_modules',
  remake: [],
}

const forces = (goal: ProfileGoal, path: string): boolean => {
  const { output, source } = remakeFor(goal, arch, [path])
  return output.length + source.length > 0
}

describe('a change that make does not see', () => {
  it.each([
    'scripts/Makefile.build',
    'scripts/Makefile.lib',
    'scripts/gcc-version.sh',
    'Makefile',
    'Kbuild',
    'arch/s390/Makefile',
    'arch/s390/Makefile.postlink',
    'samples/Makefile',
    'samples/livepatch/Makefile',
    'samples/livepatch/Kbuild',
  ])('in %s forces the modules to be made anew', (path) => expect(forces(modules, path)).toBe(true))

  it.each([
    'samples/livepatch/livepatch-sample.c',
    'samples/Kconfig',
    'arch/x86/Makefile',
    'drivers/net/Makefile',
    'Documentation/Makefile',
  ])('is none in %s', (path) => expect(forces(modules, path)).toBe(false))

  it('forces external modules for the makefiles above them', () => {
    expect(forces(tests, 'tools/testing/selftests/livepatch/Makefile')).toBe(true)
    expect(forces(tests, 'tools/testing/selftests/livepatch/test_modules/Makefile')).toBe(true)
    expect(forces(tests, 'tools/testing/selftests/futex/Makefile')).toBe(false)
  })

  it('removes outputs whole, and of a source only what builds made', () => {
    expect(remakeCommands(remakeFor(modules, arch, ['Makefile']))).toEqual([['rm', '-rf', '--', 'output/samples']])
    const [find] = remakeCommands(remakeFor(tests, arch, ['Makefile']))
    expect(find?.slice(0, 7)).toEqual(['find', `source/${tests.module ?? ''}`, '-type', 'f', '(', '-name', '*.o'])
    expect(remakeCommands(remakeFor(modules, arch, ['samples/livepatch/livepatch-sample.c']))).toEqual([])
  })
})

describe('a change that may configure', () => {
  it.each([
    'kernel/livepatch/Kconfig',
    'lib/Kconfig.debug',
    'scripts/kconfig/conf.c',
    'Makefile',
    'arch/s390/configs/defconfig',
  ])('is one of %s', (path) => expect(mayConfigure([path])).toBe(true))
  it.each(['samples/livepatch/Makefile', 'kernel/livepatch/core.c', 'Documentation/kbuild/kconfig.rst'])(
    'is none of %s',
    (path) => expect(mayConfigure([path])).toBe(false),
  )
})
