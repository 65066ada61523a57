import type { Range, Test } from './cst.ts'
import { CLOSE_PAREN, COMMA, endOfExpr, OPEN_PAREN, skipSpace, trimEnd, unitAt } from './chars.ts'
import { parseExpr } from './expr.ts'
import type { Mark } from './tokens.ts'
import { mark } from './tokens.ts'
import type { View } from './view.ts'
import { rangeOf } from './view.ts'

export type TestKeyword = 'ifeq' | 'ifneq' | 'ifdef' | 'ifndef'

/** A test with the marks of its line behind the keyword. */
export type FoundTest = { readonly test: Test; readonly marks: readonly Mark[] }

const SYNTAX = 'invalid syntax in conditional'

/** Where a keyword stands, as indexes, and where its arguments start. */
export type FoundKeyword = { readonly start: number; readonly rest: number }

/** The test that `keyword` and what follows it make (GNU make read.c conditional_line()); `bad` where make stops. */
export function findTest(view: View, keyword: TestKeyword, { start, rest }: FoundKeyword): FoundTest {
  const range = rangeOf(view, start, Math.max(rest, endOfExpr(view.text, rest, view.text.length)))
  if (keyword === 'ifeq' || keyword === 'ifneq') {
    return findComparison(view, rest, { kind: keyword === 'ifeq' ? 'eq' : 'neq', range })
  }
  const end = endOfExpr(view.text, rest, view.text.length)
  const name = parseExpr(view, rest, end)
  const marks = [mark(view, 'text', { start: rest, end })]
  if (isMoreThanOneWord(view.text, rest, end)) return { test: { kind: 'bad', message: SYNTAX, range }, marks }
  return { test: { kind: keyword === 'ifdef' ? 'def' : 'ndef', name, range }, marks }
}

/**
 * Whether text stands behind a blank in `[start, end)`: then make finds more than one word whatever references expand to, for it
 * counts the blank that an empty first word leaves.
 */
function isMoreThanOneWord(text: string, start: number, end: number): boolean {
  let hasBlank = false
  for (let at = start; at < end;) {
    const { kind, next } = unitAt(text, at, end)
    if (kind === 'character' && hasBlank) return true
    if (kind === 'space') hasBlank = true
    at = next
  }
  return false
}

type Comparison = { readonly kind: 'eq' | 'neq'; readonly range: Range }

/** A side of a comparison: its text, without the bracket or quotes, and the index behind what ends it. */
type Side = { readonly start: number; readonly end: number; readonly next: number }

function findComparison(view: View, at: number, { kind, range }: Comparison): FoundTest {
  const { text } = view
  const left = firstSide(text, at)
  const right = left === null ? null : secondSide(text, left.next, text.charCodeAt(at) === OPEN_PAREN)
  if (left === null || right === null) {
    const marks = [mark(view, 'bad', { start: at, end: endOfExpr(text, at, text.length) })]
    return { test: { kind: 'bad', message: SYNTAX, range }, marks }
  }
  const extra = skipSpace(text, right.next)
  const marks = [
    mark(view, 'op', { start: at, end: at + 1 }),
    mark(view, 'text', left),
    mark(view, 'op', { start: left.next - 1, end: left.next }),
    ...(text.charCodeAt(at) === OPEN_PAREN ? [] : [mark(view, 'op', { start: right.start - 1, end: right.start })]),
    mark(view, 'text', right),
    mark(view, 'op', { start: right.next - 1, end: right.next }),
    mark(view, 'bad', { start: extra, end: endOfExpr(text, extra, text.length) }),
  ]
  const sides = { left: parseExpr(view, left.start, left.end), right: parseExpr(view, right.start, right.end) }
  return { test: { kind, ...sides, range }, marks }
}

/**
 * `(a,` or a quoted string. Round brackets hide a comma, braces do not; makes newer than 4.4.1 skip whole references instead (their
 * NEWS). The blanks before the comma do not count; those behind `(` do.
 */
function firstSide(text: string, at: number): Side | null {
  if (text.charCodeAt(at) !== OPEN_PAREN) return quotedSide(text, at)
  let depth = 0
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === OPEN_PAREN) depth++
    else if (code === CLOSE_PAREN) depth--
    else if (code === COMMA && depth <= 0) return { start: at + 1, end: trimEnd(text, at + 1, i), next: i + 1 }
  }
  return null
}

/** `b)` or a quoted string. The blanks before `b` do not count; those before `)` do. */
function secondSide(text: string, at: number, isBracketed: boolean): Side | null {
  const start = skipSpace(text, at)
  if (!isBracketed) return quotedSide(text, start)
  let depth = 0
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === OPEN_PAREN) depth++
    else if (code === CLOSE_PAREN && --depth < 0) return { start, end: i, next: i + 1 }
  }
  return null
}

function quotedSide(text: string, at: number): Side | null {
  const quote = text.charAt(at)
  if (quote !== '"' && quote !== "'") return null
  const end = text.indexOf(quote, at + 1)
  return end === -1 ? null : { start: at + 1, end, next: end + 1 }
}
