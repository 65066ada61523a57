import { firstQuoted, splitPlace, type Opening, type PrintedPlace } from './log-opening.ts'

/**
 * A diagnostic of gcc (gcc/diagnostic.cc, diagnostic_report_diagnostic()), clang (TextDiagnostic.cpp) or sparse (lib.c do_warn()):
 * `path:line:column: error: message [-Woption]`. They differ in what follows.
 */
export function openCompiler(line: string): Opening | null {
  const split = splitPlace(line)
  const match = split && /^(fatal error|error|warning|internal compiler error): (.*)$/.exec(split.rest)
  if (!split || !match) return null
  const [, severity = '', text = ''] = match
  const { message, option } = takeOption(text)
  const missing = findMissingFile(message)
  return {
    tool: 'compiler',
    severity: severity === 'warning' ? 'warning' : 'error',
    message: severity === 'internal compiler error' ? `internal compiler error: ${message}` : message,
    at: split.at,
    ...(option !== null && { option }),
    ...subjectOf(message, missing),
    belongs: belongsToCompiler(split.at),
  }
}

function subjectOf(message: string, missing: string | null): Pick<Opening, 'kind' | 'subject'> {
  if (missing !== null) return { kind: 'missing', subject: missing }
  const quoted = firstQuoted(undeclared.exec(message)?.[0] ?? '')
  return quoted === null ? {} : { kind: 'undefined', subject: quoted }
}

/** What gcc (c/c-decl.cc, c/c-typeck.cc) and clang (DiagnosticSemaKinds.td) say of a name that nothing declares. */
const undeclared =
  /^['‘]\w{1,200}['’] undeclared\b|^(?:use|call) (?:of|to) undeclared (?:identifier|function) '\w{1,200}'|^implicit declaration of function ['‘]\w{1,200}['’]|^unknown type name ['‘]\w{1,200}['’]|^no member named '\w{1,200}'|has no member named ['‘]\w{1,200}['’]/

/** gcc: `sensors/gauge.h: No such file or directory`; clang: `'sensors/gauge.h' file not found`. */
function findMissingFile(message: string): string | null {
  const match = /^(?:'([^']{1,300})' file not found|([^\s:]{1,300}): No such file or directory)$/.exec(message)
  return match?.[1] ?? match?.[2] ?? null
}

/**
 * What gcc, clang and their parts say of a command line, without a place: `gcc: error: unrecognized command-line option '-fx'`,
 * `clang: error: unknown argument: '-fx'` (gcc/gcc.cc, clang/lib/Driver); null for other lines, and for those that sum up others.
 */
export function openDriver(line: string): Opening | null {
  const match =
    /^(?:\S{0,200}[/-])?(?:gcc|g\+\+|cc1|cc1plus|collect2|lto1|as|clang|clang\+\+)(?:-\d{1,3})?: (fatal error|error|warning|internal compiler error): (.*)$/.exec(
      line,
    )
  if (match === null) return null
  const [, severity = '', text = ''] = match
  if (/^(?:ld returned |linker command failed |(?:all|some) warnings being treated)/.test(text)) return null
  const { message, option } = takeOption(text)
  const subject = firstQuoted(message)
  return {
    tool: 'compiler',
    severity: severity === 'warning' ? 'warning' : 'error',
    message: severity === 'internal compiler error' ? `${severity}: ${message}` : message,
    ...(option !== null && { option }),
    ...(subject !== null && { subject }),
  }
}

/** The option at the end of a message, without `-W`, and without what makes an error of it: gcc `[-Werror=x]`, clang `[-Werror,-Wx]`. */
function takeOption(text: string): { readonly message: string; readonly option: string | null } {
  const open = text.lastIndexOf(' [-W')
  if (open === -1 || !text.endsWith(']')) return { message: text, option: null }
  const words = text.slice(open + 2, -1).split(',')
  const option = (words.at(-1) ?? '').replace(/^-W(?:error=)?/, '')
  return { message: text.slice(0, open), option }
}

/** A line of the source with its number, or the marks below one: gcc's `    3 |   int a;`, and `      |   ^`. */
export function isGutter(line: string): boolean {
  return /^ {0,8}\d{0,9} \|/.test(line) && line.startsWith(' ')
}

/** Marks that clang sets below a line of the source. */
function isCaretLine(line: string | undefined): boolean {
  return line !== undefined && line.includes('^') && /^[ \t~^]+$/.test(line)
}

/** What clang proposes below a caret stands alone in its columns. */
function isFixIt(line: string): boolean {
  return /^\s{2,}\S/.test(line) && !/^ {2}[A-Z]/.test(line)
}

function belongsToCompiler({ path, line }: PrintedPlace): (text: string, next: string | undefined) => boolean {
  let isAfterCaret = false
  return (text, next) => {
    const wasAfterCaret = isAfterCaret
    isAfterCaret = isCaretLine(text)
    if (isGutter(text) || isAfterCaret || isCaretLine(next)) return true
    if (wasAfterCaret && isFixIt(text) && splitPlace(text) === null) return true
    if (text === 'compilation terminated.') return true
    return isNote(text) || isSparseDetail(text, path, line ?? 0)
  }
}

/** `path:line:column: note: message`, of gcc and clang. */
export function isNote(line: string): boolean {
  const split = splitPlace(line)
  return split !== null && split.rest.startsWith('note: ') && split.rest !== 'note: in included file:'
}

/** The place and text of a note; null where a line is none. */
export function readNote(line: string): { readonly at: PrintedPlace; readonly message: string } | null {
  const split = isNote(line) ? splitPlace(line) : null
  return split && { at: split.at, message: split.rest.slice('note: '.length) }
}

/** sparse (lib.c info()): the same place again and an indented text: `a.c:8:24:    expected int pressure`. */
function isSparseDetail(text: string, path: string, line: number): boolean {
  return text.startsWith(`${path}:${line}:`) && /:\d+: {2,}\S/.test(text)
}

/** A line that stands before diagnostics and says where they are. */
export type CompilerContext =
  | { readonly kind: 'included'; readonly from: string }
  | { readonly kind: 'scope'; readonly path: string; readonly name: string | null }
  | { readonly kind: 'assembler'; readonly path: string | null }

/** `In file included from a.c:2:`, `a.c: In function 'probe':`, `a.S: Assembler messages:`; null for other lines. */
export function readCompilerContext(line: string): CompilerContext | null {
  const included = /^(?:In file included from|\s{10,}from) ([^\s:][^:]*):?\d*/.exec(line)
  if (included) return { kind: 'included', from: included[1] ?? '' }
  const scope = /^([^\s:][^:]*): (?:In ([a-z ]{1,20}) ['"‘]([^'"’]{1,200})['"’]|At top level|At global scope):$/.exec(
    line,
  )
  if (scope) return { kind: 'scope', path: scope[1] ?? '', name: scope[3] ?? null }
  if (line === 'Assembler messages:') return { kind: 'assembler', path: null }
  const assembler = /^([^\s:][^:]*): Assembler messages:$/.exec(line)
  return assembler ? { kind: 'assembler', path: assembler[1] ?? '' } : null
}

/** A message of GNU as (gas/messages.c as_bad_internal()), with a capital: `a.S:2: Error: number of operands mismatch`. */
export function openAssembler(line: string): Opening | null {
  const split = splitPlace(line)
  const match = split && /^(Error|Warning|Fatal error|Internal error): (.*)$/.exec(split.rest)
  if (!split || !match) return null
  const isOwn = split.at.path !== '{standard input}' && !split.at.path.startsWith('/tmp/')
  return {
    tool: 'assembler',
    severity: match[1] === 'Warning' ? 'warning' : 'error',
    message: match[2] ?? '',
    ...(isOwn && { at: split.at }),
  }
}
