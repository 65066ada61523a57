import type { FileDiff } from '../diff/file-diff.ts'
import { lineAtNew, lineAtOld, oldToNew } from '../diff/line-map.ts'
import type { ChangedLines } from '../review/changed-lines.ts'
import type { Diagnostic } from './diagnostic.ts'
import { maskMessage, maskName } from './mask-message.ts'

/** A diagnostic, and what it was printed for: a header's is printed again by all that include it. */
export type Counted = {
  readonly diagnostic: Diagnostic
  /** Where it stood before the patch that is looked at: for one on a line that the patch deletes. */
  readonly deletedFrom: { readonly file: FileDiff; readonly line: number } | null
  /** The objects that it was printed for, sorted. */
  readonly units: readonly string[]
}

/** The diagnostics of one log, each once for its place: those without a place once for what they are about. In the order of the log. */
export function countDistinct(diagnostics: readonly Diagnostic[]): readonly Counted[] {
  const groups = Map.groupBy(diagnostics, (each) => exactKey(each))
  return [...groups.values()].flatMap(([diagnostic, ...others]) => {
    if (diagnostic === undefined) return []
    const units = [diagnostic, ...others].flatMap(({ unit }) => (unit === null ? [] : [unit]))
    return [{ diagnostic, deletedFrom: null, units: [...new Set(units)].sort() }]
  })
}

/** What several goals said, that which they have in common once. */
export function unite(goals: readonly (readonly Counted[])[]): readonly Counted[] {
  const seen = new Set<string>()
  return goals.flatMap((counted) => {
    const more = counted.filter(({ diagnostic }) => !seen.has(exactKey(diagnostic)))
    for (const { diagnostic } of more) seen.add(exactKey(diagnostic))
    return more
  })
}

/** What two diagnostics have in common that say the same at the same place. */
function exactKey({ place, ...rest }: Diagnostic): string {
  return `${looseKey({ place, ...rest })} ${place?.line ?? ''}:${place?.column ?? ''}`
}

/**
 * What two diagnostics have in common that say the same in the same file. The line is left out: it moves. Where there is no place, it is
 * what was made; the severity is in it, since a warning that becomes an error breaks the build.
 */
export function looseKey({ tool, kind, severity, place, unit, option, subject, scope, message }: Diagnostic): string {
  const where = place === null ? unit : `${place.root} ${place.path}`
  const names = [subject, scope].map((name) => name && maskName(name))
  return JSON.stringify([tool, kind, severity, where, option, ...names, maskMessage(message)])
}

/** What was there before a patch, as it would be printed after it if nothing else changed: renamed files, moved lines. Gone with deleted files. */
export function carryOver(known: readonly Counted[], files: readonly FileDiff[]): readonly Counted[] {
  const byPath = new Map(files.flatMap((file) => (file.oldPath === null ? [] : [[file.oldPath, file] as const])))
  return known.flatMap((counted): Counted[] => {
    const { diagnostic } = counted
    const { place } = diagnostic
    const file = place?.root === 'source' ? byPath.get(place.path) : undefined
    if (place === null || file === undefined || file.kind === 'copy') return [{ ...counted, deletedFrom: null }]
    if (file.newPath === null) return []
    const line = place.line === null ? null : oldToNew(file, place.line)
    const deletedFrom = place.line !== null && line === null ? { file, line: place.line } : null
    return [{ ...counted, deletedFrom, diagnostic: { ...diagnostic, place: { ...place, path: file.newPath, line } } }]
  })
}

/**
 * What is new after a patch, with what was known carried over it: the multiset difference, first of what stands at the same place, then of
 * what says the same in the same file. The latter is no match where the patch adds the line that it is about, unless it replaces the one
 * that was told before: a warning mended in one function and brought into another is new.
 */
export function findFresh(
  known: readonly Counted[],
  after: readonly Counted[],
  { files, changes }: { readonly files: readonly FileDiff[]; readonly changes: ChangedLines },
): readonly Counted[] {
  const exact = Map.groupBy(known, ({ diagnostic }) => placeKey(diagnostic))
  const left = after.filter(({ diagnostic }) => exact.get(placeKey(diagnostic))?.pop() === undefined)
  const loose = Map.groupBy([...exact.values()].flat(), ({ diagnostic }) => looseKey(diagnostic))
  return left.filter(({ diagnostic }) => {
    const candidates = loose.get(looseKey(diagnostic)) ?? []
    const place = candidates.findIndex((each) => mayBeSame(each, diagnostic, files, changes))
    if (place !== -1) candidates.splice(place, 1)
    return place === -1
  })
}

/** What two diagnostics have in common that say the same on the same line; its column changes with the indentation. */
export function placeKey(diagnostic: Diagnostic): string {
  const line = diagnostic.place?.line ?? null
  // With jobs side by side the line that names the function may be lost; on the same line it is the same one.
  return line === null ? looseKey(diagnostic) : `${looseKey({ ...diagnostic, scope: null })} ${line}`
}

function mayBeSame(
  { deletedFrom }: Counted,
  { place }: Diagnostic,
  files: readonly FileDiff[],
  changes: ChangedLines,
): boolean {
  if (place?.root !== 'source' || place.line === null || !changes.isAdded(place.path, place.line)) return true
  const file = files.find(({ newPath }) => newPath === place.path)
  if (deletedFrom === null || file === undefined) return false
  const added = lineAtNew(file, place.line)?.hunk
  return added !== undefined && added === lineAtOld(deletedFrom.file, deletedFrom.line)?.hunk
}
