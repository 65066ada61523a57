import type { Expr, Part, Range } from './cst.ts'
import {
  closingBracket,
  COLON,
  COMMA,
  DOLLAR,
  EQUALS,
  findClosing,
  findOutside,
  isSpace,
  OPEN_BRACE,
  OPEN_PAREN,
  skipSpace,
} from './chars.ts'
import type { CodeSearch } from './chars.ts'
import type { KnownFunction } from './known-functions.ts'
import { KNOWN_FUNCTIONS } from './known-functions.ts'
import type { View, ViewMap } from './view.ts'
import { rangeOf } from './view.ts'

/** References inside references inside ...: the kernel has 8 at most; a text beyond this is not written by a person. */
const MAX_DEPTH = 64

/** A part and the index in the view behind it. */
type Parsed = { readonly part: Part; readonly next: number }

/** A reference that is being read: `$` at `at`, its text from `inside`, the end of the expression, and how deep it stands. */
type Opening = { readonly at: number; readonly inside: number; readonly end: number; readonly depth: number }

/** The expression in `[start, end)` of a view: literals and references, split as expand.c expand_string_buf() does. */
export function parseExpr(view: View, start: number, end: number): Expr {
  return exprWithin(view, { start, end }, 0)
}

function exprWithin(view: View, { start, end }: Range, depth: number): Expr {
  const { text } = view
  const parts: Part[] = []
  let literalStart = start
  let at = start
  while (at < end) {
    if (text.charCodeAt(at) !== DOLLAR || at + 1 >= end) {
      at++
      continue
    }
    pushLiteral(parts, view, { start: literalStart, end: at })
    const { part, next } = parseReference(view, { at, inside: at + 2, end, depth })
    parts.push(part)
    literalStart = at = next
  }
  pushLiteral(parts, view, { start: literalStart, end })
  return { range: rangeOf(view, start, end), parts }
}

/** One literal a stretch that stands for itself, and one with `cooked` for each stretch that does not. */
function pushLiteral(parts: Part[], view: View, { start, end }: Range): void {
  if (start >= end) return
  if (view.map === null) {
    parts.push({ kind: 'literal', range: rangeOf(view, start, end), cooked: null })
    return
  }
  let from = start
  while (from < end) {
    const to = endOfStretch(view.map, from, end)
    const range = rangeOf(view, from, to)
    const isVerbatim = range.end - range.start === to - from
    parts.push({ kind: 'literal', range, cooked: isVerbatim ? null : view.text.slice(from, to) })
    from = to
  }
}

/** The end of the characters from `from` that either stand for themselves one after the other, or all for the same range. */
function endOfStretch(map: ViewMap, from: number, end: number): number {
  const { starts, ends } = map
  const isReplaced = (ends[from] ?? 0) - (starts[from] ?? 0) !== 1
  let to = from + 1
  if (isReplaced) {
    while (to < end && starts[to] === starts[from]) to++
    return to
  }
  while (to < end && starts[to] === ends[to - 1] && (ends[to] ?? 0) - (starts[to] ?? 0) === 1) to++
  return to
}

function parseReference(view: View, opening: Opening): Parsed {
  const { at, end } = opening
  const code = view.text.charCodeAt(at + 1)
  const whole = rangeOf(view, at, at + 2)
  if (code === DOLLAR) return { part: { kind: 'literal', range: whole, cooked: '$' }, next: at + 2 }
  if (code !== OPEN_PAREN && code !== OPEN_BRACE) {
    return {
      part: { kind: 'variable', range: whole, name: literalExpr(view, { start: at + 1, end: at + 2 }) },
      next: at + 2,
    }
  }
  if (opening.depth >= MAX_DEPTH) return bad(view, { start: at, end }, 'references nested too deeply')
  const known = functionAt(view.text, opening.inside, end)
  return known === null ? parseVariable(view, opening) : parseCall(view, opening, known)
}

function bad(view: View, { start, end }: Range, message: string): Parsed {
  return { part: { kind: 'bad', range: rangeOf(view, start, end), message }, next: end }
}

/** `range` of a view as text in which a dollar is one. */
export function literalExpr(view: View, range: Range): Expr {
  const parts: Part[] = []
  pushLiteral(parts, view, range)
  return { range: rangeOf(view, range.start, range.end), parts }
}

/** The function whose name starts at `at`; null unless white space or the end follows the name (function.c lookup_function()). */
function functionAt(text: string, at: number, end: number): KnownFunction | null {
  let nameEnd = at
  while (nameEnd < end && isFunctionCharacter(text.charCodeAt(nameEnd))) nameEnd++
  if (nameEnd === at || (nameEnd < end && !isSpace(text.charCodeAt(nameEnd)))) return null
  return KNOWN_FUNCTIONS.get(text.slice(at, nameEnd)) ?? null
}

/** A lower-case letter or `-`: no name in the table has any other. */
function isFunctionCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 45
}

function parseCall(view: View, opening: Opening, known: KnownFunction): Parsed {
  const { text } = view
  const { at, end, depth } = opening
  const open = text.charCodeAt(at + 1)
  const start = skipSpace(text, opening.inside + known.name.length, end)
  const close = findClosing(text, start, { open, end })
  if (close === -1) {
    const missing = String.fromCharCode(closingBracket(open))
    return bad(view, { start: at, end }, `unterminated call to function '${known.name}': missing '${missing}'`)
  }
  const args: Expr[] = []
  for (let from = start; from <= close;) {
    const isLast = args.length + 1 === known.max
    const to = isLast ? close : findComma(text, from, { open, end: close })
    args.push(exprWithin(view, { start: from, end: to }, depth + 1))
    from = to + 1
  }
  return { part: { kind: 'call', range: rangeOf(view, at, close + 1), fn: known.name, args }, next: close + 1 }
}

/** The next comma outside brackets of the same kind, or `end` (function.c find_next_argument()). */
function findComma(text: string, from: number, options: { readonly open: number; readonly end: number }): number {
  const close = closingBracket(options.open)
  let depth = 0
  for (let at = from; at < options.end; at++) {
    const code = text.charCodeAt(at)
    if (code === options.open) depth++
    else if (code === close) depth--
    else if (code === COMMA && depth === 0) return at
  }
  return options.end
}

/**
 * `$(name)` or `$(name:from=to)`. Without a `$` inside, the first bracket closes it, whatever was opened before; with one,
 * brackets are counted, and if they do not match, the name ends at the first and the rest is lost (expand.c expand_string_buf()).
 */
function parseVariable(view: View, opening: Opening): Parsed {
  const { text } = view
  const { at, inside, end, depth } = opening
  const open = text.charCodeAt(at + 1)
  const first = findCode(text, inside, { code: closingBracket(open), end })
  if (first === -1) return bad(view, { start: at, end }, 'unterminated variable reference')
  const hasReference = findCode(text, inside, { code: DOLLAR, end: first }) !== -1
  const close = hasReference ? findClosing(text, inside, { open, end }) : first
  if (close === -1) {
    const name = literalExpr(view, { start: inside, end: first })
    return { part: { kind: 'variable', range: rangeOf(view, at, end), name }, next: end }
  }
  const range = rangeOf(view, at, close + 1)
  const colon = findOutside(text, inside, { code: COLON, end: close })
  const equals = colon === -1 ? -1 : findOutside(text, colon + 1, { code: EQUALS, end: close })
  const part = (start: number, stop: number): Expr => exprWithin(view, { start, end: stop }, depth + 1)
  if (equals === -1) return { part: { kind: 'variable', range, name: part(inside, close) }, next: close + 1 }
  const [name, from, to] = [part(inside, colon), part(colon + 1, equals), part(equals + 1, close)]
  return { part: { kind: 'substitution', range, name, from, to }, next: close + 1 }
}

function findCode(text: string, from: number, search: CodeSearch): number {
  for (let at = from; at < search.end; at++) if (text.charCodeAt(at) === search.code) return at
  return -1
}
