import { describe, expect, it } from 'vitest'
import { solveOnDemand, type Bits, type BitsOf } from '../../../src/kconfig/solve-on-demand.ts'
import { fc } from '../../support/random.ts'

const all = 0b111

/** A set is what is given, and what two others have both, or either. */
type Rule = { readonly given: Bits; readonly kind: 'both' | 'either'; readonly from: readonly [number, number] }

function apply({ given, kind, from }: Rule, ask: BitsOf): Bits {
  const [left, right] = from.map((at) => ask(String(at)))
  if (left === undefined || right === undefined) return given
  return given | (kind === 'both' ? left & right : left | right)
}

/** All sets from nothing, again and again until none grows. */
function solveByRounds(rules: readonly Rule[]): readonly Bits[] {
  let sets = rules.map(() => 0)
  for (let before: readonly Bits[] = []; sets.join() !== before.join();) {
    before = sets
    sets = rules.map((rule) => apply(rule, (name) => before[Number(name)] ?? 0))
  }
  return sets
}

describe('solveOnDemand', () => {
  it('gives the least sets, whichever is asked for first', () => {
    const size = 14
    const at = fc.integer({ min: 0, max: size - 1 })
    const rule = fc.record({
      given: fc.constantFrom(0, 0, 0, 0, 0b001, 0b010, 0b101, all),
      kind: fc.constantFrom('both' as const, 'either' as const),
      from: fc.tuple(at, at),
    })
    const order = fc.shuffledSubarray(
      Array.from({ length: size }, (_, number) => number),
      { minLength: size },
    )
    fc.assert(
      fc.property(fc.array(rule, { minLength: size, maxLength: size }), order, (rules, asked) => {
        const bitsOf = solveOnDemand((name, ask) => {
          const found = rules[Number(name)]
          return found === undefined ? 0 : apply(found, ask)
        }, all)
        const expected = solveByRounds(rules)
        for (const each of asked) expect([each, bitsOf(String(each))]).toEqual([each, expected[each]])
      }),
      { numRuns: 1000 },
    )
  })

  it('asks for no more than decides, and once', () => {
    const asked: string[] = []
    const bitsOf = solveOnDemand((name, ask) => {
      asked.push(name)
      return name === 'driver' ? ask('bus') : all
    }, all)
    expect([bitsOf('driver'), bitsOf('driver'), bitsOf('bus')]).toEqual([all, all, all])
    expect(asked).toEqual(['driver', 'bus'])
  })

  it('follows rows of any length, and round', () => {
    const length = 20_000
    const row = (last: (ask: BitsOf) => Bits): Bits =>
      solveOnDemand((name, ask) => (Number(name) < length ? ask(String(Number(name) + 1)) : last(ask)), all)('0')
    expect(row(() => 0b010)).toBe(0b010)
    expect(row((ask) => ask('0'))).toBe(0)
    expect(row((ask) => ask('7') | 0b100)).toBe(0b100)
  })
})
