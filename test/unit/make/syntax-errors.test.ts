import { describe, expect, it } from 'vitest'
import { parseMakefile } from '../../../src/make/parse.ts'
import { syntaxErrors } from '../../../src/make/syntax-errors.ts'

function errorsIn(text: string): string[] {
  return syntaxErrors(parseMakefile(text)).map(({ message, range, severity }) => {
    const [line] = text.slice(range.start, range.end).split('\n')
    return `${severity}: ${message} at [${line ?? ''}]`
  })
}

describe('syntaxErrors', () => {
  it('finds none in a sound makefile', () => {
    expect(errorsIn('ifdef X\nall: $(a)\n\techo\nelse ifeq (a,b)\ndefine y\nendef\nelse\nendif # x\n')).toEqual([])
  })

  it('says what is unbalanced, at the line that opens it', () => {
    expect(errorsIn('ifdef A\nifdef B\nendif\n')).toEqual(["fatal: missing 'endif' at [ifdef A]"])
    expect(errorsIn('X := 1\ndefine A\nB := 1\n')).toEqual([
      "fatal: missing 'endef', unterminated 'define' at [define A]",
    ])
    expect(errorsIn('ifdef A\nelse\nelse\nendif\nendif\n')).toEqual([
      "fatal: only one 'else' per conditional at [else]",
      "fatal: extraneous 'endif' at [endif]",
    ])
  })

  it('says which text make does not read', () => {
    expect(errorsIn('ifeq (a,b) c\nelse ifeq (a,b) d\nelse e f\nendif g\ndefine h := i\nendef j\n')).toEqual([
      "complaint: extraneous text after 'ifeq' directive at [c]",
      "complaint: extraneous text after 'ifeq' directive at [d]",
      "complaint: extraneous text after 'else' directive at [e f]",
      "complaint: extraneous text after 'endif' directive at [g]",
      "complaint: extraneous text after 'define' directive at [i]",
      "complaint: extraneous text after 'endef' directive at [j]",
    ])
  })

  it('tells references that stop make at once from those that do when they are used', () => {
    expect(errorsIn('A := $(b\nC = $(d\nE += $(f\nall: $(g\n\t$(h\nifeq (a,$(i)\nendif\n')).toEqual([
      'fatal: unterminated variable reference at [$(b]',
      'on use: unterminated variable reference at [$(d]',
      'on use: unterminated variable reference at [$(f]',
      'fatal: unterminated variable reference at [$(g]',
      'on use: unterminated variable reference at [$(h]',
      'fatal: invalid syntax in conditional at [ifeq (a,$(i)]',
    ])
  })

  it('looks into branches', () => {
    expect(errorsIn('ifdef X\nobj-y a.o\nendif\n')).toEqual(['fatal: missing separator at [obj-y a.o]'])
  })
})
