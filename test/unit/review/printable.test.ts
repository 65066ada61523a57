import { describe, expect, it } from 'vitest'
import { printable } from '../../../src/review/printable.ts'
import { fc } from '../../support/random.ts'

describe('printable', () => {
  it('leaves words, tabs and letters of any script as they are', () => {
    const line = 'obj-y\t+= gate.o # 时钟 é \u{1f600}'
    expect(printable(line)).toBe(line)
  })

  it('spells out what drives a terminal or turns text around', () => {
    expect(printable('a\u001b[31mb\r\n\u0000\u009b\u202e\u2066\u200b\ufeff')).toBe(
      'a\\x1b[31mb\\x0d\\x0a\\x00\\x9b\\u202e\\u2066\\u200b\\ufeff',
    )
  })

  it('is one line of well-formed text, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printable(text)
        expect(shown).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/)
        expect(shown.isWellFormed()).toBe(true)
      }),
    )
  })
})
