import { describe, expect, it } from 'vitest'
import { always, createConditions, never } from '../../../src/cond/conditions.ts'
import { printCond } from '../../../src/cond/print.ts'
import { anyFormula, parsePrinted, probe, symbols, toCond, truthTable, typeOf } from './formula.ts'
import { fc } from '../../support/random.ts'

describe('a printed condition', () => {
  const conditions = createConditions({ typeOf })
  const { symbolIs, isSet, and, or, not } = conditions
  const print = (cond: number): string => printCond(conditions, cond)

  it('reads as a Kconfig expression', () => {
    expect(print(and(isSet('USB'), not(symbolIs('PCI', 'm'))))).toBe('CONFIG_PCI != m && CONFIG_USB')
    expect(print(symbolIs('USB', 'y'))).toBe('CONFIG_USB=y')
    expect(print(symbolIs('SMP', 'y'))).toBe('CONFIG_SMP')
    expect(print(not(isSet('USB')))).toBe('!CONFIG_USB')
    expect(print(not(symbolIs('USB', 'y')))).toBe('CONFIG_USB != y')
    expect(print(and(isSet('USB'), conditions.atom(probe)))).toBe('CONFIG_USB && cc-option(-Wvla)')
  })

  it('takes the shorter of a sum of products and a product of sums', () => {
    const either = or(isSet('SMP'), isSet('PCI'))
    expect(print(and(isSet('USB'), either))).toBe('CONFIG_USB && (CONFIG_PCI || CONFIG_SMP)')
    expect(print(not(and(isSet('USB'), isSet('PCI'))))).toBe('!CONFIG_PCI || !CONFIG_USB')
    expect(print(or(and(isSet('USB'), isSet('SMP')), isSet('PCI')))).toBe('CONFIG_PCI || (CONFIG_SMP && CONFIG_USB)')
  })

  it('names what holds in every case first', () => {
    const cases = or(and(symbolIs('PCI', 'y'), isSet('SMP')), and(symbolIs('PCI', 'm'), not(isSet('SMP'))))
    expect(print(and(symbolIs('USB', 'm'), cases))).toBe(
      'CONFIG_PCI && CONFIG_USB=m && (CONFIG_PCI=m || CONFIG_SMP) && (CONFIG_PCI=y || !CONFIG_SMP)',
    )
  })

  it('is `always` or `never` for the constants', () => {
    expect(print(always)).toBe('always')
    expect(print(never)).toBe('never')
  })

  it('writes that an atom is not so as the atom says', () => {
    const machine = conditions.atom({ kind: 'undecided', key: 'ARCH="arm"', negated: 'ARCH != "arm"' })
    expect(print(conditions.or(not(machine), isSet('USB')))).toBe('ARCH != "arm" || CONFIG_USB')
    expect(print(not(conditions.atom(probe)))).toBe('!cc-option(-Wvla)')
  })

  it('leaves out what is known anyway', () => {
    const neverModule = not(symbolIs('USB', 'm'))
    expect(printCond(conditions, symbolIs('USB', 'y'), { care: neverModule })).toBe('CONFIG_USB')
    expect(printCond(conditions, isSet('USB'), { care: symbolIs('USB', 'y') })).toBe('always')
  })

  it('can leave the prefix out, as Kconfig files do', () => {
    expect(printCond(conditions, symbolIs('USB', 'y'), { prefix: '' })).toBe('USB=y')
  })

  it('means the condition it was made from', () => {
    fc.assert(
      fc.property(anyFormula, (formula) => {
        const cond = toCond(conditions, formula)
        fc.pre(cond !== always && cond !== never)
        expect(truthTable(parsePrinted(printCond(conditions, cond)))).toEqual(truthTable(formula))
      }),
      { numRuns: 1000 },
    )
  })

  it('is right wherever the care set holds', () => {
    fc.assert(
      fc.property(anyFormula, anyFormula, (formula, careFormula) => {
        const [cond, care] = [toCond(conditions, formula), toCond(conditions, careFormula)]
        const text = printCond(conditions, cond, { care })
        fc.pre(text !== 'always' && text !== 'never')
        const inCare = (rows: readonly boolean[]) => rows.filter((_, index) => truthTable(careFormula)[index])
        expect(inCare(truthTable(parsePrinted(text)))).toEqual(inCare(truthTable(formula)))
      }),
      { numRuns: 500 },
    )
  })

  it('does not depend on how or in which order the condition was built', () => {
    fc.assert(
      fc.property(anyFormula, fc.shuffledSubarray([...symbols], { minLength: 3 }), (formula, order) => {
        const other = createConditions({ typeOf })
        other.atom(probe)
        for (const name of order) other.isSet(name)
        expect(printCond(other, toCond(other, formula))).toBe(print(toCond(conditions, formula)))
      }),
      { numRuns: 300 },
    )
  })

  it('counts the symbols that it leaves out where it would be too long, with what holds anyway in front', () => {
    const many = Array.from({ length: 40 }, (_, index) => isSet(`BOARD_${index}`))
    const any = many.reduce((sum, each) => or(sum, each), never)
    expect(print(any)).toBe('... (40 symbols)')
    expect(print(and(isSet('USB'), any))).toBe('CONFIG_USB && ... (40 symbols)')
    const few = many.slice(0, 9).reduce((sum, each) => or(sum, each), never)
    expect(printCond(conditions, few, { maxLength: 60 })).toBe(
      'CONFIG_BOARD_0 || CONFIG_BOARD_1 || CONFIG_BOARD_2 || ... (6 symbols)',
    )
    const all = many.reduce((product, each) => and(product, each), always)
    expect(printCond(conditions, all, { maxLength: 40 })).toBe('CONFIG_BOARD_0 && CONFIG_BOARD_1 && ... (38 symbols)')
  })

  it('takes out what parts have in common where it would be too long', () => {
    const boards = [0, 1, 2, 3].map((index) => isSet(`BOARD_${index}`))
    const [usb, gadget] = [isSet('USB'), isSet('GADGET')]
    const anyBoard = boards.reduce(or, never)
    const cond = and(or(anyBoard, and(usb, gadget)), or(anyBoard, symbolIs('USB', 'm')))
    expect(printCond(conditions, cond, { maxLength: 125 })).toBe(
      'CONFIG_BOARD_0 || CONFIG_BOARD_1 || CONFIG_BOARD_2 || CONFIG_BOARD_3 || (CONFIG_GADGET && CONFIG_USB=m)',
    )
  })
})
