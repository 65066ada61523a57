import { describe, expect, it } from 'vitest'
import type { Expr } from '../../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../../src/make/expr-text.ts'
import { parseMakefile } from '../../../src/make/parse.ts'

function valueOf(text: string): Expr {
  const [node] = parseMakefile(text).nodes
  if (node?.kind !== 'assignment') throw new Error('no assignment')
  return node.value
}

describe('literalText', () => {
  it('gives the value as make sees it', () => {
    const text = 'X := a \\\n\tb \\# $$c'
    expect(literalText(text, valueOf(text))).toBe('a b # $c')
  })

  it('is unknown where there is a reference', () => {
    const text = 'X := a $(b)'
    expect(literalText(text, valueOf(text))).toBeNull()
  })
})

describe('exprWords', () => {
  it('splits at white space outside references, with the range of each word', () => {
    const text = 'X := a.o $(obj)/b-$(c d).o \\\n\t${e f}\t\\#g$$ # h'
    const words = exprWords(text, valueOf(text))
    expect(words.map((word) => textOf(text, word))).toEqual(['a.o', '$(obj)/b-$(c d).o', '${e f}', '\\#g$$'])
    expect(words.map((word) => literalText(text, word))).toEqual(['a.o', null, null, '#g$'])
  })

  it('gives none for blanks', () => {
    const text = 'X := \\\n \\\n'
    expect(exprWords(text, valueOf(text))).toEqual([])
  })
})
