import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { printCond } from '../cond/print.ts'
import type { Span } from '../text/span.ts'
import { assertNever } from '../text/assert-never.ts'
import type { Place } from './built-objects.ts'
import type { SymbolChange } from './changed-symbols.ts'
import type { Flag } from './changed-flags.ts'
import type { KernelModel } from './kernel-model.ts'
import { createLocator } from './print-objects.ts'
import type { BuildChange } from './semantic-diff.ts'

/** Lines that a change is told in; what is more is counted. */
export const maxChangeLines = 15

/** Changes as lines for people, at most 15; the last says how many are left out. */
export function printChanges(
  model: KernelModel,
  changes: readonly (BuildChange | SymbolChange)[],
  maxLines = maxChangeLines,
): readonly string[] {
  const writer = createWriter(model)
  const lines = changes.map((change) => writer(change))
  if (lines.length <= maxLines) return lines
  return [...lines.slice(0, maxLines - 1), `... and ${lines.length - maxLines + 1} more`]
}

function createWriter(model: KernelModel): (change: BuildChange | SymbolChange) => string {
  const locate = createLocator(model.tree)
  const cond = (of: Cond): string => printCond(model.conditions, of, { maxLength: 120 })
  const when = (of: Cond): string => (cond(of) === 'always' ? 'always' : `when ${cond(of)}`)
  const at = (span: Span | null): string => (span === null ? '' : ` (${locate(span)})`)
  return (change) => {
    switch (change.kind) {
      case 'gained':
        return `new: ${change.path}, ${placesText(change.places)}, ${when(change.when)}${at(change.at)}`
      case 'lost': {
        const orphan = change.source === null ? '' : `; nothing builds ${change.source} any more`
        return `gone: ${change.path}, was built ${when(change.when)}${orphan}`
      }
      case 'regated':
        return `condition: ${change.path}: ${cond(change.before)} -> ${cond(change.after)}${at(change.at)}`
      case 'moved':
        return `moved: ${change.path}: ${movement(change.from, change.to)}${at(change.at)}`
      case 'twice':
        return `twice: ${change.path} is linked more than once: ${placesText(change.places, 'and')}, ${when(change.when)}${at(change.at)}`
      case 'directory':
        return directoryText(change, cond)
      case 'flags':
        return flagsText(change, cond)
      case 'symbol':
        return symbolText(change)
      default:
        return assertNever(change)
    }
  }
}

function placeName(place: Place): string {
  if (place.kind === 'builtin') return 'built-in'
  const name = place.path.slice(place.path.lastIndexOf('/') + 1)
  return place.kind === 'module' ? `${name}.ko` : name
}

function placesText(places: readonly Place[], word = 'or'): string {
  const modulesFirst = places.toSorted(
    (left, right) => Number(left.kind === 'builtin') - Number(right.kind === 'builtin'),
  )
  return modulesFirst.map(placeName).join(` ${word} `)
}

function movement(from: readonly Place[], to: readonly Place[]): string {
  const [was, is] = [placesText(from), placesText(to)]
  return was === is ? `${is}, split otherwise between them` : `${was} -> ${is}`
}

type Printer = (of: Cond) => string

function directoryText(
  { path, before, after, objects }: Extract<BuildChange, { kind: 'directory' }>,
  cond: Printer,
): string {
  const size = `${objects} ${objects === 1 ? 'object' : 'objects'}`
  if (before === never)
    return `new: ${path}/ with ${size}, ${cond(after) === 'always' ? 'always' : `when ${cond(after)}`}`
  if (after === never) return `gone: ${path}/ with ${size}, was reached when ${cond(before)}`
  return `condition: ${path}/ with ${size}: ${cond(before)} -> ${cond(after)}`
}

function flagsText(
  { path, variable, gained, lost, objects }: Extract<BuildChange, { kind: 'flags' }>,
  cond: Printer,
): string {
  const name = ({ text, when }: Flag): string => (cond(when) === 'always' ? text : `${text} [${cond(when)}]`)
  const parts = [...gained.map((flag) => `+ ${name(flag)}`), ...lost.map((flag) => `- ${name(flag)}`)]
  return `flags: ${path} ${variable} for ${objects} ${objects === 1 ? 'object' : 'objects'}: ${parts.join(', ')}`
}

function symbolText({ name, before, after, users }: SymbolChange): string {
  if (before === null) return `symbol: CONFIG_${name} is new (${after ?? ''})`
  if (after !== null) return `symbol: CONFIG_${name}: ${before} -> ${after}`
  const [first, ...others] = users
  if (first === undefined) return `symbol: CONFIG_${name} (${before}) is gone`
  return `symbol: CONFIG_${name} (${before}) is gone; ${first}${others.length === 0 ? '' : ` and ${others.length} more`} still refers to it`
}
