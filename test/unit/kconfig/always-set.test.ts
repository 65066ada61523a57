import { expect, it } from 'vitest'
import { alwaysSet } from '../../../src/kconfig/always-set.ts'
import type { Tristate } from '../../../src/kconfig/cells.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { createTryOut } from '../../../src/kconfig/what-if.ts'
import { treeOf } from '../../support/tree.ts'
import { fc } from '../../support/random.ts'

it('names what is preset and what that selects, but nothing that somebody may change', () => {
  const model = loadKconfig(
    treeOf({
      Kconfig: `config ARM
	def_bool y
	select HAS_IOMEM
	select IRQ_DOMAIN if OF

config HAS_IOMEM
	bool
	select IO_HELPERS if ARM && (HAS_IOMEM || OF)

config IO_HELPERS
	bool

config IRQ_DOMAIN
	bool

config OF
	bool "Device tree"
	default y

config FLAT_TREE
	def_bool OF

config CLOCKEVENTS
	def_bool !OF

config TICK
	bool
	default n if OF
	default y

config TOGETHER
	def_bool HAS_IOMEM

config BUS
	def_tristate y

config FORMER
	bool
	transitional
	default y

choice
	prompt "Board"
config BOARD
	bool "Board"
endchoice
`,
    }),
    { env: kernelEnvironment('arm', 'arm') },
  )
  const names = [...model.symbols.keys(), 'NOWHERE'].filter(alwaysSet(model))
  expect(names.sort()).toEqual(['ARM', 'HAS_IOMEM', 'IO_HELPERS', 'TOGETHER'])
})

/** What one symbol says: all that it hangs on has a higher number, so that none hangs on itself. */
function symbolText(at: number): fc.Arbitrary<string> {
  const higher = fc.integer({ min: at + 1, max: 12 }).map((number) => `BOARD_${number}`)
  const lower = fc.integer({ min: 0, max: Math.max(at - 1, 0) }).map((number) => `BOARD_${number}`)
  const line = fc.oneof(
    fc.constantFrom('\tdefault y\n', '\tdefault y\n', '\tdefault n\n', '\tprompt "Board"\n'),
    fc
      .tuple(fc.constantFrom('\tdepends on ', '\tdefault y if ', '\tdefault '), higher)
      .map((words) => `${words.join('')}\n`),
    fc.tuple(lower, higher).map(([target, when]) => `\tselect ${target} if ${when}\n`),
    lower.map((target) => `\tselect ${target}\n`),
  )
  return fc.array(line, { maxLength: 3 }).map((lines) => `config BOARD_${at}\n\tbool\n${lines.join('')}`)
}

it('names only what is y in each configuration', () => {
  let always = 0
  const texts = fc.tuple(...Array.from({ length: 12 }, (_, at) => symbolText(at)))
  const wishes = fc.array(fc.array(fc.constantFrom<Tristate>(0, 2), { minLength: 12, maxLength: 12 }), { minLength: 5 })
  fc.assert(
    fc.property(texts, wishes, (symbols, configurations) => {
      const model = loadKconfig(treeOf({ Kconfig: symbols.join('') }), { env: new Map() })
      const names = [...model.symbols.keys()].filter(alwaysSet(model))
      always += names.length
      const tryOut = createTryOut(model)
      for (const wished of configurations) {
        const { value } = tryOut(new Map(wished.map((each, at) => [`BOARD_${at}`, each])))
        expect(names.filter((name) => value(name) !== 2)).toEqual([])
      }
    }),
    { numRuns: 300, seed: 1 },
  )
  expect(always).toBeGreaterThan(300)
})
