import { expect, it } from 'vitest'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { settableSymbols } from '../../../src/kconfig/settable-symbols.ts'
import { treeOf } from '../../support/tree.ts'

const model = loadKconfig(
  treeOf({
    Kconfig: `config BOARD
	bool "Board"

config OF_OTHER_ARCH
	bool "Needs what is not defined"
	depends on ARCH_ELSEWHERE

config BEHIND_IT
	bool "Needs that"
	depends on OF_OTHER_ARCH

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
`,
  }),
  { env: kernelEnvironment('x86_64', 'x86') },
)

it('names the symbols that do not hang on one that is not there, with those that are selected or preset', () => {
  expect([...settableSymbols(model)].sort()).toEqual(['BOARD', 'EITHER', 'HELPER', 'NAME', 'PRESET', 'USER', 'WITHOUT'])
})
