import { describe, expect, it } from 'vitest'
import { parseMakefile } from '../../../src/make/parse.ts'
import { tokensOf } from '../../../src/make/print.ts'

function tokensIn(text: string): string[] {
  return tokensOf(parseMakefile(text).nodes).map(
    ({ kind, start, end }) => `${kind} ${JSON.stringify(text.slice(start, end))}`,
  )
}

describe('tokens', () => {
  it('name the modifiers, operator, continuations and comment of an assignment', () => {
    expect(tokensIn(' export obj-y := a.o \\\n\tb.o # c \\\n d\r\n')).toEqual([
      'space " "',
      'keyword "export"',
      'space " "',
      'text "obj-y"',
      'space " "',
      'op ":="',
      'space " "',
      'text "a.o "',
      'continuation "\\\\\\n"',
      'text "\\tb.o "',
      'comment "# c \\\\\\n d"',
      'newline "\\r\\n"',
    ])
  })

  it('name the separators of a rule and the tab of a recipe', () => {
    expect(tokensIn('a &: b | c ; d\n\te\n')).toEqual([
      'text "a"',
      'space " "',
      'op "&:"',
      'space " "',
      'text "b"',
      'space " "',
      'op "|"',
      'space " "',
      'text "c"',
      'space " "',
      'op ";"',
      'space " "',
      'text "d"',
      'newline "\\n"',
      'tab "\\t"',
      'text "e"',
      'newline "\\n"',
    ])
  })

  it('name the keywords and brackets of a conditional, and what is too much', () => {
    expect(tokensIn('ifeq (a, b) c\nelse ifdef D\nendif\n')).toEqual([
      'keyword "ifeq"',
      'space " "',
      'op "("',
      'text "a"',
      'op ","',
      'space " "',
      'text "b"',
      'op ")"',
      'space " "',
      'bad "c"',
      'newline "\\n"',
      'keyword "else"',
      'space " "',
      'keyword "ifdef"',
      'space " "',
      'text "D"',
      'newline "\\n"',
      'keyword "endif"',
      'newline "\\n"',
    ])
  })

  it('name the quotes of a comparison', () => {
    expect(tokensIn(`ifeq "a" ''\nendif`).slice(0, 9)).toEqual([
      'keyword "ifeq"',
      'space " "',
      'op "\\""',
      'text "a"',
      'op "\\""',
      'space " "',
      `op "'"`,
      `op "'"`,
      'newline "\\n"',
    ])
  })

  it('hold what make does not read as bad', () => {
    expect(tokensIn('\0a\n')).toEqual(['bad "\\u0000a"', 'newline "\\n"'])
  })
})
