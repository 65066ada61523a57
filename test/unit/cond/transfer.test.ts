import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConditions, never } from '../../../src/cond/conditions.ts'
import { printCond } from '../../../src/cond/print.ts'
import { loadConds, storeConds, transfer } from '../../../src/cond/transfer.ts'
import type { StoredConds } from '../../../src/cond/transfer.ts'
import { anyFormula, assignments, toCond, truthTable, typeOf } from './formula.ts'

/** What a store gives back. */
function throughJson(stored: StoredConds): StoredConds {
  const text = JSON.stringify(stored)
  // JSON.parse gives back what JSON.stringify was given, as this is plain data
  return JSON.parse(text) as StoredConds
}

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

  it('survives JSON', () => {
    fc.assert(
      fc.property(anyFormula, anyFormula, (left, right) => {
        const [from, to] = [createConditions({ typeOf }), createConditions({ typeOf })]
        const stored = storeConds(from, [toCond(from, left), toCond(from, right)])
        const loaded = loadConds(to, throughJson(stored))
        expect(loaded).toEqual([toCond(to, left), toCond(to, right)])
      }),
    )
  })

  it('is moved without recursion when it has thousands of symbols', () => {
    const from = createConditions()
    const names = Array.from({ length: 3000 }, (_, index) => `DRIVER_${index}`)
    for (const name of names) from.isSet(name)
    const any = names.reduceRight((sum, name) => from.or(from.isSet(name), sum), never)
    const to = createConditions()
    const [loaded] = loadConds(to, storeConds(from, [any]))
    expect(to.support(loaded ?? never)).toHaveLength(3000)
    expect(printCond(to, loaded ?? never)).toBe('... (3000 symbols)')
  })
})
