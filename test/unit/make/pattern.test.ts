import { describe, expect, it } from 'vitest'
import { fillPattern, matchPattern, parsePattern } from '../../../src/make/pattern.ts'

describe('a pattern', () => {
  it('matches what starts and ends like it', () => {
    const pattern = parsePattern('drivers/%.o')
    expect(matchPattern(pattern, 'drivers/usb/hub.o')).toBe('usb/hub')
    expect(matchPattern(pattern, 'drivers/.o')).toBe('')
    expect(matchPattern(pattern, 'drivers.o')).toBeNull()
    expect(matchPattern(parsePattern('aba%aba'), 'aba')).toBeNull()
  })

  it('without a percent sign matches the same text alone', () => {
    expect(matchPattern(parsePattern('hub.o'), 'hub.o')).toBe('')
    expect(matchPattern(parsePattern('hub.o'), 'usbhub.o')).toBeNull()
  })

  it('takes a quoted percent sign as a character, and backslashes before it by halves', () => {
    expect(parsePattern('a\\%b')).toEqual({ prefix: 'a%b', suffix: null })
    expect(parsePattern('a\\\\%b')).toEqual({ prefix: 'a\\', suffix: 'b' })
    expect(parsePattern('a\\%b%c\\%')).toEqual({ prefix: 'a%b', suffix: 'c\\%' })
    expect(parsePattern('a\\b')).toEqual({ prefix: 'a\\b', suffix: null })
  })

  it('is filled at its first percent sign', () => {
    expect(fillPattern(parsePattern('obj/%.%'), 'hub')).toBe('obj/hub.%')
    expect(fillPattern(parsePattern('fixed.h'), 'hub')).toBe('fixed.h')
  })
})
