import { splitPlace, type Opening } from './log-opening.ts'

/**
 * A message of scripts/kconfig: of a `.config` (confdata.c conf_warning()), of a Kconfig file (menu.c, parser.y, preprocess.c), of the
 * whole (symbol.c), or of merge_config.sh; null for other lines.
 */
export function openKconfig(line: string): Opening | null {
  const unmet = /^WARNING: unmet direct dependencies detected for (\w{1,200})$/.exec(line)
  if (unmet) return { ...warning(line.slice('WARNING: '.length)), subject: unmet[1] ?? '', belongs: isIndented }
  if (line === 'error: recursive dependency detected!')
    return { ...error(line.slice('error: '.length)), belongs: isOfCycle }
  if (line === 'Error in reading or end of file.') return error('the configuration asks for a value that nobody gives')
  const request = /^Value requested for (\w{1,200}) not in final \.config$/.exec(line)
  if (request)
    return { ...warning(line), subject: request[1] ?? '', belongs: (next) => /^(?:Requested|Actual) value:/.test(next) }
  return openPlaced(line)
}

const error = (message: string): Opening => ({ tool: 'kconfig', severity: 'error', message })
const warning = (message: string): Opening => ({ tool: 'kconfig', severity: 'warning', message })
const isIndented = (line: string): boolean => line.startsWith('  ')

function isOfCycle(line: string): boolean {
  return (
    line.startsWith('\t') || line.startsWith('For a resolution refer to ') || line.startsWith('subsection "Kconfig')
  )
}

/** `Kconfig:4: message` and `.config:3:warning: message`: the latter without a blank, which no other tool leaves out. */
function openPlaced(line: string): Opening | null {
  const split = splitPlace(line)
  if (split?.at.column !== null) return null
  const isWarning = split.rest.startsWith('warning: ')
  const text = isWarning ? split.rest.slice('warning: '.length) : split.rest
  if (!isKconfigFile(split.at.path) && !(isWarning && line.includes(`:${split.at.line ?? 0}:warning: `))) return null
  const subject = subjectOf(text)
  const opening = isWarning || isPlainWarning(text) ? warning(text) : error(text.replace(/^error: /, ''))
  const missing = /^can't open file "([^"]{1,300})"$/.exec(text)?.[1]
  if (missing !== undefined) return { ...opening, at: split.at, kind: 'missing', subject: missing }
  return { ...opening, at: split.at, ...(subject !== undefined && { subject }) }
}

/** `Kconfig`, `Kconfig.debug`, `init/Kconfig`: what the kernel calls them. */
function isKconfigFile(path: string): boolean {
  return /^Kconfig(?:[.-]|$)/.test(path.slice(path.lastIndexOf('/') + 1))
}

/** `$(warning-if)` prints its text alone (preprocess.c do_warning_if()): it is no error that ends the run, unlike those of the parser. */
function isPlainWarning(text: string): boolean {
  return !/^(?:error: |syntax error|unknown statement|invalid statement|unexpected |missing |unterminated |can't open file|Recursive |Too deep|too (?:few|many) |'[^']{1,200}' in different file|symbol '|invalid )/.test(
    text,
  )
}

function subjectOf(text: string): string | undefined {
  return /(?: for|unknown symbol:|reassigning to symbol) (\w{1,200})$/.exec(text)?.[1]
}
