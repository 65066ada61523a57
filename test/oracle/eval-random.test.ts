import { describe, expect, it } from 'vitest'
import { compareRandomMakefiles } from './eval/random-makefile.ts'

/** Found, and fixed: 18 and 127 are `$(patsubst)` without a percent sign, of nothing and of two words. */
const seeds = [18, 127, ...Array.from({ length: 10 }, (_, index) => index + 1)]

describe('makefiles by chance', () => {
  it('give every variable the value that GNU make gives it', async () => {
    const { compared, differences, failures } = await compareRandomMakefiles(seeds)
    expect(differences).toEqual([])
    expect(failures).toEqual([])
    expect(compared).toBeGreaterThan(seeds.length * 6 * 5)
  })
})
