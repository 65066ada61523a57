/** Character classes and scanning as GNU make does it: bytes of the C locale, never Unicode white space (makeint.h, main.c initialize_stopchar_map()). */

export const NUL = 0
export const TAB = 9
export const NEWLINE = 10
export const RETURN = 13
const SPACE = 32
export const HASH = 35
export const DOLLAR = 36
export const OPEN_PAREN = 40
export const CLOSE_PAREN = 41
export const COMMA = 44
export const COLON = 58
export const EQUALS = 61
export const BACKSLASH = 92
export const OPEN_BRACE = 123
export const BAR = 124
export const CLOSE_BRACE = 125
/** U+FEFF, which make skips at the start of a file (read.c eval()). */
export const BYTE_ORDER_MARK = 0xfeff

/** Space or tab (`ISBLANK`). */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

/** Space, tab, newline, vertical tab, form feed, carriage return (`ISSPACE`). */
export function isSpace(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= RETURN)
}

/** The index of the first character at or after `at` that is no white space (`NEXT_TOKEN`), at most `end`. */
export function skipSpace(text: string, at: number, end = text.length): number {
  while (at < end && isSpace(text.charCodeAt(at))) at++
  return at
}

/** Whether there is nothing in `text` but white space. */
export function isAllSpace(text: string): boolean {
  return skipSpace(text, 0) === text.length
}

/** The index behind the word that starts at `at` (`end_of_token`). */
export function endOfWord(text: string, at: number): number {
  while (at < text.length && !isSpace(text.charCodeAt(at))) at++
  return at
}

/** Whether `word` stands at `at` with a blank or the end behind it. */
export function isDirective(text: string, at: number, word: string): boolean {
  const end = at + word.length
  return text.startsWith(word, at) && (end === text.length || isBlank(text.charCodeAt(end)))
}

/** `end`, less the spaces and tabs before it, not below `start`. */
export function trimEnd(text: string, start: number, end: number): number {
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return end
}

/** The same, but for a blank behind `$`, with which it is a reference: to the variable whose name is that blank. */
export function endOfExpr(text: string, start: number, end: number): number {
  const trimmed = trimEnd(text, start, end)
  let dollars = 0
  while (trimmed - dollars > start && text.charCodeAt(trimmed - dollars - 1) === DOLLAR) dollars++
  return trimmed < end && dollars % 2 === 1 ? trimmed + 1 : trimmed
}

/** How many backslashes stand directly before `at`, not counting any before `start`. */
export function backslashesBefore(text: string, at: number, start: number): number {
  let count = 0
  while (at - count > start && text.charCodeAt(at - count - 1) === BACKSLASH) count++
  return count
}

/** The bracket that closes `open`, or 0 where `open` is none. */
export function closingBracket(open: number): number {
  if (open === OPEN_PAREN) return CLOSE_PAREN
  return open === OPEN_BRACE ? CLOSE_BRACE : 0
}

/**
 * The index of the bracket that closes `open`, searched from behind it and counting brackets of the same kind alone,
 * as make does everywhere (function.c handle_function()); -1 where the text up to `end` has none.
 */
export function findClosing(
  text: string,
  from: number,
  options: { readonly open: number; readonly end: number },
): number {
  const close = closingBracket(options.open)
  let depth = 0
  for (let at = from; at < options.end; at++) {
    const code = text.charCodeAt(at)
    if (code === options.open) depth++
    else if (code === close && --depth < 0) return at
  }
  return -1
}

/** The index behind the reference whose `$` is at `at`: `$(...)`, `${...}`, `$x`; `end` where it does not close. */
export function skipReference(text: string, at: number, end: number): number {
  const open = text.charCodeAt(at + 1)
  if (at + 1 >= end) return end
  if (open !== OPEN_PAREN && open !== OPEN_BRACE) return at + 2
  const close = findClosing(text, at + 2, { open, end })
  return close === -1 ? end : close + 1
}

/** A character to search for, up to an index. */
export type CodeSearch = { readonly code: number; readonly end: number }

/** The index of the first such character outside references; -1 where there is none. */
export function findOutside(text: string, from: number, { code, end }: CodeSearch): number {
  for (let at = from; at < end; at++) {
    const found = text.charCodeAt(at)
    if (found === code) return at
    if (found === DOLLAR) at = skipReference(text, at, end) - 1
  }
  return -1
}

/** White space, a reference, or a character that stands for itself (`$$` for a dollar), and the index behind it. */
export type Unit = { readonly kind: 'space' | 'reference' | 'character'; readonly next: number }

/** What stands at `at`. */
export function unitAt(text: string, at: number, end: number): Unit {
  const code = text.charCodeAt(at)
  if (isSpace(code)) return { kind: 'space', next: at + 1 }
  if (code !== DOLLAR || at + 1 >= end) return { kind: 'character', next: at + 1 }
  const isDollar = text.charCodeAt(at + 1) === DOLLAR
  return { kind: isDollar ? 'character' : 'reference', next: skipReference(text, at, end) }
}
