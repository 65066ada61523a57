import { expect, it } from 'vitest'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import type { Condition, KconfigModel } from '../../../src/kconfig/model.ts'
import { settableSymbols } from '../../../src/kconfig/settable-symbols.ts'
import { treeOf } from '../../support/tree.ts'
import { fc } from '../../support/random.ts'

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
  const names = [...model.symbols.keys(), 'ARCH_ELSEWHERE'].filter(settableSymbols(model))
  expect(names.sort()).toEqual(['BOARD', 'EITHER', 'HELPER', 'NAME', 'PRESET', 'USER', 'WITHOUT'])
})

/** What may be set by the definition: all that the rest lets be set, again and again until nothing is added. */
function settableByRounds({ symbols }: KconfigModel): readonly string[] {
  const settable = new Set<string>()
  const may = (condition: Condition): boolean => {
    if (condition?.kind === 'symbol') return settable.has(condition.operand.name) || condition.operand.name === 'y'
    if (condition?.kind === 'and') return condition.operands.every(may)
    return condition?.kind === 'or' ? condition.operands.some(may) : true
  }
  for (let before = -1; settable.size > before;) {
    before = settable.size
    for (const { name, dependency, prompts, defaults, selectedBy, impliedBy } of symbols.values()) {
      const isSet = (raised: typeof selectedBy): boolean =>
        raised.some(({ from, condition }) => settable.has(from) && may(condition))
      const isGiven = prompts.some(({ condition }) => may(condition)) || isSet(impliedBy)
      const isPreset = defaults.some(({ value, condition }) => may(value) && may(condition))
      if (isSet(selectedBy) || (may(dependency) && (isGiven || isPreset))) settable.add(name)
    }
  }
  return [...symbols.keys()].filter((name) => settable.has(name))
}

it('finds the same whichever is asked for first, where symbols hang on each other', () => {
  const name = fc.integer({ min: 0, max: 11 }).map((number) => `BOARD_${number}`)
  const line = fc.oneof(
    fc.tuple(fc.constantFrom('\tselect ', '\timply ', '\tdepends on ', '\tdefault y if ', '\tdefault '), name),
    fc.tuple(name, name).map(([left, right]) => ['\tdepends on ', `${left} || !${right}`] as const),
    fc.tuple(name, name).map(([left, right]) => ['\tprompt "Board" if ', `${left} && ${right}`] as const),
    fc.constant(['\tprompt "Board"', ''] as const),
  )
  const symbol = fc
    .tuple(name, fc.array(line, { maxLength: 3 }))
    .map(([of, lines]) => `config ${of}\n\tbool\n${lines.map((words) => words.join('')).join('\n')}\n`)
  const asked = fc.shuffledSubarray(Array.from({ length: 12 }, (_, number) => `BOARD_${number}`))
  fc.assert(
    fc.property(fc.array(symbol, { maxLength: 16 }), asked, (texts, names) => {
      const one = loadKconfig(treeOf({ Kconfig: texts.join('') }), { env: new Map() })
      const isSettable = settableSymbols(one)
      for (const each of names) isSettable(each)
      expect([...one.symbols.keys()].filter(isSettable)).toEqual(settableByRounds(one))
    }),
    { numRuns: 300 },
  )
})

it('follows symbols that hang on many others, one after the other, in a circle too', () => {
  const text = (last: string): string =>
    Array.from(
      { length: 5000 },
      (_, at) => `config BOARD_${at}\n\tbool "Board"\n\tdepends on ${at === 4999 ? last : `BOARD_${at + 1}`}\n`,
    ).join('')
  const isSettable = (last: string): boolean =>
    settableSymbols(loadKconfig(treeOf({ Kconfig: text(last) }), { env: new Map() }))('BOARD_0')
  expect(['y', 'NOTHING', 'BOARD_0', 'BOARD_2500 || y'].map(isSettable)).toEqual([true, false, false, true])
})
