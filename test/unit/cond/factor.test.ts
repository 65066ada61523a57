import { describe, expect, it } from 'vitest'
import { factor, symbolCount, textOf } from '../../../src/cond/factor.ts'
import type { Formula } from '../../../src/cond/factor.ts'
import { fc } from '../../support/random.ts'

const literals = ['A', '!B', 'C=y', 'D', 'E'] as const

/** Whether a formula holds where these literals do. */
function holds(formula: Formula, set: ReadonlySet<string>): boolean {
  if (typeof formula === 'string') return set.has(formula)
  const parts = formula.parts.map((part) => holds(part, set))
  return formula.operator === '&&' ? parts.every(Boolean) : parts.some(Boolean)
}

const anyTerms = fc.array(fc.uniqueArray(fc.constantFrom(...literals), { minLength: 1 }), {
  minLength: 1,
  maxLength: 6,
})

describe('a condition with common parts taken out', () => {
  it('names them once', () => {
    const text = (terms: readonly (readonly string[])[]): string => textOf(factor(terms, '&&'))
    expect(
      text([
        ['A', 'B'],
        ['A', 'C'],
      ]),
    ).toBe('A || (B && C)')
    expect(text([['A', 'B'], ['A', 'C'], ['D']])).toBe('(A || (B && C)) && D')
    expect(
      textOf(
        factor(
          [
            ['A', 'B'],
            ['A', 'C'],
          ],
          '||',
        ),
      ),
    ).toBe('A && (B || C)')
    expect(text([['A']])).toBe('A')
  })

  it('means the same', () => {
    fc.assert(
      fc.property(anyTerms, fc.subarray([...literals]), fc.constantFrom('&&', '||'), (terms, chosen, operator) => {
        const set = new Set<string>(chosen)
        const plain = terms.map((term) =>
          operator === '&&' ? term.some((each) => set.has(each)) : term.every((each) => set.has(each)),
        )
        const expected = operator === '&&' ? plain.every(Boolean) : plain.some(Boolean)
        expect(holds(factor(terms, operator), set)).toBe(expected)
      }),
    )
  })

  it('counts a symbol once, whichever of its values are asked for', () => {
    expect(symbolCount(['A=y', { operator: '||', parts: ['A != m', '!B'] }])).toBe(2)
  })
})
