import { describe, expect, it } from 'vitest'
import { createAllYes } from '../../../src/kconfig/all-yes.ts'
import { linux612 } from '../../../src/kconfig/dialect.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { treeOf } from '../../support/tree.ts'

const tree = treeOf({
  Kconfig: `config MODULES
	bool "Modules"
	modules

config BUS
	tristate "Bus"

config CODEC
	tristate "Codec"
	depends on BUS=m || BUS

config SMALL
	bool "Small"
	depends on !BUS

config FORCED
	bool
	depends on SMALL

config FORCING
	bool "Forcing"
	select FORCED

choice
	prompt "Table"

config FLAT
	bool "Flat"

config WIDE
	bool "Wide"

endchoice

config SIZE
	int "Size"
	default 4
`,
})

describe('createAllYes', () => {
  it.each(['calculated', 'recorded'] as const)(
    'sets all that y can be said to, with choices that are %s',
    (choices) => {
      const env = kernelEnvironment('x86_64', 'x86')
      const isSet = createAllYes(loadKconfig(tree, { env, dialect: { ...linux612, choices } }))
      const names = ['BUS', 'CODEC', 'SMALL', 'FORCED', 'FORCING', 'SIZE', 'NOWHERE']
      expect(names.filter(isSet)).toEqual(['BUS', 'CODEC', 'FORCED', 'FORCING'])
      expect(['FLAT', 'WIDE'].filter(isSet)).toHaveLength(1)
    },
  )
})
