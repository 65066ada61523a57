import type { Opening, PrintedPlace } from './log-opening.ts'

/** A place of dtc, `board.dts:8.7-11.4` (scripts/dtc/srcpos.c srcpos_string()): its first line and column. */
const place = /^([^\s:]{1,500}):(\d{1,9})(?:[.:](\d{1,9}))?[-.:\d]{0,40}$/

/**
 * A message of dtc: of a check (scripts/dtc/checks.c check_msg()): `board.dts:8.7-11.4: ERROR (phandle_references): /pump: ...`, of the parser
 * (srcpos.c srcpos_verror()): `Error: board.dts:5.2-3 syntax error`, or `FATAL ERROR: ...` (util.h die()); null for other lines.
 */
export function openDtc(line: string): Opening | null {
  const check = /^(\S{1,600}): (ERROR|Warning) \((\w{1,60})\): (.*)$/.exec(line)
  if (check) {
    const [, where = '', severity, option = '', message = ''] = check
    const at = readPlace(where)
    const belongs = (next: string): boolean => next.startsWith('  also defined at ')
    return {
      tool: 'dtc',
      severity: severity === 'ERROR' ? 'error' : 'warning',
      message,
      option,
      ...(at && { at }),
      belongs,
    }
  }
  const parser = /^(Error|Warning): (\S{1,600}:\d\S{0,60}) (.*)$/.exec(line)
  const at = parser && readPlace(parser[2] ?? '')
  if (parser && at)
    return { tool: 'dtc', severity: parser[1] === 'Error' ? 'error' : 'warning', message: parser[3] ?? '', at }
  const fatal = /^FATAL ERROR: (.*)$/.exec(line)?.[1]
  return fatal === undefined ? null : openFatal(fatal)
}

function openFatal(message: string): Opening {
  const missing = /^Couldn't open "([^"]{1,500})"/.exec(message)?.[1]
  return {
    tool: 'dtc',
    severity: 'error',
    message,
    ...(missing !== undefined && { kind: 'missing', subject: missing }),
  }
}

/** Messages that only say that there were others. */
export function isDtcSummary(line: string): boolean {
  return line === 'FATAL ERROR: Unable to parse input tree' || line.startsWith('ERROR: Input tree has errors, aborting')
}

function readPlace(text: string): PrintedPlace | null {
  const match = place.exec(text)
  if (match === null) return null
  return { path: match[1] ?? '', line: Number(match[2]), column: match[3] === undefined ? null : Number(match[3]) }
}
