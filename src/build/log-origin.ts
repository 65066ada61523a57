import type { Diagnostic, DiagnosticKind } from './diagnostic.ts'
import { isHostHeader, isHostUnit } from './log-faults.ts'
import type { Opening } from './log-opening.ts'
import type { State } from './log-state.ts'

/** The function that the lines before name, where they are about the same file and not another job's. */
export function scopeOf(
  { scope, paths }: State,
  { tool, at, kind, subject }: Opening,
  unit: string | null,
): string | null {
  if (scope === null) return null
  if (tool === 'linker') return kind === 'undefined' || subject !== undefined ? scope.name : null
  if (tool !== 'compiler' || at === undefined) return null
  return scope.path === at.path || stem(paths.place(scope.path).path) === unit ? scope.name : null
}

/** The place that a line names. */
export function placeOf(state: State, { at, tool }: Opening): Diagnostic['place'] {
  if (at === undefined) return null
  return state.paths.place(at.path, tool === 'make' ? { ...at, level: 'unknown' } : at)
}

/** What was being made: what the line names, the file that includes the one with the message, or that one itself where it is no header. */
export function findUnit(state: State, { unit, at, tool }: Opening): string | null {
  if (unit !== undefined) return unitOf(state, unit)
  if (tool === 'compiler' || tool === 'assembler') {
    const from = state.includedFrom ?? state.assembled
    const own = at !== undefined && !/\.(?:h|inc|def|tbl)$/.test(at.path) ? at.path : null
    if (from !== null && !from.startsWith('<') && !from.startsWith('/tmp/')) state.unit = unitOf(state, from)
    else if (own !== null) state.unit = unitOf(state, own)
    state.includedFrom = null
    return state.unit
  }
  return tool === 'linker' || tool === 'dtc' || tool === 'shell' ? state.unit : null
}

/** What a diagnostic is about, where its first line alone does not tell. */
export function kindOf({ kind, subject, tool }: Opening, unit: string | null, command: string | null): DiagnosticKind {
  if (kind !== 'missing' || subject === undefined) return kind ?? 'message'
  const isForHost = command?.startsWith('HOST') === true || isHostUnit(unit)
  if (tool === 'compiler' && isForHost && isHostHeader(subject)) return 'environment'
  return tool === 'shell' && isProgramName(subject) ? 'environment' : 'missing'
}

/** Whether a word is the name of a program that a machine has, rather than a script of the tree, an option or an object. */
export function isProgramName(word: string): boolean {
  return /^[A-Za-z][\w.+-]{0,60}$/.test(word) && !/\.(?:o|c|a|h|s|S|ko|mod|sh|py|pl|awk)$/.test(word)
}

/** kbuild's words for the command, where it is certain which: that of the same object, or the last of the kind that this tool runs in. */
export function commandOf(state: State, { tool }: Opening, unit: string | null): string | null {
  const verb = verbs[tool]
  if (verb) return state.command !== null && verb.test(state.command) ? state.command : null
  return unit === null ? null : (state.commands.get(unit) ?? null)
}

const verbs: Partial<Record<Opening['tool'], RegExp>> = {
  modpost: /^MODPOST\b/,
  linker: /^(?:HOST)?(?:LD|LINK|KSYMS)\b/,
}

/** What a path of a log is a part or a product of, as `Diagnostic.unit`. */
export function unitOf(state: State, path: string): string {
  return stem(state.paths.place(path).path)
}

/** The path without the ending of its name. */
function stem(at: string): string {
  const dot = at.lastIndexOf('.')
  return dot > at.lastIndexOf('/') + 1 ? at.slice(0, dot) : at
}
