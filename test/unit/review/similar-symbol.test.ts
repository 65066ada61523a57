import { describe, expect, it } from 'vitest'
import { similarSymbol } from '../../../src/review/similar-symbol.ts'

describe('similarSymbol', () => {
  it.each([
    ['USB_STORGE', 'USB_STORAGE'],
    ['USB_STORAAGE', 'USB_STORAGE'],
    ['USB_STORAEG', 'USB_STORAGE'],
    ['USB_STOREDGE', null],
    ['USB', null],
  ])('says of %s that %j was meant', (name, meant) => {
    expect(similarSymbol(name, new Set(['USB', 'USB_SERIAL', 'USB_STORAGE']))).toBe(meant)
  })

  it('says nothing where two may be meant, of different lengths', () => {
    expect(similarSymbol('SND_CODECS', new Set(['SND_CODECSX', 'SND_CODEC']))).toBeNull()
  })
})
