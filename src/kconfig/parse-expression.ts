import type { CompareOp, Expr, Word } from './syntax.ts'
import { nextToken } from './scan.ts'
import type { Scanner, TokenKind } from './scan.ts'

/** What is wrong with a line; thrown by nobody, returned up to the line's statement. */
export type Failure = {
  readonly kind: 'failure'
  readonly start: number
  readonly end: number
  readonly message: string
}

/** Parentheses and `!` may be nested this deep; the deepest in Linux 6.12 is 4. Deeper is taken for hostile. */
const maxDepth = 100

/**
 * The words of lexer.l that are never names, wherever they stand; `option`, `optional`, `transitional` and the other
 * `source`s are keywords of some kernels only, and only at the start of a line.
 */
const reserved: ReadonlySet<string> = new Set([
  ...['bool', 'choice', 'comment', 'config', 'def_bool', 'def_tristate', 'default', 'depends', 'endchoice', 'endif'],
  ...['endmenu', 'help', 'hex', 'if', 'imply', 'int', 'mainmenu', 'menu', 'menuconfig', 'modules', 'on', 'prompt'],
  ...['range', 'select', 'source', 'string', 'tristate', 'visible'],
])

/** Whether a token is a keyword rather than a name. */
export function isKeyword(word: Word): boolean {
  return !word.quoted && word.parts === null && reserved.has(word.text)
}

export function failAt(scanner: Scanner, message: string): Failure {
  return { kind: 'failure', start: scanner.start, end: Math.max(scanner.end, scanner.start), message }
}

/**
 * The expression that starts at the current token; the scanner stands behind it afterwards. `||` binds weaker than `&&`,
 * comparisons stand between two words alone, and `!` takes the word or comparison that follows (parser.y, `expr`).
 */
export function parseExpr(scanner: Scanner): Expr | Failure {
  return parseChain(scanner, 'or', 0)
}

/** A name or a quoted string, which parser.y calls `symbol`. */
export function parseWord(scanner: Scanner, what: string): Word | Failure {
  const { word } = scanner
  if (word === null) return failAt(scanner, `${what} is missing`)
  if (isKeyword(word)) return failAt(scanner, `\`${word.text}\` is a keyword, and cannot be ${what}`)
  nextToken(scanner)
  return word
}

function parseChain(scanner: Scanner, kind: 'and' | 'or', depth: number): Expr | Failure {
  const separator: TokenKind = kind === 'or' ? '||' : '&&'
  const parseOperand = (): Expr | Failure =>
    kind === 'or' ? parseChain(scanner, 'and', depth) : parseUnary(scanner, depth)
  const first = parseOperand()
  if (first.kind === 'failure' || scanner.kind !== separator) return first
  const operands = [first]
  let { end } = first
  while (scanner.kind === separator) {
    nextToken(scanner)
    const operand = parseOperand()
    if (operand.kind === 'failure') return operand
    operands.push(operand)
    end = operand.end
  }
  return { kind, operands, start: first.start, end }
}

function parseUnary(scanner: Scanner, depth: number): Expr | Failure {
  if (depth >= maxDepth) return failAt(scanner, `this expression is nested deeper than ${maxDepth} levels`)
  const { start } = scanner
  if (scanner.kind === '!') {
    nextToken(scanner)
    const operand = parseUnary(scanner, depth + 1)
    return operand.kind === 'failure' ? operand : { kind: 'not', operand, start, end: operand.end }
  }
  if (scanner.kind === '(') {
    nextToken(scanner)
    const inner = parseChain(scanner, 'or', depth + 1)
    if (inner.kind === 'failure') return inner
    if (!isAt(scanner, ')')) return failAt(scanner, 'a closing parenthesis is missing')
    nextToken(scanner)
    return inner
  }
  return parseComparison(scanner)
}

function parseComparison(scanner: Scanner): Expr | Failure {
  const left = parseWord(scanner, 'a symbol')
  if ('kind' in left) return left
  const op = compareOp(scanner.kind)
  if (op === null) return { kind: 'symbol', word: left, start: left.start, end: left.end }
  nextToken(scanner)
  const right = parseWord(scanner, 'the right side of the comparison')
  if ('kind' in right) return right
  return { kind: 'compare', op, left, right, start: left.start, end: right.end }
}

/** Whether the current token is of a kind; a call, so that the compiler looks anew after `nextToken`. */
function isAt(scanner: Scanner, kind: TokenKind): boolean {
  return scanner.kind === kind
}

function compareOp(kind: TokenKind): CompareOp | null {
  switch (kind) {
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return kind
    default:
      return null
  }
}
