import { describe, expect, it } from 'vitest'
import { createConditions, type Cond } from '../../../src/cond/conditions.ts'
import { readAllArchs } from '../../../src/kbuild/all-archs.ts'
import { createWitnessSearch } from '../../../src/kbuild/witness.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { treeOf } from '../../support/tree.ts'

const archs = ['arm', 'mips'] as const

const tree = treeOf({
  Kconfig: 'source "init/Kconfig"\n\nsource "arch/$(SRCARCH)/Kconfig"\n\nsource "drivers/Kconfig"\n',
  'init/Kconfig': 'config CC_IS_GCC\n\tdef_bool y\n',
  'arch/arm/Kconfig': 'config ARM\n\tdef_bool y\n\nconfig ARCH_BOARD\n\tbool "Board"\n',
  'arch/mips/Kconfig': `config MIPS
	def_bool y

config MODULES
	bool "Modules"
	modules

config MIPS_PANEL
	bool "Panel"
	select PANELS_SELECTED
`,
  'drivers/Kconfig': `config BOARDS
	tristate "Boards"

config BOARDS_OWN
	tristate "Boards of our own"
	depends on ARCH_BOARD && BOARDS

config PANELS
	tristate "Panels"
	depends on BOARDS

config PANELS_SELECTED
	tristate "Panels that some select"
	depends on BOARDS

config DEBUG
	bool "Debug files"
	depends on BOARDS

config SANITIZER
	bool "Sanitizer"
	depends on $(shell,check-sanitizer)
`,
})

const conditions = createConditions({ typeOf: (name) => (name === 'DEBUG' ? 'bool' : 'tristate') })
const { and, symbolIs } = conditions

function excludedArchs(of: Cond): readonly string[] {
  const all = readAllArchs(tree)
  return archs.filter((arch) => all?.excludes(conditions, of, arch))
}

describe('readAllArchs', () => {
  it('excludes an architecture without the symbol that another depends on', () => {
    expect(excludedArchs(symbolIs('BOARDS_OWN', 'y'))).toEqual(['mips'])
  })

  it('excludes all architectures where a tristate is to be above what it depends on', () => {
    expect(excludedArchs(and(symbolIs('BOARDS', 'm'), symbolIs('PANELS', 'y')))).toEqual(['arm', 'mips'])
  })

  it('excludes none for what an architecture selects, nor for a bool', () => {
    expect(excludedArchs(and(symbolIs('BOARDS', 'm'), symbolIs('PANELS_SELECTED', 'y')))).toEqual([])
    expect(excludedArchs(and(symbolIs('BOARDS', 'm'), symbolIs('DEBUG', 'y')))).toEqual([])
  })

  it('excludes none for what a command has to answer', () => {
    expect(excludedArchs(symbolIs('SANITIZER', 'y'))).toEqual([])
  })

  it('excludes nothing that the search of the architecture leaves open', () => {
    const names = [
      'BOARDS',
      'BOARDS_OWN',
      'PANELS',
      'PANELS_SELECTED',
      'DEBUG',
      'MIPS_PANEL',
      'ARCH_BOARD',
      'SANITIZER',
    ]
    const asked = names.flatMap((one) =>
      names.flatMap((other) =>
        (['n', 'm', 'y'] as const).map((value) => and(symbolIs(one, 'y'), symbolIs(other, value))),
      ),
    )
    for (const arch of archs) {
      const search = createWitnessSearch(loadKconfig(tree, { env: kernelEnvironment(arch, arch) }))
      for (const of of asked)
        if (excludedArchs(of).includes(arch)) expect(search(conditions, of)).toEqual({ kind: 'impossible' })
    }
  })

  it('gives a symbol that all architectures which read a file have by one definition', () => {
    const all = readAllArchs(tree)
    expect(all?.sameWhere('PANELS', 'arch/mips/Kconfig')?.type).toBe('tristate')
    expect(all?.sameWhere('ARCH_BOARD', 'arch/arm/Kconfig')?.type).toBe('bool')
    expect(all?.sameWhere('ARCH_BOARD', 'drivers/Kconfig')).toBeNull()
    expect(all?.sameWhere('PANELS', 'fs/Kconfig')).toBeNull()
  })

  it('says nothing of a part of a kernel', () => {
    expect(readAllArchs(treeOf({ Makefile: 'obj-y += board.o\n' }))).toBeNull()
  })
})
