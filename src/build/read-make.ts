import type { FailedRecipe } from './diagnostic.ts'
import { splitPlace, type Opening, type PrintedPlace } from './log-opening.ts'

/** What a line of GNU make says; `level` is MAKELEVEL, 0 for the outermost (output.c message(), fatal()). */
export type MakeLine =
  | { readonly kind: 'enter'; readonly level: number; readonly directory: string }
  | { readonly kind: 'leave'; readonly level: number }
  | { readonly kind: 'recipe-failed'; readonly level: number; readonly failure: PrintedFailure }
  /** A command that cannot be started: `make: m2c: No such file or directory` (job.c exec_command()). */
  | { readonly kind: 'no-program'; readonly program: string; readonly why: string }
  /** An error that ends this make. */
  | { readonly kind: 'stop'; readonly level: number; readonly opening: Opening }
  | { readonly kind: 'warning'; readonly opening: Opening }
  | { readonly kind: 'noise' }

/** A failed recipe as it was printed. */
export type PrintedFailure = Omit<FailedRecipe, 'place'> & { readonly at: PrintedPlace | null }

/** Reads a line that begins with the name of make; null for other lines. */
export function readMakeLine(line: string): MakeLine | null {
  const match = /^(?:\S{0,200}\/)?g?make(?:\[(\d{1,4})\])?: (.*)$/.exec(line)
  if (match === null) return null
  const level = Number(match[1] ?? 0)
  const text = match[2] ?? ''
  const directory = /^(Entering|Leaving) directory [`'](.+)'$/.exec(text)
  if (directory) {
    return directory[1] === 'Leaving'
      ? { kind: 'leave', level }
      : { kind: 'enter', level, directory: directory[2] ?? '' }
  }
  if (text.startsWith('*** ')) return readStop(text.slice('*** '.length), level)
  return readRemark(text)
}

function readStop(text: string, level: number): MakeLine {
  if (/^(?:Waiting for unfinished jobs|Deleting |\[[^\]]{1,500}\] Deleting )/.test(text)) return { kind: 'noise' }
  const failure = readFailure(text)
  if (failure) return { kind: 'recipe-failed', level, failure }
  return { kind: 'stop', level, opening: openStop(text.replace(/ {1,2}Stop\.$/, '').replace(/\.$/, ''), null) }
}

/** `[file:line: target] how`; make before 4.? says `[target] how`, its own rules `[<builtin>: target] how` (job.c child_error()). */
function readFailure(text: string): PrintedFailure | null {
  const end = text.lastIndexOf('] ')
  if (!text.startsWith('[') || end === -1) return null
  const inside = text.slice(1, end)
  const how = text.slice(end + 2).replace(/ \(core dumped\)$/, '')
  if (inside.startsWith('<builtin>: '))
    return { at: null, isBuiltin: true, target: inside.slice('<builtin>: '.length), how }
  const split = splitPlace(inside)
  return { at: split?.at ?? null, isBuiltin: false, target: split?.rest ?? inside, how }
}

/** An error of make itself, with the place that it gives (misc.c fatal()). */
function openStop(message: string, at: PrintedPlace | null): Opening {
  const rule = /^No rule to make target '([^']{1,500})'(?:, needed by '([^']{1,500})')?$/.exec(message)
  const directory = /^([^:\s]{1,500}): No such file or directory$/.exec(message)
  const subject = rule?.[1] ?? directory?.[1]
  return {
    tool: 'make',
    severity: 'error',
    message,
    ...(at && { at }),
    ...(subject !== undefined && { kind: 'missing' as const, subject }),
    ...(rule?.[2] !== undefined && { scope: rule[2] }),
  }
}

/** Those that are no error: what is not known is left alone, since recipes print lines that look like it. */
function readRemark(text: string): MakeLine {
  const program =
    /^(\S{1,300}): (No such file or directory|Permission denied|Command not found|Exec format error)$/.exec(text)
  if (program) return { kind: 'no-program', program: program[1] ?? '', why: program[2] ?? '' }
  const cycle = /^Circular (\S{1,500}) <- (\S{1,500}) dependency dropped\.$/.exec(text)
  const isServer = /^warning: (?:jobserver unavailable|-j\S{0,10} forced in )/.test(text)
  if (cycle) return { kind: 'warning', opening: { ...warningOf(text.slice(0, -1)), subject: cycle[1] ?? '' } }
  return isServer ? { kind: 'warning', opening: warningOf(text.slice('warning: '.length)) } : { kind: 'noise' }
}

const warningOf = (message: string): Opening => ({ tool: 'make', severity: 'warning', message })

/** What a makefile's own line prints: errors (`*** missing separator`), the warnings of file.c and read.c, `$(warning)`. */
export function readMakefileLine(line: string): MakeLine | null {
  const split = splitPlace(line)
  if (split?.at.column !== null || !isMakefile(split.at.path)) return null
  const { at, rest } = split
  if (rest.startsWith('*** ')) {
    const failure = readFailure(rest.slice('*** '.length))
    if (failure) return { kind: 'recipe-failed', level: 0, failure }
    const message = rest
      .slice('*** '.length)
      .replace(/ {1,2}Stop\.$/, '')
      .replace(/\.$/, '')
    return { kind: 'stop', level: -1, opening: openStop(message, at) }
  }
  return { kind: 'warning', opening: openWarning(rest, at) }
}

/** read.c record_files(): the two lines of an overridden recipe are one matter, told at the recipe that wins. */
function openWarning(rest: string, at: PrintedPlace): Opening {
  const message = rest.replace(/^warning: /, '')
  const target = /^overriding recipe for target '([^']{1,500})'$/.exec(message)?.[1]
  const missing = /^(\S{1,300}): No such file or directory$/.exec(message)?.[1]
  if (missing !== undefined) return { ...warningOf(message), at, kind: 'missing', subject: missing }
  if (target === undefined) return { ...warningOf(message), at }
  const belongs = (next: string): boolean => next.endsWith(`: warning: ignoring old recipe for target '${target}'`)
  return { ...warningOf(message), at, subject: target, belongs }
}

/** The second line of an overridden recipe, as a note: where the one is that loses. Null for other lines. */
export function readOldRecipe(line: string): { readonly at: PrintedPlace; readonly message: string } | null {
  const split = splitPlace(line)
  if (split?.rest.startsWith('warning: ignoring old recipe for target ') !== true) return null
  return { at: split.at, message: split.rest.slice('warning: '.length) }
}

/** By the names that kbuild and selftests give to makefiles. */
function isMakefile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    /^(?:GNUmakefile|[Mm]akefile|Kbuild)(?:[._-]|$)/.test(name) || name.endsWith('.mk') || name.endsWith('.include')
  )
}
