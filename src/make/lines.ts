import type { Range } from './cst.ts'
import {
  backslashesBefore,
  BACKSLASH,
  BYTE_ORDER_MARK,
  DOLLAR,
  isBlank,
  isSpace,
  NEWLINE,
  NUL,
  RETURN,
  skipReference,
} from './chars.ts'
import type { Edit, View } from './view.ts'
import { editView, plainView } from './view.ts'

/** A text to be read line by line up to `end`, or a part of one. */
export type Source = { readonly text: string; readonly end: number; readonly hasNul: boolean }

/** A line as make reads it: with the lines that a backslash at the end joins to it (read.c readline()). */
export type LogicalLine = {
  readonly start: number
  /** The offset of the line's end: of `\n`, or of `\r\n`, or of the text. */
  readonly contentEnd: number
  /** The offset of the next line. */
  readonly end: number
  /** The line as make has it in its buffer: no carriage return before a newline, nothing from a NUL to the end of its line. */
  readonly buffer: View
}

/** A part of `text`, to be read from its start. */
export function openSource(text: string, { start, end }: Range): Source {
  return { text, end, hasNul: text.slice(start, end).includes('\0') }
}

/** The logical line that starts at `start`. */
export function readLine(source: Source, start: number): LogicalLine {
  const { text } = source
  const newline = findNewline(source, start)
  const end = newline === -1 ? source.end : newline + 1
  let contentEnd = newline === -1 ? source.end : newline
  if (newline > start && text.charCodeAt(newline - 1) === RETURN) contentEnd--
  const skipped = start === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
  const view = plainView(text, { start: start + skipped, end: contentEnd })
  return { start, contentEnd, end, buffer: isClean(view.text) ? view : editView(view, unreadParts(view.text)) }
}

function isClean(line: string): boolean {
  return !line.includes('\0') && !(line.includes('\r') && line.includes('\n'))
}

/** The offset of the first newline that does not join the next line; -1 where the text ends first. */
function findNewline(source: Source, start: number): number {
  for (let from = start; ;) {
    const newline = source.text.indexOf('\n', from)
    if (newline === -1 || newline >= source.end) return -1
    if (!isJoined(source, from, newline)) return newline
    from = newline + 1
  }
}

/** Whether make reads on behind the newline at `newline` of the line that starts at `start`: after a NUL it does, by oversight. */
function isJoined(source: Source, start: number, newline: number): boolean {
  const { text } = source
  if (source.hasNul) {
    const nul = text.slice(start, newline).indexOf('\0')
    if (nul !== -1) return nul > 0
  }
  const end = newline > start && text.charCodeAt(newline - 1) === RETURN ? newline - 1 : newline
  return backslashesBefore(text, end, start) % 2 === 1
}

/** Carriage returns before a newline, and what stands from a NUL to the end of its line: make never sees it (read.c readline()). */
function unreadParts(line: string): Edit[] {
  const edits: Edit[] = []
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === NUL) {
      const newline = line.indexOf('\n', at)
      const end = newline === -1 ? line.length : newline + 1
      edits.push({ start: at, end, text: '' })
      at = end - 1
    } else if (code === RETURN && line.charCodeAt(at + 1) === NEWLINE) {
      edits.push({ start: at, end: at + 1, text: '' })
    }
  }
  return edits
}

/**
 * The line with its continuations joined: the blanks before the backslash, the newline and the blanks behind it are one space
 * (misc.c collapse_continuations()). Of several backslashes half stay, and then the blanks before them too.
 */
export function joinContinuations(view: View): View {
  const text = view.text
  const edits: Edit[] = []
  for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', newline + 1)) {
    const backslashes = backslashesBefore(text, newline, 0)
    const isLone = backslashes === 1
    const start = newline - backslashes + (backslashes >> 1)
    pushSpace(edits, {
      start: isLone ? skipBlanksBack(text, start, 0) : start,
      end: skipBlanks(text, newline + 1),
    })
  }
  return editView(view, edits)
}

/**
 * A recipe as the shell gets it: a backslash and newline stay, without the recipe prefix behind them; inside a reference they
 * and the blanks around them are one space (GNU make manual 5.1.1; job.c new_job()).
 */
export function joinRecipe(view: View, prefix: string): View {
  const text = view.text
  if (!text.includes('\n')) return view
  const edits: Edit[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === DOLLAR) {
      const end = skipReference(text, at, text.length)
      joinInside(text, { start: at, end }, edits)
      at = end - 1
    } else if (code === NEWLINE && text.charAt(at + 1) === prefix) {
      edits.push({ start: at + 1, end: at + 2, text: '' })
      at++
    }
  }
  return editView(view, edits)
}

function joinInside(text: string, reference: Range, edits: Edit[]): void {
  for (let at = reference.start; at < reference.end; at++) {
    if (text.charCodeAt(at) !== BACKSLASH || text.charCodeAt(at + 1) !== NEWLINE) continue
    if (backslashesBefore(text, at, reference.start) % 2 === 1) continue
    let end = at + 2
    while (end < reference.end && isSpace(text.charCodeAt(end))) end++
    pushSpace(edits, { start: skipBlanksBack(text, at, reference.start), end })
    at = end - 1
  }
}

function pushSpace(edits: Edit[], range: Range): void {
  const last = edits.at(-1)
  if (last !== undefined && last.end >= range.start) edits[edits.length - 1] = { ...last, end: range.end }
  else edits.push({ ...range, text: ' ' })
}

function skipBlanks(text: string, at: number): number {
  while (at < text.length && isBlank(text.charCodeAt(at))) at++
  return at
}

function skipBlanksBack(text: string, at: number, start: number): number {
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--
  return at
}
