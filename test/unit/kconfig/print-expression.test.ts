import { describe, expect, it } from 'vitest'
import { parseKconfig } from '../../../src/kconfig/parse.ts'
import { exprKey, printExpr } from '../../../src/kconfig/print-expression.ts'
import type { Expr } from '../../../src/kconfig/syntax.ts'

function expr(text: string): Expr {
  const [statement] = parseKconfig(`if ${text}\nendif\n`).statements
  if (statement?.kind !== 'if') throw new Error(`no expression: ${text}`)
  return statement.condition
}

describe('printExpr', () => {
  it('writes what parses to the same again', () => {
    for (const text of [
      'A',
      '!A',
      '!(A && B)',
      'A && (B || C)',
      'A || B && !C',
      'A != "x \\"y\\""',
      '!!A',
      '!(A <= 0x10)',
    ]) {
      const printed = printExpr(expr(text))
      expect(exprKey(expr(printed))).toBe(exprKey(expr(text)))
      expect(printExpr(expr(printed))).toBe(printed)
    }
  })
})

describe('exprKey', () => {
  it('is the same for operands in another order, twice, or in parentheses', () => {
    expect(exprKey(expr('(B && A) && B'))).toBe(exprKey(expr('A && B')))
    expect(exprKey(expr('A || A'))).toBe(exprKey(expr('A')))
    expect(exprKey(expr('A && (C || B)'))).toBe(exprKey(expr('(B || C) && A')))
  })

  it('tells a constant from a symbol of that name, except for y, m and n', () => {
    expect(exprKey(expr('ARCH = "um"'))).not.toBe(exprKey(expr('ARCH = um')))
    expect(exprKey(expr('A = "y"'))).toBe(exprKey(expr('A = y')))
  })

  it('tells && from || and a comparison from its negation', () => {
    const keys = ['A && B', 'A || B', 'A = B', 'A != B', '!(A = B)', 'A < B'].map((text) => exprKey(expr(text)))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
