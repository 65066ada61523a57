import type { DiffProblem } from './file-diff.ts'
import { scanHunks } from './scan-hunks.ts'
import type { HunkText } from './read-hunks.ts'
import { splitLines, withoutCr, type Lines } from './lines.ts'

/** The header lines that a diff writes above the hunks of one file, unparsed but for their keyword. */
export type SectionHeader = {
  /** What follows `diff --git `; null for a diff that git did not make. */
  readonly git: string | null
  /** What follows `--- ` and `+++ `. */
  readonly minus: string | null
  readonly plus: string | null
  /** git's extended header lines by keyword (`old mode`, `rename from`, `index`...): what follows it. */
  readonly extended: ReadonlyMap<string, string>
}

/** One file's part of a diff, as text. Lines are 1-based; `end` is the line after the last. */
export type Section = {
  readonly header: SectionHeader
  /** The line of `Index:` or `diff`, where one precedes `---`. */
  readonly start: number
  /** The line of `diff --git`, or of `---`. */
  readonly patchLine: number
  readonly end: number
  readonly hunks: readonly HunkText[]
  readonly binary: boolean
  /** A hunk of it became a problem. */
  readonly damaged: boolean
  /** The lines end in CRLF, the header's too: the mail does, not the file. */
  readonly crlf: boolean
}

/** What of a text is a diff. `start` is the line where it begins, refused parts included; null where there is none. */
export type Scan = {
  readonly sections: readonly Section[]
  readonly problems: readonly DiffProblem[]
  readonly start: number | null
}

/**
 * Finds the diff in a text as git's apply.c `find_header()` does: prose around it is passed over, a `--- ` line counts
 * only where `+++ ` and `@@ -` follow, a `diff --git` line only where a header line follows. Linear in the text.
 */
export function scanDiff(text: string): Scan {
  const lines = splitLines(text)
  const sections: Section[] = []
  const problems: DiffProblem[] = []
  let refused: number | null = null
  let at = 1
  while (at <= lines.count) {
    const line = lines.at(at)
    const section = readSection(lines, at, problems)
    if (section !== null) sections.push(section)
    else if (isCombined(line)) {
      problems.push({ line: at, message: 'a combined diff of a merge cannot be applied' })
      refused ??= at
    } else if (sections.length > 0 && refused === null && /^@@ -\d/.test(line)) {
      problems.push({ line: at, message: 'a hunk stands without the header of its file' })
    }
    at = section === null ? at + 1 : section.end
  }
  const starts = [sections[0]?.start, refused].filter((line) => line !== null && line !== undefined)
  return { sections, problems, start: starts.length === 0 ? null : Math.min(...starts) }
}

function isCombined(line: string): boolean {
  return line.startsWith('diff --cc ') || line.startsWith('diff --combined ')
}

function readSection(lines: Lines, at: number, problems: DiffProblem[]): Section | null {
  const line = lines.at(at)
  if (line.startsWith('diff --git ')) return readGitSection(lines, at, problems)
  if (line.startsWith('--- ') && isTraditionalHeader(lines, at)) return readTraditionalSection(lines, at, problems)
  return null
}

function isTraditionalHeader(lines: Lines, at: number): boolean {
  return lines.at(at + 1).startsWith('+++ ') && lines.at(at + 2).startsWith('@@ -')
}

function readTraditionalSection(lines: Lines, at: number, problems: DiffProblem[]): Section {
  const crlf = lines.at(at).endsWith('\r')
  const header = {
    git: null,
    minus: withoutCr(lines.at(at).slice(4)),
    plus: withoutCr(lines.at(at + 1).slice(4)),
    extended: new Map<string, string>(),
  }
  const { hunks, end, damaged } = scanHunks(lines, { at: at + 2, crlf, problems })
  return { header, start: startOfPreamble(lines, at), patchLine: at, end, hunks, binary: false, damaged, crlf }
}

/** The lines that `diff -r`, quilt and Subversion put above `---`. */
function startOfPreamble(lines: Lines, at: number): number {
  const isPreamble = (line: string): boolean => /^(?:diff -|Index: |={20})/.test(line)
  let start = at
  while (start > 1 && isPreamble(lines.at(start - 1))) start -= 1
  return start
}

const extendedKeywords = [
  'old mode',
  'new mode',
  'deleted file mode',
  'new file mode',
  'copy from',
  'copy to',
  'rename from',
  'rename to',
  'similarity index',
  'dissimilarity index',
  'index',
]

function readGitSection(lines: Lines, start: number, problems: DiffProblem[]): Section | null {
  const crlf = lines.at(start).endsWith('\r')
  const extended = new Map<string, string>()
  let minus: string | null = null
  let plus: string | null = null
  let at = start + 1
  for (; at <= lines.count; at += 1) {
    const line = withoutCr(lines.at(at))
    const keyword = extendedKeywords.find((word) => line.startsWith(`${word} `))
    if (keyword !== undefined) extended.set(keyword, line.slice(keyword.length + 1))
    else if (minus === null && line.startsWith('--- ') && lines.at(at + 1).startsWith('+++ ')) minus = line.slice(4)
    else if (minus !== null && plus === null && line.startsWith('+++ ')) plus = line.slice(4)
    else break
  }
  if (at === start + 1) return null
  const header = { git: withoutCr(lines.at(start).slice('diff --git '.length)), minus, plus, extended }
  const binaryEnd = endOfBinary(lines, at)
  if (binaryEnd !== null) {
    return { header, start, patchLine: start, end: binaryEnd, hunks: [], binary: true, damaged: false, crlf }
  }
  const { hunks, end, damaged } = scanHunks(lines, { at, crlf, problems })
  return { header, start, patchLine: start, end, hunks, binary: false, damaged, crlf }
}

/** The line after a binary patch that begins at `at`; null where none does (git's apply.c `parse_chunk()`). */
function endOfBinary(lines: Lines, at: number): number | null {
  const line = withoutCr(lines.at(at))
  if (/^(?:Binary files|Files) /.test(line) && line.endsWith(' differ')) return at + 1
  if (line !== 'GIT binary patch') return null
  let end = at + 1
  while (/^(?:literal|delta) \d/.test(lines.at(end))) {
    end += 1
    while (end <= lines.count && withoutCr(lines.at(end)) !== '') end += 1
    end += 1
  }
  return Math.min(end, lines.count + 1)
}
