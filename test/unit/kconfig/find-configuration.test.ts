import { describe, expect, it } from 'vitest'
import { printCondition, symbolExpr } from '../../../src/kconfig/condition.ts'
import { evaluateConfig } from '../../../src/kconfig/evaluate.ts'
import { createFinder } from '../../../src/kconfig/find-configuration.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { treeOf } from '../../support/tree.ts'

const model = loadKconfig(
  treeOf({
    Kconfig: `config MODULES
	bool "Modules"
	modules

config PCI
	bool "PCI" if !HAS_BUS

config HAS_BUS
	bool
	default y if BOARD

config BOARD
	bool "Board"

config CLOCK
	tristate "Clock"
	depends on PCI

config CORE
	tristate

config CODEC
	tristate "Codec"
	depends on BOARD || CORE = m
	select CORE

config USER
	tristate "User"
	depends on CLOCK
	select CORE

config HIDDEN
	bool
	default USER && !PCI
`,
  }),
  { env: kernelEnvironment('x86_64', 'x86') },
)
const { find } = createFinder(model)
const off = { least: 0, most: 0 } as const
const on = { least: 1, most: 2 } as const
const of = (name: string) => symbolExpr(name)

describe('createFinder', () => {
  it('finds the fewest settings of an allnoconfig that do what is wanted', () => {
    const search = find({
      except: null,
      wanted: [
        { condition: of('CORE'), least: 2, most: 2 },
        { condition: of('PCI'), ...off },
      ],
    })
    expect(search).toEqual({
      kind: 'found',
      settings: new Map([
        ['BOARD', 2],
        ['CODEC', 2],
      ]),
      unmet: [of('PCI')],
    })
  })

  it('finds what conf would come to: its settings evaluate to what is wanted', () => {
    const search = find({ except: null, wanted: [{ condition: of('USER'), least: 1, most: 1 }] })
    if (search.kind !== 'found') return expect.unreachable(search.kind)
    const assignments = [...search.settings].map(([name, value]) => ({ name, value: value === 2 ? 'y' : 'm', line: 1 }))
    const { symbols } = evaluateConfig(model, { mode: 'allnoconfig', assignments })
    expect([...search.settings.keys()].sort()).toEqual(['CLOCK', 'MODULES', 'PCI', 'USER'])
    expect(symbols.get('USER')?.value).toBe('m')
  })

  it('knows what no configuration does', () => {
    const pci = { condition: of('PCI'), ...off }
    expect(find({ except: null, wanted: [{ condition: of('USER'), ...on }, pci] })).toEqual({ kind: 'impossible' })
    expect(find({ except: null, wanted: [{ condition: of('HIDDEN'), ...on }] })).toEqual({ kind: 'impossible' })
  })

  it('lets the dependencies of one symbol go unmet where that is asked for', () => {
    const selecting = loadKconfig(
      treeOf({
        Kconfig: `config PCI
	bool "PCI"

config CLOCK
	bool "Clock"
	depends on PCI

config CODEC
	bool "Codec"
	select CLOCK
`,
      }),
      { env: kernelEnvironment('x86_64', 'x86') },
    )
    const wanted = [
      { condition: of('CODEC'), ...on },
      { condition: of('PCI'), ...off },
    ]
    const { find: hunt } = createFinder(selecting)
    expect(hunt({ except: null, wanted }).kind).toBe('impossible')
    const found = hunt({ except: 'CLOCK', wanted })
    expect(found.kind === 'found' && found.unmet.map(printCondition)).toEqual(['PCI'])
  })
})
