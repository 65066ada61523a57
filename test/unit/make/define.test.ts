import { describe, expect, it } from 'vitest'
import type { Define, Makefile } from '../../../src/make/cst.ts'
import { defineBody, defineValue } from '../../../src/make/define.ts'
import { literalText, textOf } from '../../../src/make/expr-text.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { exprsOf } from '../../../src/make/visit.ts'
import { showExpr } from './shape.ts'

function defineIn(text: string): [Makefile, Define] {
  const makefile = parseMakefile(text)
  const define = makefile.nodes.find((node) => node.kind === 'define')
  if (define === undefined) throw new Error('no define')
  return [makefile, define]
}

describe('defineValue', () => {
  it('joins continuations, and keeps comments, tabs and empty lines, without the last newline', () => {
    const text = 'X := 1\ndefine cmd\n\ta \\\n\t b # c\n\n  d\nendef\n'
    expect(literalText(text, defineValue(...defineIn(text)))).toBe('\ta b # c\n\n  d')
  })

  it('cuts the comment behind an inner endef, as make does', () => {
    const text = 'define a\ndefine b # kept\nendef # cut\nendef\n'
    expect(literalText(text, defineValue(...defineIn(text)))).toBe('define b # kept\nendef ')
  })

  it('reads references over lines', () => {
    const text = 'define rule\n$(foreach d,$(1),\n  $$(d))\nendef\n'
    expect(showExpr(text, defineValue(...defineIn(text)))).toBe('<foreach|d|<1>|\n  $(d)>')
  })

  it('is empty where the body is, and one newline where it is two empty lines', () => {
    expect(literalText('', defineValue(...defineIn('define a\nendef')))).toBe('')
    const text = 'define a\n\n\nendef'
    expect(literalText(text, defineValue(...defineIn(text)))).toBe('\n')
  })

  it('drops carriage returns', () => {
    const text = 'define a\r\nb\r\nc\r\nendef\r\n'
    expect(literalText(text, defineValue(...defineIn(text)))).toBe('b\nc')
  })
})

describe('defineBody', () => {
  it('reads the body as a makefile at its own offsets', () => {
    const text = 'define dtb\n$(1).dtb: $(1).dts\n\t$$(DTC) $$<\nX := y\nendef\n'
    const body = defineBody(...defineIn(text))
    expect(body.nodes.map((node) => node.kind)).toEqual(['rule', 'recipe', 'assignment'])
    expect(body.nodes.flatMap((node) => exprsOf(node).map(({ expr }) => textOf(text, expr)))).toEqual([
      '$(1).dtb',
      '$(1).dts',
      '$$(DTC) $$<',
      'X',
      'y',
    ])
  })
})
