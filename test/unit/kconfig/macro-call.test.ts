import { describe, expect, it } from 'vitest'
import { macroCallsOf, splitClause } from '../../../src/kconfig/macro-call.ts'
import { parseKconfig } from '../../../src/kconfig/parse.ts'
import { wordsOfStatement } from '../../../src/kconfig/words.ts'

describe('splitClause', () => {
  it('splits at commas outside of parentheses and keeps blanks', () => {
    expect(splitClause('cc-option, -mabi=$(call,a,b),-O2')).toEqual(['cc-option', ' -mabi=$(call,a,b)', '-O2'])
    expect(splitClause('ARCH')).toEqual(['ARCH'])
  })
})

describe('macroCallsOf', () => {
  it('finds the calls of a statement where they stand', () => {
    const text =
      'config AS_HAS_WIDGET\n\tbool "a" if $(as-instr,nop)\n\tdefault $(success,test -e $(srctree)/$(ARCH))\n'
    const calls = parseKconfig(text).statements.flatMap(wordsOfStatement).flatMap(macroCallsOf)
    expect(calls.map(({ name, args, start, end }) => [name, args, text.slice(start, end)])).toEqual([
      ['as-instr', ['nop'], '$(as-instr,nop)'],
      ['success', ['test -e $(srctree)/$(ARCH)'], '$(success,test -e $(srctree)/$(ARCH))'],
    ])
  })
})
