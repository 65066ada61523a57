import type { Message } from '../../mail/message.ts'
import type { KeptFinding } from '../../store/reviews.ts'
import { isFromProgram, isOwn, type Voices } from './mail.ts'

/** Shorter lines (`endif`, `fi`) are quoted for many reasons. */
const shortestLine = 8

/** So many quoted lines may stand between a line and what is said of it. */
const furtherQuotes = 2

/**
 * The mail of a thread in which somebody else has said what some findings say, by its Message-ID; null where one of them is news. A person
 * has said it who comments below the quoted line; a program that names the file and the line, or its text.
 */
export function saidBefore(
  findings: readonly KeptFinding[],
  thread: readonly Message[],
  voices: Voices,
): string | null {
  const others = thread.filter((message) => message.inReplyTo !== null && !isOwn(message, voices.own))
  const said = findings.map((finding) => others.find((message) => says(message, finding, voices))?.id ?? null)
  return said.length > 0 && said.every((id) => id !== null) ? (said[0] ?? null) : null
}

function says(message: Message, finding: KeptFinding, voices: Voices): boolean {
  return isFromProgram(message, voices) ? names(message.text, finding) : comments(message.text, finding)
}

function names(text: string, { path, line, source }: KeptFinding): boolean {
  if (!text.includes(path)) return false
  const quoted = source.trim()
  return text.includes(`${path}:${line}`) || (quoted.length >= shortestLine && text.includes(quoted))
}

function comments(text: string, { source }: KeptFinding): boolean {
  const wanted = source.trim()
  if (wanted.length < shortestLine) return false
  const lines = text.split('\n')
  return lines.some((line, at) => unquoted(line) === wanted && isAnswered(lines, at))
}

/** A quoted line of a diff as it is in the file; null where it is not quoted. */
function unquoted(line: string): string | null {
  const quoted = /^(?:>[ \t]?){1,8}(.*)$/.exec(line)?.[1]
  return quoted === undefined ? null : quoted.replace(/^[+ -]/, '').trim()
}

/** Whether prose follows a quoted line, with few other quoted lines between them. */
function isAnswered(lines: readonly string[], at: number): boolean {
  let quotes = 0
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === '') continue
    if (!line.startsWith('>')) return true
    quotes += 1
    if (quotes > furtherQuotes) return false
  }
  return false
}
