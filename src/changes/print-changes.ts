import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { printCond } from '../cond/print.ts'
import type { Span } from '../text/span.ts'
import { assertNever } from '../text/assert-never.ts'
import type { BuiltObject, Place } from '../kbuild/built-objects.ts'
import type { OrderChange } from './changed-order.ts'
import type { SymbolChange } from './changed-symbols.ts'
import type { ModelPair } from './directory-pairs.ts'
import { createLocator } from '../kbuild/print-objects.ts'
import { commandText, flagsText, listText, ruleText } from './print-lists.ts'
import { counted, namesText } from './print-words.ts'
import { symbolText } from './print-symbols.ts'
import type { BuildChange } from './semantic-diff.ts'

/** Lines that a change is told in; what is more is counted. */
export const maxChangeLines = 15

/** Characters of a condition. */
const maxLength = 120

type PrintOptions = {
  /** What holds anyway, and is left out of conditions. */
  readonly care: Cond
  readonly maxLines?: number
}

type AnyChange = BuildChange | SymbolChange | OrderChange

/** Changes as lines for people, at most 15; the last says how many are left out. */
export function printChanges(
  pair: Pick<ModelPair, 'before' | 'after'>,
  changes: readonly AnyChange[],
  { care, maxLines = maxChangeLines }: PrintOptions,
): readonly string[] {
  const writer = createWriter(pair, care)
  const lines = changes.slice(0, maxLines).map((change) => writer(change))
  if (changes.length <= maxLines) return lines
  return [...lines.slice(0, maxLines - 1), `... and ${changes.length - maxLines + 1} more`]
}

function createWriter({ after }: Pick<ModelPair, 'before' | 'after'>, care: Cond): (change: AnyChange) => string {
  const locate = createLocator(after.tree)
  const cond = (of: Cond): string => printCond(after.conditions, of, { care, maxLength })
  const when = (of: Cond): string => (cond(of) === 'always' ? 'always' : `when ${cond(of)}`)
  const at = (span: Span | null): string => (span === null ? '' : ` (${locate(span)})`)
  const regating = (was: Cond, is: Cond): string => (cond(was) === cond(is) ? '' : `, ${cond(was)} -> ${cond(is)}`)
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
        return `moved: ${change.path}: ${movement(change.from, change.to)}${regating(change.before, change.after)}${at(change.at)}`
      case 'twice':
        return `twice: ${change.path} is linked more than once: ${placesText(change.places, 'and')}, ${when(change.when)}${at(change.at)}`
      case 'renamed':
        return renamedText(change)
      case 'conflict':
        return `conflict: ${change.paths.map((path) => `${path}.ko`).join(' and ')} have one name, ${when(change.when)}`
      case 'directory':
        return directoryText(change, cond)
      case 'list':
        return listText(change, cond)
      case 'flags':
        return flagsText(change, cond)
      case 'command':
        return commandText(change)
      case 'rule':
        return ruleText(change, cond)
      case 'symbol':
        return symbolText(change)
      case 'order':
        return `order: ${change.path}: ${change.first} is linked before ${change.second} now; ${change.moved} of ${change.stayed} built-in entries moved`
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
  return [...new Set(modulesFirst.map(placeName))].join(` ${word} `)
}

function movement(from: readonly BuiltObject[], to: readonly BuiltObject[]): string {
  const [was, is] = [from, to].map((objects) => placesText(objects.map(({ place }) => place)))
  if (was !== is) return `${was ?? ''} -> ${is ?? ''}`
  const [part, other] = [from, to].map((objects) =>
    namesText([...new Set(objects.map(({ composite }) => (composite === null ? 'by itself' : baseName(composite))))]),
  )
  return part === other ? `${is ?? ''}, split otherwise between them` : `${is ?? ''}, ${part ?? ''} -> ${other ?? ''}`
}

/** `drivers/clk/clk-test.o` as a module. */
const moduleName = (path: string): string => baseName(path).replace(/\.o$/, '.ko')
const directoryName = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function renamedText({ of, from, to, objects }: Extract<BuildChange, { kind: 'renamed' }>): string {
  if (of === 'directory') return `renamed: ${from}/ -> ${to}/ with ${counted(objects, 'object')}`
  if (of === 'object') return `renamed: ${from} -> ${to}`
  if (of === 'single module') return `renamed: ${from} -> ${to}, module ${moduleName(from)} -> ${moduleName(to)}`
  return `renamed: module ${moduleName(from)} -> ${moduleName(to)} in ${directoryName(to)}, linked from ${counted(objects, 'object')}`
}

type Printer = (of: Cond) => string

function directoryText(
  { path, before, after, objects }: Extract<BuildChange, { kind: 'directory' }>,
  cond: Printer,
): string {
  const size = counted(objects, 'object')
  if (before === never)
    return `new: ${path}/ with ${size}, ${cond(after) === 'always' ? 'always' : `when ${cond(after)}`}`
  if (after === never)
    return `gone: ${path}/ with ${size}, was reached ${cond(before) === 'always' ? 'always' : `when ${cond(before)}`}`
  return `condition: ${path}/ with ${size}: ${cond(before)} -> ${cond(after)}`
}
