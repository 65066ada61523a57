import { lineEnd } from './scan.ts'

const tabWidth = 8

/**
 * Where the help text that starts at an offset (the start of a line) ends: at the first line that is indented less than
 * its first line, or that follows a newline without any indentation (lexer.l, state HELP). As there, a first line without
 * indentation belongs to the text.
 */
export function helpEnd(text: string, start: number): number {
  let indent = 0
  for (let at = start; at < text.length;) {
    const end = lineEnd(text, at)
    const content = skipBlanks(text, at)
    if (content < contentEnd(text, end)) {
      const width = columnOf(text, at, content)
      if (content > at && width < indent) return at
      if (indent === 0) indent = width
    }
    at = end + 1
    if (at < text.length && !isBlankStart(text, at)) return at
  }
  return text.length
}

/** The text of a help property without the indentation of its first line and blanks at line ends; '' where it is blank. */
export function helpText(text: string, help: { readonly textStart: number; readonly end: number }): string {
  const lines = text.slice(help.textStart, help.end).split('\n')
  let indent = 0
  const shown = lines.map((line) => {
    const content = line.trim()
    if (content === '') return ''
    const width = columnOf(line, 0, skipBlanks(line, 0))
    if (indent === 0) indent = width
    return ' '.repeat(Math.max(0, width - indent)) + content
  })
  return shown.join('\n').replace(/^\n+/, '').trimEnd()
}

/** The column that text[start..end), blanks and tabs alone, leads to, counted from 0. */
function columnOf(text: string, start: number, end: number): number {
  let column = 0
  for (let at = start; at < end; at++) {
    column = text.charCodeAt(at) === 9 ? column - (column % tabWidth) + tabWidth : column + 1
  }
  return column
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++
  return at
}

/** The end of a line without the `\r` of a CRLF. */
function contentEnd(text: string, end: number): number {
  return text.charCodeAt(end - 1) === 13 ? end - 1 : end
}

function isBlankStart(text: string, at: number): boolean {
  const char = text.charAt(at)
  return char === ' ' || char === '\t' || char === '\n' || (char === '\r' && text.charAt(at + 1) === '\n')
}
