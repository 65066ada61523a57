import { describe, expect, it } from 'vitest'
import { cutLine, wrapProse } from '../../../src/review/wrap-prose.ts'
import { fc } from '../../support/random.ts'

describe('wrapProse', () => {
  it('fills lines up to the width', () => {
    expect(wrapProse('the boards need their clocks before the timers start', 20)).toEqual([
      'the boards need',
      'their clocks before',
      'the timers start',
    ])
  })

  it('leaves a word that is too long on a line of its own', () => {
    const path = 'arch/riscv/boot/dts/microchip/Makefile'
    expect(wrapProse(`see ${path} there`, 20)).toEqual(['see', path, 'there'])
  })

  it('keeps every word, and no line over the width that has more than one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.integer({ min: 1, max: 80 }), (text, width) => {
        const lines = wrapProse(text, width)
        expect(lines.join(' ').split(' ')).toEqual(text.trim().split(/\s+/))
        for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true)
      }),
    )
  })
})

describe('cutLine', () => {
  it('cuts a long line and shows that it did', () => {
    expect(cutLine('abcdefghij', 10)).toBe('abcdefghij')
    expect(cutLine('abcdefghijk', 10)).toBe('abcdefg...')
  })

  it('leaves no half of a character', () => {
    expect(cutLine(`abcdef\u{1f600}ghijk`, 10).isWellFormed()).toBe(true)
  })
})
