import type { Range } from '../make/cst.ts'
import { referenceMark, variableName, type Reference, type ShellSource } from './shell-source.ts'

export type Quote = "'" | '"' | null

/**
 * A part of a word; `quote` is the quotes it stands in. `stretch` is what stands inside `$(...)` or backticks, as indices of the
 * source's text. Arithmetic, `$((...))`, is opaque.
 */
export type WordPiece =
  | { readonly kind: 'text'; readonly text: string; readonly quote: Quote }
  | { readonly kind: 'reference'; readonly reference: Reference; readonly quote: Quote }
  | { readonly kind: 'substitution'; readonly stretch: Range; readonly quote: Quote }
  | { readonly kind: 'arithmetic'; readonly quote: Quote }

/** A word of the shell, in the makefile's offsets. */
export type ShellWord = Range & { readonly pieces: readonly WordPiece[] }

/** A place in shell text that is read up to `end`: indices of the source's text. `unclosed` counts what was opened and never closed. */
export type Cursor = { readonly source: ShellSource; at: number; readonly end: number; unclosed: number }

/** After so much that is never closed nobody meant the next to be: searching the rest of the text each time would take long. */
const maxUnclosed = 8

/** `@`, or a command that prints what is done: `$(Q)`, and `$(QUIET_CC)` of tools/scripts/Makefile.include. */
const quietName = /^(?:Q|E|QUIET_\w+)$/

/** Passes what make takes from the start of a recipe line, `@`, `-` and `+`, and the variables that stand for it. */
export function skipMarks(cursor: Cursor): void {
  const { text, makefile, references } = cursor.source
  for (; cursor.at < cursor.end; cursor.at++) {
    if (' \t@+-'.includes(text.charAt(cursor.at))) continue
    const reference = references.get(cursor.at)
    const name = reference === undefined ? null : variableName(reference, makefile)
    if (name === null || !quietName.test(name)) return
  }
}

/** Passes blanks, joined lines and comments. */
export function skipBlanks(cursor: Cursor): void {
  const { text } = cursor.source
  for (; cursor.at < cursor.end; cursor.at++) {
    const character = text.charAt(cursor.at)
    if (character === '\\' && text.charAt(cursor.at + 1) === '\n') cursor.at++
    else if (character === '#') {
      const newline = text.indexOf('\n', cursor.at)
      cursor.at = (newline === -1 || newline > cursor.end ? cursor.end : newline) - 1
    } else if (character !== ' ' && character !== '\t' && character !== '\r') return
  }
}

/** Passes what says nothing; whether there is more. */
export function reachesText(cursor: Cursor): boolean {
  skipBlanks(cursor)
  return cursor.at < cursor.end
}

/** The operators of POSIX (Shell Command Language 2.10.2) and a newline, longest first; a number before `<` or `>` belongs to it. */
const operator = /^(?:&&|\|\||;;|\|&|[0-9]*(?:<<-|<<<|<<|>>|>&|<&|>\||<>|<|>)|&>>?|[\n;&|()])/

/** An operator, and the number of a file before `<` or `>`; null where none is written. */
export type Operator = { readonly text: string; readonly fd: number | null }

/** The operator that stands here, and passes it; null where none does. */
export function readOperator(cursor: Cursor): Operator | null {
  const { source, at, end } = cursor
  const found = operator.exec(source.text.slice(at, Math.min(end, at + 8)))?.[0]
  if (found === undefined) return null
  cursor.at += found.length
  const digits = /^[0-9]*/.exec(found)?.[0] ?? ''
  return { text: found.slice(digits.length), fd: digits === '' ? null : Number(digits) }
}

/** Blanks as the shell has them in the C locale, and the first characters of operators: each of them is passed by somebody. */
const endsWord = /[ \t\r\n;&|()<>]/

/** The word that stands here, and passes it; one without pieces where none does. */
export function readWord(cursor: Cursor): ShellWord {
  const { source, at: first } = cursor
  const pieces: WordPiece[] = []
  const start = source.starts[first] ?? 0
  let quote: Quote = null
  while (cursor.at < cursor.end) {
    const character = source.text.charAt(cursor.at)
    if (quote === null && endsWord.test(character)) break
    if (character === quote) {
      quote = null
      cursor.at++
    } else if (quote === null && (character === "'" || character === '"')) {
      quote = character
      addText(pieces, '', quote)
      cursor.at++
    } else readPiece(cursor, pieces, quote)
  }
  return { start, end: cursor.at > first ? (source.ends[cursor.at - 1] ?? start) : start, pieces }
}

function readPiece(cursor: Cursor, pieces: WordPiece[], quote: Quote): void {
  const { source, at } = cursor
  const character = source.text.charAt(at)
  const reference = character === referenceMark ? source.references.get(at) : undefined
  if (reference) {
    pieces.push({ kind: 'reference', reference, quote })
    cursor.at++
  } else if (quote === "'") takeText(cursor, pieces, { length: 1, quote })
  else if (character === '\\') takeEscape(cursor, pieces, quote)
  else if (character === '`') takeSubstitution(cursor, pieces, { open: 1, close: closingBacktick(cursor), quote })
  else if (source.text.startsWith('$((', at)) takeArithmetic(cursor, pieces, quote)
  else if (source.text.startsWith('$(', at)) {
    takeSubstitution(cursor, pieces, { open: 2, close: closingParen(cursor, at + 2), quote })
  } else takeText(cursor, pieces, { length: 1, quote })
}

function takeText(cursor: Cursor, pieces: WordPiece[], { length, quote }: { length: number; quote: Quote }): void {
  addText(pieces, cursor.source.text.slice(cursor.at, cursor.at + length), quote)
  cursor.at += length
}

function addText(pieces: WordPiece[], text: string, quote: Quote): void {
  const last = pieces.at(-1)
  if (last?.kind === 'text' && last.quote === quote) pieces.pop()
  const before = last?.kind === 'text' && last.quote === quote ? last.text : ''
  pieces.push({ kind: 'text', text: before + text, quote })
}

function takeEscape(cursor: Cursor, pieces: WordPiece[], quote: Quote): void {
  const next = cursor.source.text.charAt(cursor.at + 1)
  if (next !== '\n') addText(pieces, quote === '"' && !'$`"\\'.includes(next) ? `\\${next}` : next, quote)
  cursor.at = Math.min(cursor.at + 2, cursor.end)
}

type Enclosed = { readonly open: number; readonly close: number; readonly quote: Quote }

/** What `$(` or a backtick opens; as text where nothing closes it. */
function takeSubstitution(cursor: Cursor, pieces: WordPiece[], { open, close, quote }: Enclosed): void {
  if (close === -1) {
    cursor.unclosed++
    takeText(cursor, pieces, { length: open, quote })
    return
  }
  pieces.push({ kind: 'substitution', stretch: { start: cursor.at + open, end: close }, quote })
  cursor.at = close + 1
}

function takeArithmetic(cursor: Cursor, pieces: WordPiece[], quote: Quote): void {
  const close = closingParen(cursor, cursor.at + 2)
  pieces.push({ kind: 'arithmetic', quote })
  if (close === -1) cursor.unclosed++
  cursor.at = close === -1 ? cursor.at + 3 : close + 1
}

/** The index of the `)` that closes what was opened before `from`; -1 where none does. Quotes hide brackets. */
function closingParen({ source: { text }, end, unclosed }: Cursor, from: number): number {
  if (unclosed >= maxUnclosed) return -1
  let depth = 1
  for (let at = from; at < end; at++) {
    const character = text.charAt(at)
    if (character === '\\') at++
    else if (character === "'" || character === '"') {
      const close = closingQuote(text, at + 1, character)
      if (close !== -1 && close < end) at = close
    } else if (character === '(') depth++
    else if (character === ')' && --depth === 0) return at
  }
  return -1
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (quote === '"' && text.charAt(at) === '\\') at++
    else if (text.charAt(at) === quote) return at
  }
  return -1
}

function closingBacktick({ source: { text }, at: open, end, unclosed }: Cursor): number {
  if (unclosed >= maxUnclosed) return -1
  for (let at = open + 1; at < end; at++) {
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === '`') return at
  }
  return -1
}

/** The text of a word with its quotes gone; null where it holds anything but text. */
export function literalOf(word: ShellWord): string | null {
  let text = ''
  for (const piece of word.pieces) {
    if (piece.kind !== 'text') return null
    text += piece.text
  }
  return text
}

/** Whether no part of a word is quoted. */
export function isUnquoted(word: ShellWord): boolean {
  return word.pieces.every((piece) => piece.quote === null)
}
