import { describe, expect, it } from 'vitest'
import { namesOfWholeKernel, readWholeKconfig } from '../../../src/kconfig/whole-tree.ts'
import { treeOf } from '../../support/tree.ts'

const files = {
  Kconfig: 'source "init/Kconfig"\nsource "arch/$(SRCARCH)/Kconfig"\nsource "$(srctree)/drivers/Kconfig"\n',
  'init/Kconfig': 'config MODULES\n\tbool\n',
  'arch/arm/Kconfig': 'config ARM\n\tdef_bool y\n',
  'arch/x86/Kconfig': 'config X86\n\tdef_bool y\nsource "arch/x86/Kconfig"\n',
  'arch/x86/Kconfig.alone': 'config ALONE\n\tbool\n',
  'drivers/Kconfig': 'config CODEC\n\tbool\n',
}

const read = (literal: Record<string, string>) => {
  return readWholeKconfig(treeOf(literal))
}

describe('readWholeKconfig', () => {
  it('reads the files of all architectures once each, and none that no other brings in', () => {
    const whole = read(files)
    expect([...whole.files.keys()].sort()).toEqual([
      'Kconfig',
      'arch/arm/Kconfig',
      'arch/x86/Kconfig',
      'drivers/Kconfig',
      'init/Kconfig',
    ])
    expect(whole.unresolved).toEqual([])
  })

  it('says which lines lead to no file', () => {
    const { unresolved } = read({ ...files, 'drivers/Kconfig': 'source "drivers/codecs/Kconfig"\n' })
    expect(unresolved).toEqual([{ file: 'drivers/Kconfig', start: 0, end: 31 }])
  })
})

describe('namesOfWholeKernel', () => {
  it('gives the names that some architecture defines', () => {
    expect([...(namesOfWholeKernel(read(files)) ?? [])].sort()).toEqual(['ARM', 'CODEC', 'MODULES', 'X86'])
  })

  it('does not know them where a file is missing', () => {
    expect(namesOfWholeKernel(read({ ...files, 'drivers/Kconfig': 'source "gone/Kconfig"\n' }))).toBeNull()
    expect(namesOfWholeKernel(read({ Kconfig: 'config CODEC\n\tbool\n' }))).toBeNull()
  })
})
