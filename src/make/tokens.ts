import type { Range, Token, TokenKind } from './cst.ts'
import { BACKSLASH, BYTE_ORDER_MARK, HASH, isSpace, NEWLINE, RETURN } from './chars.ts'
import type { LogicalLine } from './lines.ts'
import type { View } from './view.ts'
import { rangeOf } from './view.ts'

/** What the parser knows about a line: sorted, not overlapping. The rest is white space, continuations, a comment, the newline. */
export type Mark = Token

/** A mark of `[start, end)` of a view; an empty one where the end is before the start. */
export function mark(view: View, kind: TokenKind, { start, end }: Range): Mark {
  const range = rangeOf(view, start, Math.max(start, end))
  return { kind, start: range.start, end: range.end }
}

/** The tokens of a line, from its first character to the last of its newline, none missing and none twice. */
export function tokenize(text: string, line: LogicalLine, marks: readonly Mark[]): Token[] {
  const tokens: Token[] = []
  let at = line.start
  for (const mark of marks) {
    if (mark.end <= mark.start) continue
    pushGap(tokens, text, { start: at, end: mark.start })
    if (mark.kind === 'text') pushText(tokens, text, mark)
    else tokens.push(mark)
    at = mark.end
  }
  pushGap(tokens, text, { start: at, end: line.contentEnd })
  if (line.end > line.contentEnd) tokens.push({ kind: 'newline', start: line.contentEnd, end: line.end })
  return tokens
}

/** White space, continuations and a comment; what else is left there make never reads (the rest of a line with a NUL). */
function pushGap(tokens: Token[], text: string, { start, end }: Range): void {
  let at = start
  while (at < end) {
    const from = at
    const code = text.charCodeAt(at)
    const joined = continuationLength(text, at, end)
    if (joined > 0) {
      at += joined
      tokens.push({ kind: 'continuation', start: from, end: at })
    } else if (isSpace(code) || code === BYTE_ORDER_MARK) {
      while (at < end && (isSpace(text.charCodeAt(at)) || text.charCodeAt(at) === BYTE_ORDER_MARK)) at++
      tokens.push({ kind: 'space', start: from, end: at })
    } else {
      at = end
      tokens.push({ kind: code === HASH ? 'comment' : 'bad', start: from, end: at })
    }
  }
}

/** A text, split at its continuations. */
function pushText(tokens: Token[], text: string, { start, end }: Range): void {
  let from = start
  for (
    let newline = text.indexOf('\n', start);
    newline !== -1 && newline < end;
    newline = text.indexOf('\n', newline + 1)
  ) {
    const backslash = text.charCodeAt(newline - 1) === RETURN ? newline - 2 : newline - 1
    if (backslash < from || text.charCodeAt(backslash) !== BACKSLASH) continue
    if (backslash > from) tokens.push({ kind: 'text', start: from, end: backslash })
    tokens.push({ kind: 'continuation', start: backslash, end: newline + 1 })
    from = newline + 1
  }
  if (from < end) tokens.push({ kind: 'text', start: from, end })
}

/** The length of `\` and newline at `at`; 0 where there is none. */
function continuationLength(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) !== BACKSLASH) return 0
  const newline = text.charCodeAt(at + 1) === RETURN ? at + 2 : at + 1
  return newline < end && text.charCodeAt(newline) === NEWLINE ? newline + 1 - at : 0
}
