import { describe, expect, it } from 'vitest'
import { symbolExpr } from '../../../src/kconfig/condition.ts'
import { linux612 } from '../../../src/kconfig/dialect.ts'
import { evaluateConfig } from '../../../src/kconfig/evaluate.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { createTryOut } from '../../../src/kconfig/what-if.ts'
import { treeOf } from '../../support/tree.ts'

const tree = treeOf({
  Kconfig: `config MODULES
	bool "Modules"
	modules

config BUS
	tristate "Bus"

config CODEC
	tristate "Codec"
	depends on BUS
	select CORE

config CORE
	tristate

choice
	prompt "Table"

config FLAT
	bool "Flat"

config TREE
	bool "Tree"
	depends on BUS

endchoice

config SIZE
	int "Size"
	default 4

config BIG
	def_bool SIZE > 3
`,
})
const env = kernelEnvironment('x86_64', 'x86')
const model = loadKconfig(tree, { env })

const names = ['MODULES', 'BUS', 'CODEC', 'CORE', 'FLAT', 'TREE', 'BIG']
const letters = ['n', 'm', 'y'] as const

describe('createTryOut', () => {
  it.each(['calculated', 'recorded'] as const)(
    'comes to what allnoconfig does, with choices that are %s',
    (choices) => {
      const model = loadKconfig(tree, { env, dialect: { ...linux612, choices } })
      const tryOut = createTryOut(model)
      const all = [
        [],
        ['CODEC=y', 'BUS=y'],
        ['MODULES=y', 'BUS=m', 'CODEC=y'],
        ['BUS=y', 'TREE=y'],
        ['CORE=y', 'BUS=y'],
      ]
      for (const lines of all) {
        const assignments = lines.map((line, index) => {
          const [name = '', value = ''] = line.split('=')
          return { name, value, line: index + 1 }
        })
        const { symbols } = evaluateConfig(model, { mode: 'allnoconfig', assignments })
        const wishes = new Map(assignments.map(({ name, value }) => [name, value === 'y' ? 2 : 1] as const))
        const outcome = tryOut(wishes)
        expect(names.map((name) => `${name}=${letters[outcome.value(name)]}`)).toEqual(
          names.map((name) => `${name}=${symbols.get(name)?.value ?? ''}`),
        )
      }
    },
  )

  it('gives the value of a condition, and n for what nothing defines', () => {
    const outcome = createTryOut(model)(new Map([['BUS', 2]]))
    expect(outcome.test(null)).toBe(2)
    expect(outcome.test({ kind: 'not', operand: symbolExpr('BUS') })).toBe(0)
    expect(outcome.value('NOTHING')).toBe(0)
  })
})
