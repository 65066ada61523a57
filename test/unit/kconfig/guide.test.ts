import { describe, expect, it } from 'vitest'
import { symbolExpr } from '../../../src/kconfig/condition.ts'
import { createFinder } from '../../../src/kconfig/find-configuration.ts'
import { guideTo } from '../../../src/kconfig/guide.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import type { KconfigModel } from '../../../src/kconfig/model.ts'
import { treeOf } from '../../support/tree.ts'

const load = (text: string): KconfigModel =>
  loadKconfig(treeOf({ Kconfig: text }), { env: kernelEnvironment('x86_64', 'x86') })

const model = load(`config MODULES
	bool "Modules"
	modules

config BUS
	bool "Bus"

config CLOCK
	tristate "Clock"
	depends on BUS

config CORE
	tristate

config CODEC
	tristate "Codec"
	depends on CLOCK
	select CORE

config TEST_BUILD
	bool "Build tests"

config SUPPORT
	bool "Support" if TEST_BUILD && !BOARD
	default y if BOARD

config BOARD
	bool "Board"

config RAIL
	bool "Rail"
	depends on BUS

config PANEL
	bool "Panel"
	select RAIL

config SOCKET
	bool "Socket"
	depends on SUPPORT && BOARD

config EXCLUDED
	bool "Excluded"
	depends on BUS && !BUS
`)
const yes = { least: 2, most: 2 } as const
const guide = (
  name: string,
  { turn = 0, least = 2, most = 2 }: { turn?: number; least?: 1 | 2; most?: 1 | 2 } = {},
) => {
  const settings = guideTo({ wanted: [{ condition: symbolExpr(name), least, most }], except: null }, model, {
    turn,
    answers: 'n',
  })
  return settings === null ? null : Object.fromEntries(settings)
}

describe('guideTo', () => {
  it('answers what a question depends on', () => {
    expect(guide('CLOCK')).toEqual({ BUS: 2, CLOCK: 2 })
  })

  it('turns modules on for what is to be one', () => {
    expect(guide('CLOCK', { least: 1, most: 1 })).toEqual({ MODULES: 2, BUS: 2, CLOCK: 1 })
  })

  it('looks for what selects a symbol that nobody is asked about', () => {
    expect(guide('CORE')).toEqual({ BUS: 2, CLOCK: 2, CODEC: 2 })
  })

  it('takes the way that excludes nothing', () => {
    expect(guide('SOCKET')).toEqual({ BOARD: 2, SOCKET: 2 })
  })

  it('meets the dependencies of what is selected, but for the symbol that is left out', () => {
    const panel = { condition: symbolExpr('PANEL'), ...yes }
    expect(guideTo({ wanted: [panel], except: null }, model, { turn: 0, answers: 'n' })).toEqual(
      new Map([
        ['PANEL', 2],
        ['BUS', 2],
      ]),
    )
    expect(guideTo({ wanted: [panel], except: 'RAIL' }, model, { turn: 0, answers: 'n' })).toEqual(
      new Map([['PANEL', 2]]),
    )
  })

  it('leads nowhere where conditions exclude each other, or nothing is defined', () => {
    expect(guide('EXCLUDED')).toBeNull()
    expect(guide('ELSEWHERE')).toBeNull()
  })

  it('finds a configuration where the constraints are too many for a diagram', () => {
    const classes = [...Array(40).keys()]
    const platforms = [...Array(160).keys()]
    const crowded = load(
      [
        'config BUS\n\tbool\n',
        ...classes.map((at) => `config CLASS_${at}\n\tbool "Class ${at}"\n`),
        ...platforms.map((at) => {
          const [one, two] = [(at * 7) % 40, (at * 11 + 3) % 40]
          return `config PLATFORM_${at}\n\tbool "Platform ${at}"\n\tdepends on CLASS_${one} && !CLASS_${two}\n\tselect BUS if CLASS_${(at * 13 + 5) % 40}\n`
        }),
      ].join('\n'),
    )
    const search = createFinder(crowded).find({ except: null, wanted: [{ condition: symbolExpr('BUS'), ...yes }] })
    expect(search.kind).toBe('found')
  })
})
