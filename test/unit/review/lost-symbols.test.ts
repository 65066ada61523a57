import { describe, expect, it } from 'vitest'
import { filesNaming, filesSelecting, lostSymbols, tightenedSymbols } from '../../../src/review/lost-symbols.ts'
import { widenToDirectory } from '../../../src/review/scope.ts'
import { treeOf } from '../../support/tree.ts'

const files = {
  'drivers/codecs/Kconfig': 'config BUS\n\tbool\n\nmenuconfig ALPHA\n\tbool\n',
  'drivers/codecs/Makefile': 'obj-$(CONFIG_ALPHA) += alpha.o\n',
  'drivers/Makefile': 'obj-$(CONFIG_BUS) += codecs/\n',
  'arch/arm/Kconfig': 'config ARM\n\tselect BUS\n',
  'arch/x86/Kconfig': 'config X86\n\tselect BUS_OF_X86\n',
  'drivers/bus.c': '#ifdef CONFIG_BUS\n#endif\n',
}
const before = treeOf(files)
const after = treeOf({ ...files, 'drivers/codecs/Kconfig': 'menuconfig ALPHA\n\ttristate\n' })

describe('lostSymbols', () => {
  it('gives what the touched files define before and not after', () => {
    expect(lostSymbols(before, after, ['drivers/codecs/Kconfig', 'arch/arm/Kconfig'])).toEqual(['BUS'])
    expect(lostSymbols(after, before, ['drivers/codecs/Kconfig'])).toEqual([])
  })
})

describe('filesNaming', () => {
  it('gives the build files with the name as a whole word, with and without its prefix', () => {
    expect([...filesNaming(['BUS'], after)].sort()).toEqual(['arch/arm/Kconfig', 'drivers/Makefile'])
    expect(filesNaming([], after)).toEqual([])
  })
})

describe('tightenedSymbols', () => {
  const path = 'drivers/codecs/Kconfig'
  const withText = (text: string) => treeOf({ ...files, [path]: text })

  it('gives what depends on something that it did not depend on, by its own lines or a block', () => {
    const young = withText(
      'config BUS\n\tbool\n\tdepends on PCI\n\nif OF\nmenuconfig ALPHA\n\tbool\nendif\n\nconfig NEW\n\tbool\n\tdepends on PCI\n',
    )
    expect(tightenedSymbols(before, young, [path])).toEqual(['BUS', 'ALPHA'])
    expect(tightenedSymbols(young, before, [path])).toEqual([])
    expect(tightenedSymbols(young, young, [path])).toEqual([])
  })
})

describe('filesSelecting', () => {
  it('gives the Kconfig files that select a symbol, and none that only name it', () => {
    expect(filesSelecting(['BUS'], before)).toEqual(['arch/arm/Kconfig'])
    expect(filesSelecting([], before)).toEqual([])
  })
})

describe('widenToDirectory', () => {
  it('takes, of the tree after a patch, the files that select what depends on something more', () => {
    const path = 'drivers/codecs/Kconfig'
    const young = treeOf({
      ...files,
      [path]: `${files[path]}\tdepends on PCI\n`.replace('bool\n\n', 'bool\n\tdepends on OF\n\n'),
    })
    expect(widenToDirectory(young, [path], before)).toEqual(['arch/arm/Kconfig', path, 'drivers/codecs/Makefile'])
  })

  it('takes, of the tree after a patch, the files that name a symbol which is gone', () => {
    const touched = ['drivers/codecs/Kconfig']
    const near = ['drivers/codecs/Kconfig', 'drivers/codecs/Makefile']
    expect(widenToDirectory(before, touched)).toEqual(near)
    expect(widenToDirectory(after, touched, before)).toEqual(['arch/arm/Kconfig', 'drivers/Makefile', ...near])
  })
})
