import { describe, expect, it } from 'vitest'
import { DiagramTooLarge } from '../../../src/cond/bdd.ts'
import { always, createConditions, never } from '../../../src/cond/conditions.ts'
import type { PartialAssignment } from '../../../src/cond/conditions.ts'
import { anyFormula, assignments, probe, toCond, truthTable, typeOf } from './formula.ts'
import { fc } from '../../support/random.ts'

describe('conditions', () => {
  it('agree with the truth table of any formula', () => {
    fc.assert(
      fc.property(anyFormula, (formula) => {
        const conditions = createConditions({ typeOf })
        const cond = toCond(conditions, formula)
        expect(assignments.map((each) => conditions.holds(cond, each))).toEqual(truthTable(formula))
      }),
    )
  })

  it('are equal numbers exactly where their truth tables are equal', () => {
    fc.assert(
      fc.property(anyFormula, anyFormula, (left, right) => {
        const conditions = createConditions({ typeOf })
        const same = truthTable(left).every((value, index) => value === truthTable(right)[index])
        expect(toCond(conditions, left) === toCond(conditions, right)).toBe(same)
      }),
      { numRuns: 500 },
    )
  })

  it('imply and exclude as their truth tables do', () => {
    fc.assert(
      fc.property(anyFormula, anyFormula, (left, right) => {
        const conditions = createConditions({ typeOf })
        const [a, b] = [toCond(conditions, left), toCond(conditions, right)]
        const [rows, others] = [truthTable(left), truthTable(right)]
        expect(conditions.implies(a, b)).toBe(rows.every((row, index) => !row || others[index] === true))
        expect(conditions.excludes(a, b)).toBe(rows.every((row, index) => !row || others[index] === false))
      }),
    )
  })

  it('keep y, m and n of a symbol apart', () => {
    const conditions = createConditions()
    const [y, m, n] = (['y', 'm', 'n'] as const).map((value) => conditions.symbolIs('USB', value))
    expect(conditions.and(y ?? always, m ?? always)).toBe(never)
    expect(conditions.or(conditions.or(y ?? never, m ?? never), n ?? never)).toBe(always)
    expect(conditions.or(y ?? never, m ?? never)).toBe(conditions.isSet('USB'))
  })

  it('know that a bool is never m', () => {
    const conditions = createConditions({ typeOf })
    expect(conditions.symbolIs('SMP', 'm')).toBe(never)
    expect(conditions.symbolIs('SMP', 'y')).toBe(conditions.isSet('SMP'))
  })

  it('are put together again from what splitting them gives', () => {
    fc.assert(
      fc.property(anyFormula, (formula) => {
        const conditions = createConditions({ typeOf })
        const cond = toCond(conditions, formula)
        const split = conditions.split(cond)
        if (split !== null) expect(conditions.choose(split.variable, split)).toBe(cond)
      }),
    )
  })

  it('choose by the value of a symbol, wherever what is chosen stands in the order', () => {
    const conditions = createConditions({ typeOf })
    const [early, usb] = [conditions.isSet('NET'), conditions.symbolIs('USB', 'y')]
    const late = conditions.isSet('PCI')
    const variable = { kind: 'symbol', name: 'USB', type: 'tristate' } as const
    const chosen = conditions.choose(variable, { low: late, module: early, yes: usb })
    const [isNo, isModule] = [conditions.symbolIs('USB', 'n'), conditions.symbolIs('USB', 'm')]
    const parts = [conditions.and(isNo, late), conditions.and(isModule, early), usb]
    expect(chosen).toBe(parts.reduce((sum, part) => conditions.or(sum, part), never))
  })

  it('specialise to what a partial configuration leaves open', () => {
    const partial: PartialAssignment = { symbol: (name) => (name === 'USB' ? 'm' : null), atom: () => null }
    fc.assert(
      fc.property(anyFormula, (formula) => {
        const conditions = createConditions({ typeOf })
        const left = conditions.specialise(toCond(conditions, formula), partial)
        expect(conditions.support(left)).not.toContainEqual({ kind: 'symbol', name: 'USB', type: 'tristate' })
        for (const each of assignments.filter((one) => one.symbol('USB') === 'm')) {
          expect(conditions.holds(left, each)).toBe(conditions.holds(toCond(conditions, formula), each))
        }
      }),
    )
  })

  it('are the same within the care set after restriction, and canonical', () => {
    fc.assert(
      fc.property(anyFormula, anyFormula, (formula, careFormula) => {
        const conditions = createConditions({ typeOf })
        const [cond, care] = [toCond(conditions, formula), toCond(conditions, careFormula)]
        const restricted = conditions.restrict(cond, care)
        expect(conditions.and(restricted, care)).toBe(conditions.and(cond, care))
        const rows = assignments.map((each) => conditions.holds(restricted, each))
        const rebuilt = assignments.reduce((sum, each, index) => {
          if (rows[index] !== true) return sum
          const parts = [
            conditions.symbolIs('USB', each.symbol('USB')),
            conditions.symbolIs('PCI', each.symbol('PCI')),
            conditions.symbolIs('SMP', each.symbol('SMP')),
            each.atom(probe) ? conditions.atom(probe) : conditions.not(conditions.atom(probe)),
          ]
          return conditions.or(
            sum,
            parts.reduce((all, part) => conditions.and(all, part), always),
          )
        }, never)
        expect(restricted).toBe(rebuilt)
      }),
    )
  })

  it('list what they depend on, and nothing that cancels out', () => {
    const conditions = createConditions({ typeOf })
    const usb = conditions.isSet('USB')
    const both = conditions.and(usb, conditions.or(conditions.isSet('PCI'), conditions.not(conditions.isSet('PCI'))))
    expect(conditions.support(both)).toEqual([{ kind: 'symbol', name: 'USB', type: 'tristate' }])
  })

  it('stay linear in a chain of thousands of symbols, without recursion', () => {
    const conditions = createConditions()
    const names = Array.from({ length: 5000 }, (_, index) => `DRIVER_${index}`)
    for (const name of names) conditions.symbolIs(name, 'y')
    const any = names.reduceRight((sum, name) => conditions.or(conditions.symbolIs(name, 'y'), sum), never)
    expect(conditions.and(any, conditions.not(any))).toBe(never)
    expect(conditions.support(any)).toHaveLength(5000)
  })

  it('say so when a condition grows past the limit, and can still be compared', () => {
    const conditions = createConditions({ maxNodes: 4096 })
    const [usb, pci] = [conditions.isSet('USB'), conditions.isSet('PCI')]
    const both = conditions.and(usb, pci)
    for (let index = 0; index < 20; index++) conditions.isSet(`CORE_${index}`)
    const blowUp = () => {
      let sum = never
      for (let index = 0; index < 20; index++) {
        sum = conditions.or(sum, conditions.and(conditions.isSet(`CORE_${index}`), conditions.isSet(`BOARD_${index}`)))
      }
    }
    expect(blowUp).toThrow(DiagramTooLarge)
    expect(conditions.and(pci, usb)).toBe(both)
    expect(conditions.and(both, usb)).toBe(both)
  })

  it('bound what some work may add, and go on without the bound', () => {
    const conditions = createConditions()
    const chain = (count: number, prefix: string) =>
      Array.from({ length: count }, (_, index) => `${prefix}_${index}`).reduce(
        (sum, name) => conditions.or(sum, conditions.isSet(name)),
        never,
      )
    expect(() => conditions.bounded({ nodes: 1000, steps: 1_000_000 }, () => chain(200, 'BOARD'))).toThrow(
      'a condition needs too many nodes',
    )
    expect(() => conditions.bounded({ nodes: 1_000_000, steps: 1000 }, () => chain(200, 'CODEC'))).toThrow(
      'a condition takes too many steps',
    )
    expect(conditions.support(chain(200, 'CORE'))).toHaveLength(200)
  })

  it('count in outer bounds what is done within inner ones, and other work that is charged', () => {
    const conditions = createConditions()
    const some = (prefix: string) =>
      conditions.bounded({ nodes: 1000, steps: 1000 }, () =>
        conditions.and(conditions.isSet(`${prefix}_A`), conditions.isSet(`${prefix}_B`)),
      )
    expect(conditions.stepsLeft()).toBe(Infinity)
    const left = conditions.bounded({ nodes: 1000, steps: 100 }, () => {
      some('BOARD')
      conditions.charge(90)
      return conditions.stepsLeft()
    })
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(10)
    const overdrawn = () => {
      conditions.charge(1000)
      expect(conditions.stepsLeft()).toBe(0)
      return some('CODEC')
    }
    expect(() => conditions.bounded({ nodes: 1000, steps: 100 }, overdrawn)).toThrow('a condition takes too many steps')
    expect(some('CODEC')).toBe(conditions.and(conditions.isSet('CODEC_A'), conditions.isSet('CODEC_B')))
  })

  it('tell which kinds of atoms they hang on', () => {
    const conditions = createConditions({ typeOf })
    const asked = conditions.and(conditions.isSet('USB'), conditions.atom(probe))
    expect(conditions.hangsOn(asked, 'probe')).toBe(true)
    expect(conditions.hangsOn(asked, 'undecided')).toBe(false)
    expect(conditions.hangsOn(conditions.or(asked, conditions.isSet('USB')), 'probe')).toBe(false)
  })

  it('have the same numbers after they were kept as data', () => {
    fc.assert(
      fc.property(anyFormula, anyFormula, (left, right) => {
        const [before, after] = [createConditions({ typeOf }), createConditions({ typeOf })]
        const cond = toCond(before, left)
        expect(after.restore(before.dump())).toBe(true)
        expect(after.dump()).toEqual(before.dump())
        expect(assignments.map((each) => after.holds(cond, each))).toEqual(truthTable(left))
        expect(toCond(after, right)).toBe(toCond(before, right))
      }),
    )
  })

  it('are not taken over from data that is none of theirs', () => {
    const [smp, usb] = [
      { kind: 'symbol', name: 'SMP', type: 'bool' },
      { kind: 'symbol', name: 'USB', type: 'tristate' },
    ] as const
    const restore = (...nodes: number[]): boolean =>
      createConditions().restore({ variables: [smp, usb], nodes: Int32Array.from(nodes) })
    expect(restore(2, 0, 1, 0, 0, 2)).toBe(true)
    const broken = {
      'not all of a node': [0, 0],
      'a variable that there is not': [4, 0, 1],
      'a negative level': [-1, 0, 1],
      'a bool that is m': [1, 0, 1],
      'both halves the same': [0, 1, 1],
      'a node that comes later': [0, 0, 2],
      'a part that stands above': [0, 0, 1, 2, 0, 2],
      'a node twice': [0, 0, 1, 0, 0, 1],
    }
    for (const [what, nodes] of Object.entries(broken)) expect([what, restore(...nodes)]).toEqual([what, false])
    expect(createConditions().restore({ variables: [smp, smp], nodes: new Int32Array() })).toBe(false)
    const used = createConditions()
    used.isSet('SMP')
    expect(used.restore({ variables: [smp], nodes: new Int32Array() })).toBe(false)
  })
})
