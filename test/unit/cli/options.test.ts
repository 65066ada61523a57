import { describe, expect, it } from 'vitest'
import { parseTime } from '../../../src/cli/options.ts'

describe('a time on the command line', () => {
  it.each([
    ['2024-06-01', Date.UTC(2024, 5, 1)],
    ['2024-06-01T12:30', Date.UTC(2024, 5, 1, 12, 30)],
    ['2024-06-01T12:30:05Z', Date.UTC(2024, 5, 1, 12, 30, 5)],
    ['2024-06-01T12:00:00+02:00', Date.UTC(2024, 5, 1, 10)],
  ])('reads %s in UTC unless it names a zone', (text, expected) => {
    expect(parseTime(text)).toBe(expected)
  })

  it.each(['yesterday', '2024-6-1', '2024-13-01', '06/01/2024', ''])('refuses %j', (text) => {
    expect(() => parseTime(text)).toThrow(/2024-06-01/)
  })
})
