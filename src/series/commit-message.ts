/** The text of a patch mail up to its diff, taken apart as git mailinfo does. Undecoded where it is a header. */
export type CommitMessage = {
  /** In-body headers, unfolded; null where there is none. */
  readonly from: string | null
  readonly subject: string | null
  readonly date: string | null
  /** The log without in-body headers, blank lines around it dropped. */
  readonly log: string
  /** What stands between the `---` line and the diff, blank lines around it dropped. */
  readonly notes: string
}

type InBody = { from: string | null; subject: string | null; date: string | null }

/** The first line of what git format-patch writes; its date never changes (builtin/log.c, MAIL_DEFAULT_...). */
const separator = /^>?From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001$/u

/**
 * Takes the text of a mail apart. `diffStart` is the line (1-based) where its diff begins, null where there is none.
 * In-body headers are From, Subject and Date before the first line of prose, and all headers where the text begins with the
 * separator of git format-patch. Scissors are not obeyed, as git am does not without -c.
 */
export function readCommitMessage(text: string, diffStart: number | null): CommitMessage {
  const lines = text.split('\n')
  const end = diffStart === null ? lines.length : diffStart - 1
  const headers: InBody = { from: null, subject: null, date: null }
  const logStart = readInBodyHeaders(lines.slice(0, end), headers)
  let logEnd = logStart
  while (logEnd < end && !breaksLog(lines[logEnd] ?? '')) logEnd++
  const separated = /^---\s*$/u.test(lines[logEnd] ?? '') ? logEnd + 1 : logEnd
  return { ...headers, log: join(lines, logStart, logEnd), notes: join(lines, separated, end) }
}

function join(lines: readonly string[], start: number, end: number): string {
  let [from, to] = [start, end]
  while (from < to && (lines[from] ?? '').trim() === '') from++
  while (to > from && (lines[to - 1] ?? '').trim() === '') to--
  return lines
    .slice(from, to)
    .map((line) => line.trimEnd())
    .join('\n')
}

/** git mailinfo.c patchbreak(): a diff, a CVS `Index:`, `--- file`, or the line that is `---` alone. */
function breaksLog(line: string): boolean {
  return line.startsWith('diff -') || line.startsWith('Index: ') || /^--- \S/u.test(line) || /^---\s*$/u.test(line)
}

/** Reads in-body headers into `headers`; the index of the first line behind them (git mailinfo.c check_inbody_header()). */
function readInBodyHeaders(lines: readonly string[], headers: InBody): number {
  const start = skipBlank(lines, 0)
  if (!separator.test(lines[start] ?? '')) return readBlock(lines, start, headers)
  const file: InBody = { from: null, subject: null, date: null }
  let at = start + 1
  for (let next = readHeader(lines, at, anyHeader); next !== null; next = readHeader(lines, at, anyHeader)) {
    const name = knownName(next.name)
    if (name !== null) file[name] ??= next.value
    at = next.end
  }
  // Below the headers of a file of git format-patch there may be in-body headers, which tell the author better.
  const end = readBlock(lines, skipBlank(lines, at), headers)
  for (const name of ['from', 'subject', 'date'] as const) headers[name] ??= file[name]
  return end
}

function readBlock(lines: readonly string[], start: number, headers: InBody): number {
  let at = start
  for (let next = readHeader(lines, at, inBodyHeader); next !== null; next = readHeader(lines, at, inBodyHeader)) {
    const name = knownName(next.name)
    if (name === null || headers[name] !== null) break
    headers[name] = next.value
    at = next.end
  }
  return skipBlank(lines, at)
}

const inBodyHeader = /^(From|Subject|Date):[ \t]+(.*)$/iu
const anyHeader = /^([\w-]{1,60}):(.*)$/u

function knownName(name: string): keyof InBody | null {
  const lower = name.toLowerCase()
  return lower === 'from' || lower === 'subject' || lower === 'date' ? lower : null
}

type Header = { readonly name: string; readonly value: string; readonly end: number }

/** The header at a line with its continuation lines; null where there is none. */
function readHeader(lines: readonly string[], at: number, pattern: RegExp): Header | null {
  const [, name, first] = pattern.exec(lines[at] ?? '') ?? []
  if (name === undefined || first === undefined) return null
  const values = [first.trim()]
  let end = at + 1
  while (/^[ \t]\s*\S/u.test(lines[end] ?? '')) {
    values.push((lines[end] ?? '').trim())
    end++
  }
  return { name, value: values.join(' '), end }
}

function skipBlank(lines: readonly string[], from: number): number {
  let at = from
  while (at < lines.length && (lines[at] ?? '').trim() === '') at++
  return at
}
