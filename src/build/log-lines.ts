import { printable } from '../review/printable.ts'

/** A line of a log, fit to be shown: no escapes, no control characters but tabs, never longer than the limit. */
export type LogLine = {
  /** 1-based, counted in the log as it was printed. */
  readonly number: number
  readonly text: string
}

/** What is read of a log at most. */
export type LogLimits = {
  /** Characters of a line; what follows is left out, and the line ends in `…`. */
  readonly lineLength: number
  /** Lines of a log; those after them are not read. */
  readonly lines: number
}

/** A command of `make V=1` is the longest line that is of use; a verbose build of everything has 200,000 of them. */
export const logLimits: LogLimits = { lineLength: 4096, lines: 1_000_000 }

/**
 * Cuts what a build printed, as it comes in, into harmless lines. Memory is bounded by the longest chunk and one line:
 * nothing of a line beyond the limit is kept, however long it grows.
 */
export function* readLines(chunks: Iterable<string>, limits: LogLimits = logLimits): Generator<LogLine> {
  let number = 0
  let held = ''
  let isCut = false
  const keep = (part: string): void => {
    const room = limits.lineLength - held.length
    isCut ||= part.length > room
    held += part.slice(0, Math.max(0, room))
  }
  const take = (): LogLine => {
    const text = harmless(held) + (isCut ? '…' : '')
    held = ''
    isCut = false
    return { number, text }
  }
  for (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      keep(chunk.slice(start, end))
      start = end + 1
      if (++number > limits.lines) return
      yield take()
    }
    keep(chunk.slice(start))
  }
  number++
  if (held !== '' && number <= limits.lines) yield take()
}

/**
 * Escape sequences of ECMA-48: CSI (§5.4) with its parameters, OSC and the other strings up to their end (§5.6), and those
 * of two characters. No class holds the character that begins a sequence, so that each is scanned once.
 */
const escapes =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g

/** A line without what colours it or drives a terminal; what else is unsafe in it is spelled out. */
function harmless(line: string): string {
  const ended = line.endsWith('\r') ? line.slice(0, -1) : line
  return printable(ended.replace(escapes, ''))
}
