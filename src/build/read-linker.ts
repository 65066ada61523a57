import { splitPlace, type Opening } from './log-opening.ts'

/** `ld: `, `/usr/bin/s390x-linux-gnu-ld: `, `ld.lld: ` at the start of a line; ld leaves the blank out before a script's place. */
const prefix = /^(?:\S{0,200}[/-])?(ld(?:\.bfd|\.lld|\.gold)?): ?(.*)$/

/**
 * A message of GNU ld (ld/ldmain.c, ld/ldmisc.c vfinfo()) or of lld (lld/Common/ErrorHandler.cpp). Those about one object come in
 * groups, of which only the first line has the name of the linker.
 */
export function openLinker(line: string): Opening | null {
  const match = prefix.exec(line)
  const text = match?.[2] ?? line
  const opened = openReference(text)
  if (opened) return opened
  if (match === null || isGroup(text)) return null
  return match[1] === 'ld.lld' ? openLld(text) : openLd(text)
}

/** `ld: a.o: in function `probe':` says where those after it are. */
function isGroup(text: string): boolean {
  return /: in function [`'].{1,300}':$/.test(text)
}

/** The function of ``a.o: in function `probe':``; null for other lines. */
export function readLinkerScope(line: string): { readonly object: string; readonly scope: string } | null {
  const match = /^(?:\S{0,200}ld\S{0,5}: )?([^\s:]+): in function [`']([^`']{1,200})':$/.exec(line)
  return match && { object: match[1] ?? '', scope: match[2] ?? '' }
}

/** What bfd says of one reference: `a.c:(.text+0x5): undefined reference to `x'`, `a.c:2: undefined...` with debug information. */
function openReference(text: string): Opening | null {
  for (const [phrase, kind] of references) {
    const start = text.indexOf(phrase)
    if (start === -1) continue
    const subject = /^([^`']{1,300})'/.exec(text.slice(start + phrase.length))?.[1]
    if (subject === undefined) continue
    const where = splitPlace(text.slice(0, start))
    return {
      tool: 'linker',
      severity: 'error',
      kind,
      subject,
      message: `${phrase}${subject}'`,
      ...(where && { at: where.at }),
    }
  }
  return null
}

const references = [
  ['undefined reference to `', 'undefined'],
  ['multiple definition of `', 'message'],
] as const

/** lld: `error: undefined symbol: x`, and below it lines that begin with `>>>`. */
function openLld(text: string): Opening | null {
  const match = /^(error|warning): (?:(undefined symbol|undefined hidden symbol|duplicate symbol): (\S+)|(.*))$/.exec(
    text,
  )
  if (match === null) return null
  const [, severity, phrase, symbol, other] = match
  const script = other === undefined ? null : splitPlace(other)
  return {
    tool: 'linker',
    severity: severity === 'warning' ? 'warning' : 'error',
    ...(phrase?.startsWith('undefined') === true && { kind: 'undefined' as const }),
    ...(symbol !== undefined && { subject: symbol }),
    ...(script && { at: script.at }),
    message: script?.rest ?? other ?? `${phrase ?? ''}: ${symbol ?? ''}`,
    belongs: (line) => line.startsWith('>>>'),
  }
}

function openLd(text: string): Opening {
  const script = splitPlace(text)
  const own = script?.rest ?? text
  const missing = /^cannot (?:find|open linker script file) ([^\s:]{1,300})(?:: No such file or directory)?$/.exec(
    own,
  )?.[1]
  const warning = /(?:^|: )warning: (.*)$/.exec(own)?.[1]
  return {
    tool: 'linker',
    severity: warning === undefined ? 'error' : 'warning',
    message: warning ?? own,
    ...(script && { at: script.at }),
    ...(missing !== undefined && { kind: 'missing' as const, subject: missing }),
  }
}
