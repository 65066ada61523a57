import type { DiffProblem } from './file-diff.ts'
import { withoutCr, type Lines } from './lines.ts'
import type { HunkHeader, HunkText } from './read-hunks.ts'

/** Where the hunks of a file are looked for; `problems` is added to. */
type Place = { readonly at: number; readonly crlf: boolean; readonly problems: DiffProblem[] }

/**
 * The whole hunks that begin at a line, and the line after them. A hunk with more or fewer lines than its header says,
 * or with lines that no diff has, is left out and becomes a problem at the line where that shows.
 */
export function scanHunks(
  lines: Lines,
  { at: first, crlf, problems }: Place,
): { readonly hunks: readonly HunkText[]; readonly end: number; readonly damaged: boolean } {
  const hunks: HunkText[] = []
  const before = problems.length
  let at = first
  while (at <= lines.count && lines.at(at).startsWith('@@ ')) {
    const result = scanHunk(lines, at, crlf)
    if (result.kind === 'hunk') hunks.push(result.hunk)
    else problems.push(result.problem)
    at = result.kind === 'hunk' ? result.end : endOfDamage(lines, result.end)
    if (result.kind === 'hunk' && isSurplus(lines, at)) {
      problems.push({ line: at, message: 'the hunk goes on after as many lines as its header says' })
      at = endOfDamage(lines, at)
    }
  }
  return { hunks, end: at, damaged: problems.length > before }
}

type HunkResult =
  | { readonly kind: 'hunk'; readonly hunk: HunkText; readonly end: number }
  | { readonly kind: 'damaged'; readonly problem: DiffProblem; readonly end: number }

function scanHunk(lines: Lines, start: number, crlf: boolean): HunkResult {
  const header = parseHunkHeader(lines.at(start))
  if (header === null) return damaged(start, start + 1, 'the header of this hunk cannot be read')
  if (header.oldCount + header.newCount === 0) return damaged(start, start + 1, 'the hunk is empty')
  let oldLeft = header.oldCount
  let newLeft = header.newCount
  const body: string[] = []
  let at = start + 1
  for (; at <= lines.count && (oldLeft > 0 || newLeft > 0); at += 1) {
    const line = crlf ? withoutCr(lines.at(at)) : lines.at(at)
    const kind = kindOf(line)
    if (kind === 'other') break
    if (kind !== 'note') {
      oldLeft -= kind === 'add' ? 0 : 1
      newLeft -= kind === 'delete' ? 0 : 1
      if (oldLeft < 0 || newLeft < 0) {
        return damaged(at, at, `the hunk has other lines than its header says: ${counts(header)}`)
      }
    }
    body.push(line)
  }
  if (oldLeft > 0 || newLeft > 0) return damaged(at, at, cutMessage(lines, at, header))
  if (isNote(lines.at(at))) body.push(lines.at(at++))
  return { kind: 'hunk', hunk: { ...header, patchLine: start, lines: body }, end: at }
}

function damaged(line: number, end: number, message: string): HunkResult {
  return { kind: 'damaged', problem: { line, message }, end }
}

function cutMessage(lines: Lines, at: number, header: HunkHeader): string {
  const next = lines.at(at)
  if (at > lines.count) return `the diff ends inside a hunk: ${counts(header)} are announced`
  if (next.startsWith('@@ ') || next.startsWith('diff ')) return `the hunk is shorter than announced: ${counts(header)}`
  return 'a line inside the hunk is no line of a diff: was it wrapped on the way?'
}

function counts(header: HunkHeader): string {
  return `${header.oldCount} old and ${header.newCount} new lines`
}

/** The numbers of a `@@` line; a missing count is 1. Null where it is none, or a number has more than 9 digits. */
export function parseHunkHeader(line: string): HunkHeader | null {
  const match = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(line)
  if (match === null) return null
  const [all, oldStart = '', oldCount = '1', newStart = '', newCount = '1'] = match
  return {
    oldStart: Number(oldStart),
    oldCount: Number(oldCount),
    newStart: Number(newStart),
    newCount: Number(newCount),
    section: withoutCr(line.slice(all.length)).replace(/^ /, ''),
  }
}

/** An empty line is a context line that lost its blank on the way, as git and GNU patch take it. */
function kindOf(line: string): 'context' | 'add' | 'delete' | 'note' | 'other' {
  if (line === '' || line === '\r' || line.startsWith(' ')) return 'context'
  if (line.startsWith('+')) return 'add'
  if (line.startsWith('-')) return 'delete'
  return isNote(line) ? 'note' : 'other'
}

/** "\ No newline at end of file", in any language (git's apply.c `apply_one_fragment()`: at least 12 characters). */
function isNote(line: string): boolean {
  return line.startsWith('\\ ') && line.length >= 12
}

/** Whether the hunk that ended above `at` has lines beyond its counts. A signature and a rule of dashes are none. */
function isSurplus(lines: Lines, at: number): boolean {
  const line = withoutCr(lines.at(at))
  if (at > lines.count || line === '-- ' || /^-+\s{0,4}$/.test(line)) return false
  if (line.startsWith('--- ')) return !lines.at(at + 1).startsWith('+++ ')
  return kindOf(line) !== 'context' ? kindOf(line) !== 'other' : line.startsWith(' ')
}

/** The next line from `at` on that starts something new: a hunk, a file or the signature. */
function endOfDamage(lines: Lines, at: number): number {
  let end = at
  while (end <= lines.count && !isFresh(lines, end)) end += 1
  return end
}

function isFresh(lines: Lines, at: number): boolean {
  const line = lines.at(at)
  if (line.startsWith('@@ -') || line.startsWith('diff --') || line === '-- ') return true
  return line.startsWith('--- ') && lines.at(at + 1).startsWith('+++ ') && lines.at(at + 2).startsWith('@@ -')
}
