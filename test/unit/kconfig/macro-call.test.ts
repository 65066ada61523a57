import { describe, expect, it } from 'vitest'
import { splitClause } from '../../../src/kconfig/macro-call.ts'

describe('splitClause', () => {
  it('splits at commas outside of parentheses and keeps blanks', () => {
    expect(splitClause('cc-option, -mabi=$(call,a,b),-O2')).toEqual(['cc-option', ' -mabi=$(call,a,b)', '-O2'])
    expect(splitClause('ARCH')).toEqual(['ARCH'])
  })
})
