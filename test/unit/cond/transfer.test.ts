import { describe, expect, it } from 'vitest'
import { createConditions, never } from '../../../src/cond/conditions.ts'
import { printCond } from '../../../src/cond/print.ts'
import { transfer } from '../../../src/cond/transfer.ts'
import { anyFormula, assignments, toCond, truthTable, typeOf } from './formula.ts'
import { fc } from '../../support/random.ts'

describe('a condition in another set of conditions', () => {
  it('holds in the same cases, whatever the order of symbols there', () => {
    fc.assert(
      fc.property(anyFormula, (formula) => {
        const [from, to] = [createConditions({ typeOf }), createConditions({ typeOf })]
        for (const name of ['SMP', 'PCI', 'USB']) to.isSet(name)
        const moved = transfer(from, toCond(from, formula), to)
        expect(assignments.map((each) => to.holds(moved, each))).toEqual(truthTable(formula))
      }),
    )
  })

  it('is moved without recursion when it has thousands of symbols', () => {
    const from = createConditions()
    const names = Array.from({ length: 3000 }, (_, index) => `DRIVER_${index}`)
    for (const name of names) from.isSet(name)
    const any = names.reduceRight((sum, name) => from.or(from.isSet(name), sum), never)
    const to = createConditions()
    const moved = transfer(from, any, to)
    expect(to.support(moved)).toHaveLength(3000)
    expect(printCond(to, moved)).toBe('... (3000 symbols)')
  })
})
