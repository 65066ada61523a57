import type { Range, SyntaxProblem, Word, WordPart } from './syntax.ts'

/**
 * The tokens of a line. `name` is an unquoted word (keywords are names too: where one may stand is for the parser to
 * know), `end` the end of the line or of the file; the others are spelled as they are written.
 */
export type TokenKind =
  'name' | 'string' | 'end' | '(' | ')' | '!' | '&&' | '||' | '=' | '!=' | '<' | '<=' | '>' | '>=' | ':=' | '+='

/** Reads one file token by token. `kind`, `start`, `end` and `word` describe the current token. */
export type Scanner = {
  readonly text: string
  /** Where the next token is looked for. */
  position: number
  kind: TokenKind
  start: number
  end: number
  /** The end of the token before the current one. */
  previousEnd: number
  /** Set where `kind` is `name` or `string`. */
  word: Word | null
  readonly problems: SyntaxProblem[]
}

const tab = 9
const newline = 10
const carriageReturn = 13
const space = 32
const doubleQuote = 34
const hash = 35
const dollar = 36
const singleQuote = 39
const openParen = 40
const closeParen = 41
const backslash = 92

/** A scanner at the start of a text, before its first token. Problems of the tokens themselves are added to `problems`. */
export function createScanner(text: string, problems: SyntaxProblem[]): Scanner {
  return { text, position: 0, kind: 'end', start: 0, end: 0, previousEnd: 0, word: null, problems }
}

/** Moves to the next token of the line; at the end of the line it stays there, at the `end` token. */
export function nextToken(scanner: Scanner): void {
  scanner.previousEnd = scanner.end
  skipBlank(scanner)
  while (!scanToken(scanner)) {
    const start = scanner.position
    skipIgnored(scanner)
    const ignored = scanner.text.slice(start, scanner.position)
    warn(scanner, { start, end: scanner.position }, `\`${ignored}\` is ignored here`)
    skipBlank(scanner)
  }
}

function scanToken(scanner: Scanner): boolean {
  const { text, position } = scanner
  scanner.start = position
  scanner.word = null
  const code = text.charCodeAt(position)
  if (position >= text.length || code === newline) setToken(scanner, 'end', position)
  else if (code === doubleQuote || code === singleQuote) scanString(scanner, code)
  else if (isWordCode(code) || code === dollar) scanName(scanner)
  else {
    const operator = operatorAt(text, position)
    if (operator === null) return false
    setToken(scanner, operator, position + operator.length)
  }
  return true
}

function operatorAt(text: string, position: number): TokenKind | null {
  const pair = text.slice(position, position + 2)
  switch (pair) {
    case '&&':
    case '||':
    case '!=':
    case '<=':
    case '>=':
    case ':=':
    case '+=':
      return pair
  }
  const single = pair.charAt(0)
  switch (single) {
    case '(':
    case ')':
    case '!':
    case '=':
    case '<':
    case '>':
      return single
  }
  return null
}

/** Moves past the end of the current line, continuation lines included, without a look at what is left of it. */
export function skipLine(scanner: Scanner): void {
  if (scanner.kind !== 'end') skipToEnd(scanner)
  scanner.position = Math.min(scanner.end + 1, scanner.text.length)
}

/** Makes the `end` of the line the current token, without a look at what is left of it. */
export function skipToEnd(scanner: Scanner): void {
  const { text } = scanner
  let end = lineEnd(text, scanner.position)
  while (end < text.length && /\\\r?$/.test(text.slice(end - 2, end))) end = lineEnd(text, end + 1)
  scanner.previousEnd = scanner.end + text.slice(scanner.end, end).trimEnd().length
  scanner.start = end
  scanner.word = null
  setToken(scanner, 'end', end)
}

/** The offset of the end of the line that an offset is in: of its `\n`, or of the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end
}

function setToken(scanner: Scanner, kind: TokenKind, end: number): void {
  scanner.kind = kind
  scanner.end = end
  scanner.position = end
}

/** Skips blanks, comments (which end with the line, whatever their last character) and escaped newlines. */
function skipBlank(scanner: Scanner): void {
  const { text } = scanner
  let at = scanner.position
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === space || code === tab) at++
    else if (code === hash) at = lineEnd(text, at)
    else if (code === backslash && text.charCodeAt(at + 1) === newline) at += 2
    else if (code === backslash && text.startsWith('\r\n', at + 1)) at += 3
    else if (code === carriageReturn && text.charCodeAt(at + 1) === newline) at++
    else break
  }
  scanner.position = at
}

/** Skips a run of characters that no token starts with; at least one, so that reading always goes on. */
function skipIgnored(scanner: Scanner): void {
  const { text } = scanner
  let at = scanner.position + 1
  while (at < text.length && !startsToken(text, at)) at++
  scanner.position = at
}

function startsToken(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return isWordCode(code) || '$"\'# \t\r\n\\'.includes(text.charAt(at)) || operatorAt(text, at) !== null
}

function warn(scanner: Scanner, at: Range, message: string): void {
  scanner.problems.push({ kind: 'warning', start: at.start, end: at.end, message })
}

/** Letters, digits, `_` and `-`: lexer.l, `n`. */
function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  )
}

function scanName(scanner: Scanner): void {
  const { text } = scanner
  const start = scanner.position
  let at = start
  let parts: WordPart[] | null = null
  let literal = start
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isWordCode(code)) continue
    if (code !== dollar) break
    const end = macroEnd(scanner, at)
    if (end === null) continue
    parts ??= []
    if (literal < at) parts.push({ kind: 'text', text: text.slice(literal, at) })
    parts.push({ kind: 'macro', text: macroText(text, at, end), start: at, end })
    literal = end
    at = end - 1
  }
  if (parts && literal < at) parts.push({ kind: 'text', text: text.slice(literal, at) })
  scanner.word = { start, end: at, quoted: false, text: text.slice(start, at), parts }
  setToken(scanner, 'name', at)
}

/**
 * Where the `$(...)` at an offset ends, past its `)`; null where `$` stands for itself. Parentheses are counted without
 * regard to quotes, and the reference must end on its line (preprocess.c, `expand_dollar_with_args`): one that does not
 * is reported, and taken to end with the line.
 */
function macroEnd(scanner: Scanner, at: number): number | null {
  const { text } = scanner
  if (text.charCodeAt(at + 1) !== openParen) return null
  const end = lineEnd(text, at)
  let depth = 0
  for (let i = at + 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === openParen) depth++
    else if (code === closeParen && --depth === 0) return i + 1
  }
  scanner.problems.push({ kind: 'error', start: at, end: at + 2, message: 'this macro call is not closed on its line' })
  return end
}

function macroText(text: string, at: number, end: number): string {
  return text.slice(at + 2, text.charCodeAt(end - 1) === closeParen ? end - 1 : end)
}

function scanString(scanner: Scanner, quote: number): void {
  const { text } = scanner
  const start = scanner.position
  const parts: WordPart[] = []
  let value = ''
  let whole = ''
  let literal = start + 1
  let at = literal
  const flush = (): void => {
    value += text.slice(literal, at)
  }
  for (; ; at++) {
    const code = text.charCodeAt(at)
    if (at >= text.length || code === newline || code === quote) break
    if (code === backslash) {
      flush()
      literal = at + 1
      if (text.charCodeAt(at + 1) !== newline) at++
    } else if (code === dollar) {
      const end = macroEnd(scanner, at)
      if (end === null) continue
      flush()
      if (value !== '') parts.push({ kind: 'text', text: value })
      parts.push({ kind: 'macro', text: macroText(text, at, end), start: at, end })
      whole += value + text.slice(at, end)
      value = ''
      literal = end
      at = end - 1
    }
  }
  flush()
  const closed = at < text.length && text.charCodeAt(at) === quote
  if (!closed) warn(scanner, { start, end: at }, 'this string is not closed on its line')
  const end = closed ? at + 1 : at
  if (parts.length > 0 && value !== '') parts.push({ kind: 'text', text: value })
  scanner.word = { start, end, quoted: true, text: whole + value, parts: parts.length > 0 ? parts : null }
  setToken(scanner, 'string', end)
}
