import { describe, expect, it } from 'vitest'
import { isKconfig, isMakefile, worldOf } from '../../../src/review/world.ts'

describe('worldOf', () => {
  it.each([
    ['Makefile', 'top'],
    ['Kbuild', 'kbuild'],
    ['arch/arm64/Makefile', 'top'],
    ['arch/arm64/Kbuild', 'kbuild'],
    ['arch/arm64/boot/Makefile', 'kbuild'],
    ['arch/x86/Makefile_32.cpu', 'top'],
    ['arch/x86/Makefile.postlink', 'top'],
    ['arch/mips/ralink/Platform', 'top'],
    ['arch/mips/Kbuild.platforms', 'top'],
    ['drivers/tty/serial/Makefile', 'kbuild'],
    ['drivers/firmware/efi/libstub/Makefile.zboot', 'kbuild'],
    ['scripts/Makefile', 'kbuild'],
    ['scripts/Makefile.build', 'core'],
    ['scripts/Kbuild.include', 'core'],
    ['scripts/package/debian/rules', 'core'],
    ['tools/perf/Build', 'tools'],
    ['tools/build/Build.include', 'tools'],
    ['tools/scripts/utilities.mak', 'tools'],
    ['tools/testing/cxl/Kbuild', 'kbuild'],
    ['tools/testing/selftests/lib.mk', 'selftests'],
    ['tools/testing/selftests/livepatch/Makefile', 'selftests'],
    ['Documentation/Makefile', 'doc'],
  ])('reads %s in the world %s', (path, world) => {
    expect(worldOf(path)).toBe(world)
  })

  it.each([
    'drivers/tty/serial/Kconfig',
    'drivers/platform/x86/Platform',
    'tools/usb/usbip/Makefile.am',
    'tools/perf/scripts/perl/Perf-Trace-Util/Makefile.PL',
    'tools/build/Documentation/Build.txt',
    'Documentation/kbuild/makefiles.rst',
    'Makefile.c/driver.c',
    '',
  ])('knows no world for %j', (path) => {
    expect(worldOf(path)).toBeNull()
    expect(isMakefile(path)).toBe(false)
  })
})

describe('isKconfig', () => {
  it('takes Kconfig and its parts, and nothing else', () => {
    const paths = ['Kconfig', 'arch/arm/Kconfig-nommu', 'lib/Kconfig.debug', 'scripts/Kconfig.include']
    expect(paths.filter(isKconfig)).toEqual(paths)
    expect(['scripts/kconfig/conf.c', 'Kconfiguration', 'lib/Kconfig/x', 'lib/Kconfig.'].filter(isKconfig)).toEqual([])
  })
})
