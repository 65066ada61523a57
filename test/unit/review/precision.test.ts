import { describe, expect, it } from 'vitest'
import { countJudged, measuredOf, readPrecision, withWindow, type Precision } from '../../../src/review/precision.ts'

const empty: Precision = { schema: 1, windows: {} }

describe('countJudged', () => {
  it('counts what several versions of a series have once', () => {
    const finding = { rule: 'ms-bare-make', key: '1a', verdict: 'true' } as const
    expect(countJudged([finding, finding, { ...finding, key: '2b' }])).toEqual({
      'ms-bare-make': { true: 2, false: 0, unjudged: 0 },
    })
  })

  it('takes the worst that was said of one, and keeps the rules apart', () => {
    const counts = countJudged([
      { rule: 'ms-bare-make', key: '1a', verdict: 'true' },
      { rule: 'ms-bare-make', key: '1a', verdict: 'unjudged' },
      { rule: 'kc-quiet-cmd', key: '1a', verdict: 'false' },
      { rule: 'kc-quiet-cmd', key: '1a', verdict: 'unjudged' },
    ])
    expect(Object.keys(counts)).toEqual(['kc-quiet-cmd', 'ms-bare-make'])
    expect(counts['ms-bare-make']).toEqual({ true: 0, false: 0, unjudged: 1 })
    expect(counts['kc-quiet-cmd']).toEqual({ true: 0, false: 1, unjudged: 0 })
  })
})

describe('the file of what was measured', () => {
  const first = { tree: 'a1', judged: 900, rules: { 'ms-bare-make': { true: 2, false: 0, unjudged: 1 } } }
  const second = { tree: 'b2', judged: 800, rules: { 'ms-bare-make': { true: 1, false: 1, unjudged: 0 } } }

  it('takes windows in any order to the same bytes, and measures one anew', () => {
    const add = (text: string, name: string, window: typeof first): string =>
      withWindow(readPrecision(JSON.parse(text)), name, window)
    const one = add(withWindow(empty, '2022', first), '2024', second)
    const other = add(add(withWindow(empty, '2024', first), '2022', first), '2024', second)
    expect(other).toBe(one)
    expect(measuredOf(readPrecision(JSON.parse(one)), 'ms-bare-make')).toEqual({ true: 3, false: 1, unjudged: 1 })
  })

  it('tells what was measured on patches from what was on trees', () => {
    const both = withWindow(readPrecision(JSON.parse(withWindow(empty, '2022', first))), 'lint', {
      of: 'tree',
      ...second,
    })
    const precision = readPrecision(JSON.parse(both))
    expect(measuredOf(precision, 'ms-bare-make')).toEqual({ true: 3, false: 1, unjudged: 1 })
    expect(measuredOf(precision, 'ms-bare-make', 'patches')).toEqual({ true: 2, false: 0, unjudged: 1 })
  })

  it('is refused where it is in another form', () => {
    expect(() => readPrecision({ schema: 2, windows: {} })).toThrow()
    expect(() => readPrecision({ schema: 1, windows: { a: { ...first, rules: { x: { true: -1 } } } } })).toThrow()
  })

  it('knows nothing of a rule that never spoke', () => {
    expect(measuredOf(empty, 'ms-bare-make')).toEqual({ true: 0, false: 0, unjudged: 0 })
  })
})
