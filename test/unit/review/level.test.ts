import { describe, expect, it } from 'vitest'
import { describeMeasured, earnedLevel, hears, levelOn, lowerBound, type Level } from '../../../src/review/level.ts'

const rule = { id: 'ko-missing-source' }
const measured = (right: number, wrong: number, unjudged = 0) => ({ true: right, false: wrong, unjudged })

describe('earnedLevel', () => {
  it.each<[string, number, number, Level]>([
    ['a rule that never spoke', 0, 0, 'local'],
    ['two that are right', 2, 0, 'local'],
    ['three that are right', 3, 0, 'mail'],
    ['one wrong of ten', 9, 1, 'local'],
    ['one wrong of twenty', 19, 1, 'mail'],
    ['one wrong of four', 3, 1, 'preview'],
    ['two that are wrong', 0, 2, 'local'],
  ])('lets %s (%i right, %i wrong) speak at level %4$s', (_, right, wrong, level) => {
    expect(earnedLevel(rule, measured(right, wrong))).toBe(level)
  })

  it('keeps a rule off lists while a finding of it has not been read', () => {
    expect(earnedLevel(rule, measured(30, 0, 1))).toBe('local')
  })

  it('keeps a rule that asks to be asked for out of sight, however right it is', () => {
    expect(earnedLevel({ ...rule, preview: true }, measured(30, 0))).toBe('preview')
  })
})

describe('lowerBound', () => {
  it('is where the share that was seen is 1.645 standard deviations off, as Wilson has it', () => {
    for (const [hits, total] of [
      [3, 3],
      [19, 20],
      [2, 7],
    ] as const) {
      const bound = lowerBound(hits, total)
      expect((hits / total - bound) ** 2).toBeCloseTo((1.645 ** 2 * bound * (1 - bound)) / total, 9)
      expect(bound).toBeLessThan(hits / total)
    }
    expect(lowerBound(0, 5)).toBeCloseTo(0, 6)
    expect(lowerBound(0, 0)).toBe(0)
  })
})

describe('levels', () => {
  it('tell a list least and who asks for it all', () => {
    const order: readonly Level[] = ['mail', 'local', 'preview']
    expect(order.map((listener) => order.filter((level) => hears(listener, level)))).toEqual([
      ['mail'],
      ['mail', 'local'],
      ['mail', 'local', 'preview'],
    ])
  })
})

describe('describeMeasured', () => {
  it('counts the right ones among those that were read', () => {
    expect(describeMeasured(measured(0, 0))).toBeNull()
    expect(describeMeasured(measured(9, 1))).toBe('9 of 10')
    expect(describeMeasured(measured(1, 0, 2))).toBe('1 of 1, 2 unread')
  })
})

describe('levelOn', () => {
  const right = { true: 40, false: 0, unjudged: 0 }
  const nothing = { true: 0, false: 0, unjudged: 0 }

  it('lets nobody speak on a list for what was right of trees', () => {
    expect(levelOn(rule, { overall: right, posted: nothing })).toBe('local')
    expect(levelOn(rule, { overall: right, posted: { true: 8, false: 0, unjudged: 0 } })).toBe('mail')
  })

  it('takes a place on lists away for what is wrong of trees', () => {
    expect(levelOn(rule, { overall: { true: 40, false: 20, unjudged: 0 }, posted: right })).toBe('preview')
  })
})
