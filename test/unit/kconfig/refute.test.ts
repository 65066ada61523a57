import { describe, expect, it } from 'vitest'
import type { Tristate } from '../../../src/kconfig/cells.ts'
import { symbolExpr } from '../../../src/kconfig/condition.ts'
import { linux612, type KconfigDialect } from '../../../src/kconfig/dialect.ts'
import type { Hunt } from '../../../src/kconfig/hunt.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import type { Condition, KconfigModel, KconfigSymbol } from '../../../src/kconfig/model.ts'
import { createRefuter } from '../../../src/kconfig/refute.ts'
import { createTryOut } from '../../../src/kconfig/what-if.ts'
import { randomKconfig } from '../../real/random-kconfig.ts'
import { treeOf } from '../../support/tree.ts'

const model = loadKconfig(
  treeOf({
    Kconfig: `success = $(shell,{ $(1); } && echo y || echo n)

config MODULES
	bool "Modules"
	modules

config ARCH
	def_bool y
	select MEMORY

config MEMORY
	bool

config NO_IO
	bool

config IO
	def_bool !NO_IO

config BUS
	tristate "Bus"

config CLOCK
	tristate "Clock"
	depends on BUS && MEMORY

config GENERIC_CLOCK
	bool "Clock of any kind"
	depends on BUS

config RAIL
	tristate

config CODEC
	tristate "Codec"
	depends on BUS
	select RAIL

config AMPLIFIER
	tristate "Amplifier"
	depends on CLOCK
	select RAIL

config RESET
	bool "Reset"
	depends on IO && MEMORY

config FLAG
	bool
	default y if CODEC = m

choice
	prompt "Board"

config BOARD_ONE
	bool "One"

config BOARD_TWO
	bool "Two"

endchoice

config OF
	bool "Device tree"

config USE_OF
	bool
	select OF

config ARM
	def_bool y
	select USE_OF if !(OLD_BOARD || OLDER_BOARD)

config NEW_CORE
	bool "New core"

config OLD_CORE
	bool "Old core"
	depends on !NEW_CORE

config OLD_BOARD
	bool "Old board"
	depends on OLD_CORE

config OLDER_BOARD
	bool "Older board"
	depends on OLD_CORE

config SANITIZER
	bool "Sanitizer"
	depends on $(success,true)

config CPUS
	int "Processors"

config MANY
	bool "Many"
	depends on CPUS > 64
`,
  }),
  { env: kernelEnvironment('x86_64', 'x86') },
)

const demand = (name: string, least: Tristate, most: Tristate = least) => ({
  condition: symbolExpr(name),
  least,
  most,
})
const refutes = (...wanted: Hunt['wanted']): boolean => createRefuter(model, 'n')({ wanted, except: null }, 2)

describe('createRefuter', () => {
  it('sees that a tristate is no more than what it depends on, and that a bool is y where that is m', () => {
    expect(refutes(demand('BUS', 1), demand('CLOCK', 2))).toBe(true)
    expect(refutes(demand('BUS', 1), demand('CLOCK', 1))).toBe(false)
    expect(refutes(demand('BUS', 1), demand('GENERIC_CLOCK', 2))).toBe(false)
    expect(refutes(demand('BUS', 0), demand('GENERIC_CLOCK', 2))).toBe(true)
  })

  it('sees that m takes modules', () => {
    expect(refutes(demand('MODULES', 0), demand('BUS', 1))).toBe(true)
    expect(refutes(demand('MODULES', 0), demand('BUS', 2))).toBe(false)
  })

  it('sees what is always set, by a default and what that selects', () => {
    expect(refutes(demand('ARCH', 0))).toBe(true)
    expect(refutes(demand('MEMORY', 0))).toBe(true)
    expect(refutes(demand('NO_IO', 2))).toBe(true)
  })

  it('sees that one that nothing raises and nobody is asked about is n, and what hangs on that', () => {
    expect(refutes(demand('IO', 0))).toBe(true)
    expect(refutes(demand('RESET', 2), demand('IO', 0))).toBe(true)
  })

  it('sees that what is selected is set, and that something has to select it', () => {
    expect(refutes(demand('RAIL', 0), demand('CODEC', 1, 2))).toBe(true)
    expect(refutes(demand('RAIL', 1, 2), demand('BUS', 0))).toBe(true)
    expect(refutes(demand('RAIL', 1, 2), demand('CLOCK', 0))).toBe(false)
  })

  it('tries each where one of several is left', () => {
    const either = { kind: 'or', operands: [symbolExpr('CODEC'), symbolExpr('AMPLIFIER')] } as const
    expect(refutes({ condition: either, least: 1, most: 2 }, demand('BUS', 0))).toBe(true)
    expect(refutes({ condition: either, least: 1, most: 2 }, demand('CLOCK', 0))).toBe(false)
    const hunt = { wanted: [{ condition: either, least: 1, most: 2 } as const, demand('BUS', 0)], except: null }
    expect(createRefuter(model, 'n')(hunt, 0)).toBe(false)
    const both = { kind: 'and', operands: [symbolExpr('IO'), symbolExpr('MEMORY')] } as const
    expect(refutes({ condition: both, least: 0, most: 0 })).toBe(true)
  })

  it('tries each of what keeps something that is always set from selecting what is wanted n', () => {
    expect(refutes(demand('OF', 0), demand('NEW_CORE', 2))).toBe(true)
    expect(refutes(demand('OF', 0), demand('OLD_CORE', 2))).toBe(false)
    expect(refutes(demand('OF', 0), demand('OLD_BOARD', 2))).toBe(false)
  })

  it('sees the default that holds for one value alone', () => {
    expect(refutes(demand('CODEC', 1), demand('FLAG', 0))).toBe(true)
    expect(refutes(demand('CODEC', 2), demand('FLAG', 2))).toBe(true)
    expect(refutes(demand('CODEC', 1), demand('FLAG', 2))).toBe(false)
  })

  it('sees that a choice takes one member', () => {
    expect(refutes(demand('BOARD_ONE', 2), demand('BOARD_TWO', 2))).toBe(true)
    expect(refutes(demand('BOARD_TWO', 2))).toBe(false)
  })

  it('leaves open what commands answer where that may be anything, and what numbers are', () => {
    const sanitizer = { wanted: [demand('SANITIZER', 2)], except: null }
    expect(createRefuter(model, 'n')(sanitizer, 2)).toBe(true)
    expect(createRefuter(model, 'any')(sanitizer, 2)).toBe(false)
    expect(refutes(demand('MANY', 2))).toBe(false)
  })

  it('lets the dependencies of one symbol go unmet where that is asked for', () => {
    const wanted = [demand('CLOCK', 1, 2), demand('BUS', 0)]
    const refuter = createRefuter(model, 'n')
    expect(refuter({ wanted, except: null }, 2)).toBe(true)
    expect(refuter({ wanted, except: 'CLOCK' }, 2)).toBe(false)
    expect(refuter({ wanted: [...wanted, demand('AMPLIFIER', 1, 2)], except: 'CLOCK' }, 2)).toBe(false)
  })

  it('says the same of a hunt whatever it was asked before', () => {
    const refuter = createRefuter(model, 'n')
    const hunts = [demand('IO', 0), demand('RESET', 2), demand('BUS', 1), demand('CLOCK', 2)].map((one) => [one])
    const once = hunts.map((wanted) => createRefuter(model, 'n')({ wanted, except: null }, 2))
    expect([...hunts, ...hunts].map((wanted) => refuter({ wanted, except: null }, 2))).toEqual([...once, ...once])
  })
})

const recorded: KconfigDialect = {
  ...linux612,
  choices: 'recorded',
  emptyNumberIsZero: false,
  optionalChoice: true,
  tristateChoice: true,
}

describe.each([
  ['Linux 6.12', linux612],
  ['Linux 6.1', recorded],
] as const)('createRefuter over random Kconfig files of %s', (_, dialect) => {
  it('never refutes what a configuration does, and refutes some of what none was seen to do', () => {
    const sums = { real: 0, unseen: 0, refuted: 0 }
    for (let seed = 1; seed <= 60; seed++) {
      const { kconfig } = randomKconfig(seed, dialect)
      const random = loadKconfig(treeOf({ Kconfig: kconfig }), { env: new Map(), dialect })
      if (isCircular(random)) continue
      const seen = judgeRandom(random, seed)
      expect(seen.wrong, `seed ${seed}\n${kconfig}`).toEqual([])
      for (const key of ['real', 'unseen', 'refuted'] as const) sums[key] += seen[key]
    }
    expect(sums.real).toBeGreaterThan(2000)
    expect(sums.refuted).toBeGreaterThan(sums.unseen / 5)
  })
})

type Seen = {
  readonly wrong: readonly string[]
  readonly real: number
  readonly unseen: number
  readonly refuted: number
}

/** Asks for pairs of values: those that one of many configurations has must not be refuted. */
function judgeRandom(random: KconfigModel, seed: number): Seen {
  const refuter = createRefuter(random, 'n')
  const names = [...random.symbols.values()].filter(({ type }) => type === 'bool' || type === 'tristate')
  const real = pairsSeen(
    random,
    names.map(({ name }) => name),
    seed,
  )
  const wrong: string[] = []
  for (const [key, hunt] of real) if (refuter(hunt, 2)) wrong.push(key)
  const unseen = names.flatMap(({ name: one }) =>
    names.flatMap(({ name: other }) =>
      ([0, 1, 2] as const).flatMap((value) => {
        const key = keyOf(one, 2, other, value)
        return one === other || real.has(`null ${key}`)
          ? []
          : [{ wanted: [demand(one, 2), demand(other, value)], except: null }]
      }),
    ),
  )
  return { wrong, real: real.size, unseen: unseen.length, refuted: unseen.filter((hunt) => refuter(hunt, 2)).length }
}

const keyOf = (one: string, value: Tristate, other: string, otherValue: Tristate): string =>
  `${one}=${value} ${other}=${otherValue}`

/** What some random configurations come to, in each of which the dependencies of at most one symbol are not met. */
function pairsSeen(random: KconfigModel, names: readonly string[], seed: number): ReadonlyMap<string, Hunt> {
  const tryOut = createTryOut(random)
  const seen = new Map<string, Hunt>()
  let state = seed
  const pick = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % limit
  }
  for (let round = 0; round < 120; round++) {
    const wishes = new Map<string, Tristate>()
    for (const name of ['MODULES', ...names]) {
      const value = ([0, 1, 2, 2] as const)[pick(4)] ?? 0
      if (pick(3) > 0) wishes.set(name, value)
    }
    const { value, test } = tryOut(wishes)
    const unmet = names.filter((name) => {
      const symbol = random.symbols.get(name)
      const own = value(name)
      return own > 0 && test(symbol?.dependency ?? null) < (symbol?.type === 'bool' || value('MODULES') === 0 ? 1 : own)
    })
    if (unmet.length > 1) continue
    const [except = null] = unmet
    for (const one of names) {
      const other = names[pick(names.length)] ?? one
      const [left, right] = [value(one), value(other)]
      const hunt = { wanted: [demand(one, left), demand(other, right)], except }
      seen.set(`${except} ${keyOf(one, left, other, right)}`, hunt)
    }
  }
  return seen
}

/** Whether a symbol hangs on itself: conf refuses such files (symbol.c, `sym_check_deps`). */
function isCircular({ symbols, choices }: KconfigModel): boolean {
  const all = new Map([...symbols, ...choices])
  const hangsOn = new Map([...all].map(([name, symbol]) => [name, namesOf(symbol, symbols)]))
  const done = new Set<string>()
  const leadsBack = (name: string, path: readonly string[]): boolean => {
    if (path.includes(name)) return true
    if (done.has(name)) return false
    done.add(name)
    return (hangsOn.get(name) ?? []).some((each) => leadsBack(each, [...path, name]))
  }
  return [...all.keys()].some((name) => leadsBack(name, []))
}

/** What the value of a symbol hangs on; that of a choice on what its members are seen by, and not on them. */
function namesOf(symbol: KconfigSymbol, symbols: KconfigModel['symbols']): readonly string[] {
  const { name, dependency, choice, defaults, ranges, members } = symbol
  const raising = [...symbol.selectedBy, ...symbol.impliedBy]
  const prompts = [symbol, ...members.map((member) => symbols.get(member))].flatMap((each) => each?.prompts ?? [])
  const conditions = [...prompts, ...defaults, ...ranges, ...raising].map(({ condition }) => condition)
  return [
    ...[dependency, ...conditions, ...defaults.map(({ value }) => value)].flatMap(namesIn),
    ...ranges.flatMap(({ low, high }) => [low.name, high.name]),
    ...raising.map(({ from }) => from),
    ...(choice === null ? [] : [choice]),
  ].filter((each) => members.length === 0 || (each !== name && !members.includes(each)))
}

function namesIn(condition: Condition): readonly string[] {
  switch (condition?.kind) {
    case undefined:
      return []
    case 'symbol':
      return [condition.operand.name]
    case 'compare':
      return [condition.left.name, condition.right.name]
    case 'not':
      return namesIn(condition.operand)
    case 'and':
    case 'or':
      return condition.operands.flatMap(namesIn)
  }
}
