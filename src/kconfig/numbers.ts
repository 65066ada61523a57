import type { CompareOp } from './syntax.ts'
import type { SymbolType } from './model.ts'

const greatest = 2n ** 63n - 1n
const least = -(2n ** 63n)

/** C's `strtoll`: the number a text starts with, 0 where it starts with none, at most 64 bits with sign. */
export function readNumber(text: string, base: 10 | 16): bigint {
  const digits = base === 10 ? /^\s*([+-]?)(\d+)/ : /^\s*([+-]?)(?:0[xX](?=[\da-fA-F]))?([\da-fA-F]+)/
  const match = digits.exec(text)
  if (!match) return 0n
  const magnitude = BigInt(base === 10 ? (match[2] ?? '0') : `0x${match[2] ?? '0'}`)
  const value = match[1] === '-' ? -magnitude : magnitude
  return value > greatest ? greatest : value < least ? least : value
}

/** Whether a text is a value for a type, as a .config may give it (symbol.c, `sym_string_valid`). */
export function isValidValue(type: SymbolType, text: string): boolean {
  switch (type) {
    case 'string':
      return true
    case 'int':
      return /^-?(?:0|[1-9]\d*)$/.test(text)
    case 'hex':
      return /^(?:0[xX])?[\da-fA-F]+$/.test(text)
    case 'bool':
    case 'tristate':
      return /^[yYmMnN]/.test(text)
    case 'unknown':
      return false
  }
}

/** A value that is compared: its text, and the type of its symbol. */
export type Comparable = { readonly text: string; readonly type: SymbolType }

/** Whether two values compare as an operator says: as numbers where both are numbers, else as texts (expr.c, `__expr_calc_value`). */
export function compareValues(left: Comparable, op: CompareOp, right: Comparable): boolean {
  const order = orderOf(left, right)
  switch (op) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** Less than, equal to or greater than 0. Texts compare by code units, where C compares bytes: names are ASCII. */
function orderOf(left: Comparable, right: Comparable): number {
  const numbers = left.type === 'string' && right.type === 'string' ? null : [numberOf(left), numberOf(right)]
  const [a, b] = numbers ?? [null, null]
  if (a === null || a === undefined || b === null || b === undefined) {
    return left.text === right.text ? 0 : left.text < right.text ? -1 : 1
  }
  if (left.type !== 'hex' && right.type !== 'hex') return a === b ? 0 : a < b ? -1 : 1
  const [x, y] = [BigInt.asUintN(64, a), BigInt.asUintN(64, b)]
  return x === y ? 0 : x < y ? -1 : 1
}

/** The number that a whole text is, by its type; null where it is none (expr.c, `expr_parse_string`). */
function numberOf({ text, type }: Comparable): bigint | null {
  switch (type) {
    case 'bool':
    case 'tristate':
      return BigInt('nmy'.indexOf(text.length === 1 ? text : '?'))
    case 'int':
      return /^\s*[+-]?\d+$/.test(text) ? inRange(BigInt(text.trim().replace('+', ''))) : null
    case 'hex':
      return unsignedNumber(text)
    case 'string':
    case 'unknown':
      return anyBase(text)
  }
}

function inRange(value: bigint): bigint | null {
  return value > greatest || value < least ? null : value
}

function unsignedNumber(text: string): bigint | null {
  const match = /^\s*([+-]?)(?:0[xX])?([\da-fA-F]+)$/.exec(text)
  if (!match) return null
  const magnitude = BigInt(`0x${match[2] ?? '0'}`)
  return magnitude >= 2n ** 64n ? null : match[1] === '-' ? -magnitude : magnitude
}

/** C's base 0: hexadecimal after `0x`, octal after `0`. */
function anyBase(text: string): bigint | null {
  const match = /^\s*([+-]?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(text)
  if (!match) return null
  const digits = match[2] ?? '0'
  const isOctal = /^0[0-7]+$/.test(digits)
  const magnitude = BigInt(isOctal ? `0o${digits.slice(1)}` : digits)
  return inRange(match[1] === '-' ? -magnitude : magnitude)
}
