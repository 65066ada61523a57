import { describe, expect, it } from 'vitest'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { createMayBeSet } from '../../../src/kconfig/may-be-set.ts'
import type { KconfigModel } from '../../../src/kconfig/model.ts'
import { settableSymbols } from '../../../src/kconfig/settable-symbols.ts'
import { treeOf } from '../../support/tree.ts'

const load = (kconfig: string): KconfigModel =>
  loadKconfig(treeOf({ Kconfig: kconfig }), { env: kernelEnvironment('x86_64', 'x86') })

const lines = `config BOARD
	bool "Board"

config OF_OTHER_ARCH
	bool "Needs what is not defined"
	depends on ARCH_ELSEWHERE

config EITHER
	bool "Needs one of two"
	depends on OF_OTHER_ARCH || BOARD

config WITHOUT
	bool "Needs that it is not there"
	depends on !OF_OTHER_ARCH

config HELPER
	bool

config USER
	bool "User"
	select HELPER

config LEFT
	bool

config DEAD_USER
	bool "User of the other architecture"
	depends on OF_OTHER_ARCH
	select LEFT

config PRESET
	def_bool BOARD

config NAME
	string "Name"
	depends on OF_OTHER_ARCH

config ROUND
	bool
	default y if AND_ROUND

config AND_ROUND
	bool
	default y if ROUND

config AND_OUT
	bool
	default y if ROUND || AND_ROUND || BOARD
`

describe('createMayBeSet', () => {
  it('says of each symbol what is said of all together, in whatever order it is asked', () => {
    const model = load(lines)
    const names = [...model.symbols.keys()]
    const isSettable = settableSymbols(model)
    for (const asked of [names, names.toReversed()]) {
      const mayBeSet = createMayBeSet(model)
      for (const name of asked) expect([name, mayBeSet(name)]).toEqual([name, isSettable(name)])
    }
    expect(isSettable('ROUND')).toBe(false)
    expect(isSettable('AND_OUT')).toBe(true)
  })

  it('takes a symbol that nothing defines for n, and what a command answers for anything', () => {
    const mayBeSet = createMayBeSet(load(lines))
    expect(mayBeSet('ARCH_ELSEWHERE')).toBe(false)
    expect(mayBeSet('$(shell,cc --version)')).toBe(true)
  })

  it('counts a line of one definition where another has dependencies that are never met', () => {
    const model = load(`config CLOCK
	bool "Clock"

config CLOCK
	bool
	depends on ARCH_ELSEWHERE
`)
    expect(createMayBeSet(model)('CLOCK')).toBe(true)
  })

  it('leaves open what hangs on more symbols in a row than are looked at', () => {
    const row = Array.from({ length: 5000 }, (_, at) => `config LINK${at}\n\tbool "Link"\n\tdepends on LINK${at + 1}\n`)
    expect(createMayBeSet(load(row.join('\n')))('LINK0')).toBe(true)
    expect(createMayBeSet(load(row.slice(0, 20).join('\n')))('LINK0')).toBe(false)
  })
})
