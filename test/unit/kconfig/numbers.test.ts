import { describe, expect, it } from 'vitest'
import { compareValues, isValidValue, readNumber } from '../../../src/kconfig/numbers.ts'

describe('readNumber', () => {
  it('reads what a text starts with, as strtoll does', () => {
    expect(readNumber('42 bits', 10)).toBe(42n)
    expect(readNumber('-7', 10)).toBe(-7n)
    expect(readNumber('text', 10)).toBe(0n)
    expect(readNumber('0x1F', 16)).toBe(31n)
    expect(readNumber('1f', 16)).toBe(31n)
    expect(readNumber('0x', 16)).toBe(0n)
    expect(readNumber('0xffffffffffffffff', 16)).toBe(2n ** 63n - 1n)
  })
})

describe('isValidValue', () => {
  it.each([
    ['int', '0', true],
    ['int', '-12', true],
    ['int', '007', false],
    ['int', '1k', false],
    ['hex', 'beef', true],
    ['hex', '0xBEEF', true],
    ['hex', '0x', false],
    ['string', '', true],
    ['unknown', '1', false],
  ] as const)('of %s `%s`: %s', (type, text, valid) => {
    expect(isValidValue(type, text)).toBe(valid)
  })
})

describe('compareValues', () => {
  const number = (text: string): { text: string; type: 'unknown' } => ({ text, type: 'unknown' })

  it('compares numbers as numbers, whatever their base', () => {
    expect(compareValues({ text: '9', type: 'int' }, '<', number('10'))).toBe(true)
    expect(compareValues({ text: '0x10', type: 'hex' }, '=', number('16'))).toBe(true)
    expect(compareValues(number('010'), '=', number('8'))).toBe(true)
    expect(compareValues({ text: '0xffffffffffffffff', type: 'hex' }, '>', number('1'))).toBe(true)
  })

  it('compares texts where either is no number, and where both are strings', () => {
    expect(compareValues({ text: 'x86', type: 'string' }, '!=', number('x86'))).toBe(false)
    expect(compareValues({ text: '9', type: 'string' }, '<', { text: '10', type: 'string' })).toBe(false)
    expect(compareValues({ text: '', type: 'int' }, '<', number('5'))).toBe(true)
  })

  it('orders n, m and y', () => {
    const tristate = (text: string): { text: string; type: 'tristate' } => ({ text, type: 'tristate' })
    expect(compareValues(tristate('m'), '>', tristate('n'))).toBe(true)
    expect(compareValues(tristate('m'), '>=', tristate('y'))).toBe(false)
  })
})
