import type { AssignmentOp, Modifier } from './cst.ts'
import { COLON, DOLLAR, endOfWord, EQUALS, HASH, isBlank, skipReference, skipSpace } from './chars.ts'

/** An operator and the end of the name before it, as indexes. */
export type FoundOperator = {
  readonly nameEnd: number
  readonly op: AssignmentOp
  readonly opStart: number
  readonly opEnd: number
}

type FoundModifier = { readonly modifier: Modifier; readonly start: number; readonly end: number }

/** What `findAssignment` found, as indexes into the text. */
export type FoundAssignment =
  | ({
      readonly kind: 'assignment'
      readonly modifiers: readonly FoundModifier[]
      readonly nameStart: number
    } & FoundOperator)
  | {
      readonly kind: 'define' | 'undefine'
      readonly modifiers: readonly FoundModifier[]
      readonly keywordStart: number
      readonly keywordEnd: number
      /** Where the name starts, and an operator after it. */
      readonly rest: number
    }

const MODIFIERS: readonly Modifier[] = ['export', 'unexport', 'override', 'private']

/**
 * Reads `text` from `at` as an assignment, `define` or `undefine`, with the modifiers before it; null where it is none.
 * Asked before any directive, so that a variable may be called `ifdef` or `export` (GNU make read.c parse_var_assignment()).
 * `unexport` is no modifier to 4.3, which takes the line as a list of names to unexport.
 */
export function findAssignment(
  text: string,
  at: number,
  { isTargetSpecific }: { readonly isTargetSpecific: boolean },
): FoundAssignment | null {
  const modifiers: FoundModifier[] = []
  for (let start = skipSpace(text, at); start < text.length;) {
    const operator = findOperator(text, start)
    if (operator !== null) return { kind: 'assignment', modifiers, nameStart: start, ...operator }
    const end = endOfWord(text, start)
    const word = text.slice(start, end)
    const rest = skipSpace(text, end)
    if (!isTargetSpecific && (word === 'define' || word === 'undefine')) {
      return { kind: word, modifiers, keywordStart: start, keywordEnd: end, rest }
    }
    const modifier = MODIFIERS.find((name) => name === word)
    if (modifier === undefined) return null
    modifiers.push({ modifier, start, end })
    start = rest
  }
  return null
}

/**
 * The assignment operator behind the first word from `at`; null where the word is followed by anything else
 * (variable.c parse_variable_definition()). What stands inside references is part of the name; a hash, even a quoted one, is not.
 */
export function findOperator(text: string, at: number): FoundOperator | null {
  let blank = -1
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isBlank(code)) {
      if (blank !== -1) return null
      blank = i
      i = skipSpace(text, i) - 1
      continue
    }
    const op = operatorAt(text, i)
    if (op !== null) return { nameEnd: blank === -1 ? i : blank, op, opStart: i, opEnd: i + op.length }
    if (blank !== -1 || code === COLON || code === HASH) return null
    if (code === DOLLAR) i = skipReference(text, i, text.length) - 1
  }
  return null
}

const TWO_CHARACTERS: ReadonlyMap<string, AssignmentOp> = new Map([
  ['+', '+='],
  ['?', '?='],
  ['!', '!='],
])

function operatorAt(text: string, at: number): AssignmentOp | null {
  const code = text.charCodeAt(at)
  if (code === EQUALS) return '='
  if (code === COLON) {
    if (text.startsWith(':=', at)) return ':='
    if (text.startsWith('::=', at)) return '::='
    return text.startsWith(':::=', at) ? ':::=' : null
  }
  return text.charCodeAt(at + 1) === EQUALS ? (TWO_CHARACTERS.get(text.charAt(at)) ?? null) : null
}
