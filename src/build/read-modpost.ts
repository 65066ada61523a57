import type { Opening } from './log-opening.ts'

/** A message of modpost, `ERROR: modpost: ` or `WARNING: modpost: ` (scripts/mod/modpost.c modpost_log()); null for other lines. */
export function openModpost(line: string): Opening | null {
  const match = /^(ERROR|WARNING|FATAL): modpost: (.*)$/.exec(line)
  if (match === null) return null
  const [, word, message = ''] = match
  const severity = word === 'WARNING' ? 'warning' : 'error'
  return { tool: 'modpost', severity, message, ...subjectOf(message), belongs: (next) => isContinued(message, next) }
}

/** Messages that name an object: check_exports(), check_export_symbol(), read_symbols(), default_mismatch_handler(). */
function subjectOf(message: string): Pick<Opening, 'kind' | 'subject' | 'unit' | 'scope'> {
  const undefined_ = /^"([^"]{1,500})" \[([^\]]{1,500})\] undefined!$/.exec(message)
  if (undefined_) return { kind: 'undefined', subject: undefined_[1] ?? '', unit: undefined_[2] ?? '' }
  const tag = /^missing (MODULE_\w{1,40})\(\) in (\S{1,500})$/.exec(message)
  if (tag) return { subject: tag[1] ?? '', unit: tag[2] ?? '' }
  const mismatch = /^(\S{1,500}): section mismatch in reference: ([^\s+]{0,300})\S{0,40} \(section: /.exec(message)
  if (mismatch) return { unit: `${mismatch[1] ?? ''}.o`, ...(mismatch[2] !== '' && { scope: mismatch[2] ?? '' }) }
  const exported = /^(\S{1,500}): (?:local symbol )?'([^']{1,500})' (?:was exported|exported twice)/.exec(message)
  if (exported) return { unit: `${exported[1] ?? ''}.o`, subject: exported[2] ?? '' }
  return {}
}

/** The further lines of a message that has several. */
function isContinued(message: string, line: string): boolean {
  if (message.startsWith('Section mismatches detected')) return line.startsWith('Set CONFIG_SECTION_MISMATCH_WARN_ONLY')
  if (message.startsWith('EXPORT symbol')) return line.startsWith('Is "')
  return (
    message.startsWith('The relocation at') && !/^(?:ERROR|WARNING|FATAL|make)\b/.test(line) && !line.startsWith('  ')
  )
}

/** Messages that only sum up others. */
export function isModpostSummary(message: string): boolean {
  return message.startsWith('Section mismatches detected')
}

/**
 * Whether modpost says that it cannot tell which symbols are defined: without Module.symvers or vmlinux.o (scripts/Makefile.modpost), or with more than ten
 * undefined ones, of which it leaves the rest out (scripts/mod/modpost.c, MAX_UNRESOLVED_REPORTS).
 */
export function saysSymbolsUnknown(line: string): boolean {
  return (
    /^WARNING: (?:Module\.symvers|vmlinux\.o) is missing\.$/.test(line) ||
    /^WARNING: modpost: suppressed \d+ unresolved symbol warnings/.test(line)
  )
}

/** A message of objtool about an object (tools/objtool/include/objtool/warn.h WARN()): `a.o: warning: objtool: probe+0x1f: ...`. */
export function openObjtool(line: string): Opening | null {
  const match = /^([^\s:]{1,500}): (error|warning): objtool: (.*)$/.exec(line)
  if (match === null) return null
  const [, unit = '', severity, message = ''] = match
  const scope = /^([A-Za-z_][\w.]{0,200})(?:\(\)|\+0x[0-9a-f]+)?: /.exec(message)?.[1]
  return {
    tool: 'objtool',
    severity: severity === 'error' ? 'error' : 'warning',
    message,
    unit,
    ...(scope !== undefined && { scope }),
    belongs: (next) => next.startsWith(`${unit}: warning: objtool:   `),
  }
}
