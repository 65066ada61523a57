import { createGroups, type Groups } from './log-groups.ts'
import { findFault } from './log-faults.ts'
import { logLimits, readLines, type LogLimits } from './log-lines.ts'
import type { LogTrees } from './log-paths.ts'
import type { Opening, OpeningReader } from './log-opening.ts'
import type { LogReading } from './diagnostic.ts'
import { openAssembler, openCompiler, openDriver, readCompilerContext } from './read-compiler.ts'
import { isDtcSummary, openDtc } from './read-dtc.ts'
import { openKconfig } from './read-kconfig.ts'
import { openLinker, readLinkerScope } from './read-linker.ts'
import { readMakefileLine, readMakeLine, type MakeLine } from './read-make.ts'
import { isModpostSummary, openModpost, openObjtool, saysSymbolsUnknown } from './read-modpost.ts'
import { openShell } from './read-shell.ts'
import { readTapResult } from './read-tap.ts'

/**
 * Reads what a build printed. What the tools say becomes diagnostics, with the lines that belong to them and the recipes that failed
 * for them; a recipe that fails although no tool said why becomes one of its own. Time is linear in the log, memory bounded.
 */
export function readLog(chunks: Iterable<string>, trees: LogTrees, limits: LogLimits = logLimits): LogReading {
  const groups = createGroups(trees)
  let line: { readonly number: number; readonly text: string } | null = null
  let count = 0
  for (const next of readLines(chunks, limits)) {
    if (line) readLine(line.text, next.text, groups, line.number)
    line = next
    count++
  }
  if (line) readLine(line.text, undefined, groups, line.number)
  return groups.finish(count >= limits.lines)
}

function readLine(text: string, next: string | undefined, groups: Groups, number: number): void {
  groups.at(number)
  if (groups.append(text, next)) return
  const announced = readAnnouncement(text)
  if (announced) {
    groups.announce(announced.command, announced.target)
    return
  }
  const made = readMakeLine(text) ?? readMakefileLine(text)
  if (made) {
    bookMake(made, text, groups)
    return
  }
  if (bookContext(text, groups) || isSummary(text)) return
  if (saysSymbolsUnknown(text)) {
    groups.doubtSymbols()
    return
  }
  const test = readTapResult(text)
  if (test) {
    groups.test(test, text)
    return
  }
  const fault = findFault(text)
  const opening = fault === null ? open(text) : environment(fault)
  if (opening === null) {
    groups.remember(text)
    return
  }
  if (opening.tool !== 'modpost' || !isModpostSummary(opening.message)) groups.book(opening, text)
}

const environment = (message: string): Opening => ({ tool: 'shell', severity: 'error', kind: 'environment', message })

/** In an order in which none takes a line that is another's. */
const readers: readonly OpeningReader[] = [
  openModpost,
  openObjtool,
  openDtc,
  openKconfig,
  openDriver,
  openAssembler,
  openCompiler,
  openShell,
  openLinker,
]

function open(text: string): Opening | null {
  for (const reader of readers) {
    const opening = reader(text)
    if (opening !== null) return opening
  }
  return null
}

/** What kbuild prints before it runs a command: `  CC [M]  drivers/a.o` (scripts/Kbuild.include, `cmd`), with V=1 `# CC [M]  drivers/a.o`. */
function readAnnouncement(text: string): { readonly command: string; readonly target: string } | null {
  const match = /^(?: {2}|# )([A-Z][A-Z0-9_-]{1,15}(?: \[[A-Z]\])?) +(\S.*)$/.exec(text)
  return match && { command: `${match[1] ?? ''} ${match[2] ?? ''}`, target: match[2] ?? '' }
}

function bookContext(text: string, groups: Groups): boolean {
  const context = readCompilerContext(text)
  if (context) groups.context(context)
  const scope = readLinkerScope(text)
  if (scope) groups.context({ kind: 'scope', path: scope.object, name: scope.scope })
  return context !== null || scope !== null
}

/** Lines that only say that there were others: `3 warnings generated.`, `cc1: some warnings being treated as errors`. */
function isSummary(text: string): boolean {
  return (
    isDtcSummary(text) ||
    /^(?:\d{1,9} (?:warning|error)s?|\d{1,9} warnings? and \d{1,9} errors?) generated\.$/.test(text) ||
    /^\S{0,200}: (?:some|all) warnings being treated as errors$/.test(text) ||
    /^\S{0,200}: error: (?:ld returned \d|linker command failed )/.test(text)
  )
}

function bookMake(made: MakeLine, text: string, groups: Groups): void {
  switch (made.kind) {
    case 'enter': {
      groups.enter(made.level, made.directory)
      return
    }
    case 'leave': {
      groups.enter(made.level, null)
      return
    }
    case 'recipe-failed': {
      groups.fail(made.failure, made.level)
      return
    }
    case 'no-program': {
      groups.lackProgram(made.program, made.why, text)
      return
    }
    case 'stop': {
      groups.stop(made.opening, made.level, text)
      return
    }
    case 'warning': {
      groups.book(made.opening, text)
      return
    }
    case 'noise':
      return
  }
}
