import { compareCommands, type CommandChange } from './command-changes.ts'
import type { ElfSizes } from './elf.ts'
import type { LivepatchModule } from './livepatch-module.ts'
import { compareSymvers, type ExportedSymbol } from './symvers.ts'

/** What a build made, as far as it is compared. Paths are relative to the tree, also those of external modules in it. */
export type Evidence = {
  /** The command of each object. */
  readonly commands: ReadonlyMap<string, string>
  /** Null where there is no Module.symvers, or an empty one. */
  readonly symbols: ReadonlyMap<string, ExportedSymbol> | null
  /** By path: `samples/livepatch/livepatch-sample.ko`. */
  readonly modules: ReadonlyMap<string, LivepatchModule>
  /** Whether there was more than is read. */
  readonly isCut: boolean
}

/** What evidence takes of a report at most. */
export const maxEvidenceLines = 15

/** Places that each section takes of it, so that none is crowded out by another; what one leaves is the others'. */
const maxGroups = 6
const maxModules = 5

/** What a patch changed in what is built, and what its livepatch modules are made of, in at most 15 lines; empty where there is nothing to say. */
export function printEvidence(before: Evidence, after: Evidence): readonly string[] {
  const sections = [
    cut(commandLines(before, after), maxGroups, 'further changes of commands'),
    before.symbols && after.symbols ? symbolLines(before.symbols, after.symbols) : [],
    cut(sizeLines(before.modules, after.modules), maxModules, 'further modules of another size'),
    cut(livepatchLines(after.modules), maxModules, 'further livepatch modules'),
    before.isCut || after.isCut ? ['not all that was built was compared: there is more than is read'] : [],
  ]
  return cut(sections.flat(), maxEvidenceLines, 'further lines')
}

/** The first lines, of which the last says how many there are besides. */
function cut(lines: readonly string[], most: number, what: string): readonly string[] {
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), `${lines.length - most + 1} ${what}`]
}

function commandLines(before: Evidence, after: Evidence): readonly string[] {
  const { changed, fresh, gone } = compareCommands(before.commands, after.commands)
  return [
    ...changed.map(describeChange),
    ...(fresh.length > 0 ? [`${counted(fresh, 'new object')}: ${listed(fresh)}`] : []),
    ...(gone.length > 0 ? [`${counted(gone, 'object')} no more: ${listed(gone)}`] : []),
  ]
}

function describeChange({ objects, added, removed }: CommandChange): string {
  const what = [
    ...(removed.length > 0 ? [`removes ${wordsOf(removed)}`] : []),
    ...(added.length > 0 ? [`adds ${wordsOf(added)}`] : []),
  ]
  return `${counted(objects, 'object')} (${listed(objects)}): ${what.length > 0 ? what.join(', ') : 'the same words in another order'}`
}

function wordsOf(words: readonly string[]): string {
  const text = words.join(' ')
  return `\`${text.length > maxWords ? `${text.slice(0, maxWords)}…` : text}\``
}

/** Characters of the words of a change that are shown. */
const maxWords = 200

const counted = (items: readonly string[], noun: string): string =>
  `${items.length.toLocaleString('en-US')} ${noun}${items.length === 1 ? '' : 's'}`

/** The first few of a sorted list. */
function listed(items: readonly string[]): string {
  return items.length > maxListed ? `${items.slice(0, maxListed).join(', ')}, ...` : items.join(', ')
}

const maxListed = 3

function symbolLines(
  before: ReadonlyMap<string, ExportedSymbol>,
  after: ReadonlyMap<string, ExportedSymbol>,
): readonly string[] {
  const { added, removed, changed, crcs } = compareSymvers(before, after)
  const named = ({ symbol, module, type }: ExportedSymbol): string => `${symbol} (${module}, ${type})`
  const moved = changed.map(({ before: then, after: now }) => `${now.symbol} (${whatChanged(then, now)})`)
  return [
    ...(added.length > 0
      ? [`Module.symvers: ${counted(names(added), 'new symbol')}: ${listed(added.map(named))}`]
      : []),
    ...(removed.length > 0
      ? [`Module.symvers: ${counted(names(removed), 'symbol')} no more: ${listed(removed.map(named))}`]
      : []),
    ...(moved.length > 0 ? [`Module.symvers: ${counted(moved, 'symbol')} otherwise: ${listed(moved)}`] : []),
    ...(crcs.length > 0 ? [`Module.symvers: ${counted(crcs, 'symbol')} with another CRC: ${listed(crcs)}`] : []),
  ]
}

const names = (symbols: readonly ExportedSymbol[]): readonly string[] => symbols.map(({ symbol }) => symbol)

function whatChanged(then: ExportedSymbol, now: ExportedSymbol): string {
  const fields = ['module', 'type', 'namespace'] as const
  const changed = fields.filter((field) => then[field] !== now[field])
  return changed.map((field) => `${then[field] || 'none'} -> ${now[field] || 'none'}`).join(', ')
}

/** The modules whose sizes change, the largest change first. */
function sizeLines(
  before: ReadonlyMap<string, LivepatchModule>,
  after: ReadonlyMap<string, LivepatchModule>,
): readonly string[] {
  const changed = [...after].flatMap(([path, { sizes }]) => {
    const old = before.get(path)?.sizes
    return old === undefined || total(old) === total(sizes)
      ? []
      : [{ path, old, now: sizes, by: total(sizes) - total(old) }]
  })
  return changed
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by) || compareText(a.path, b.path))
    .map(({ path, old, now, by }) => `${path}: ${by > 0 ? '+' : ''}${by} bytes (${describeSizes(old, now)})`)
}

const total = ({ text, data, bss }: ElfSizes): number => text + data + bss

function describeSizes(old: ElfSizes, now: ElfSizes): string {
  const kinds = ['text', 'data', 'bss'] as const
  return kinds.flatMap((kind) => (old[kind] === now[kind] ? [] : [`${kind} ${old[kind]} -> ${now[kind]}`])).join(', ')
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** What makes each livepatch module one: those with relocations of their own first, the others together. Modules that are none have no line. */
function livepatchLines(modules: ReadonlyMap<string, LivepatchModule>): readonly string[] {
  const all = [...modules].sort(([a], [b]) => compareText(a, b))
  const isSpecial = ({ relocations, symbols }: LivepatchModule): boolean => relocations.length + symbols.length > 0
  const plain = all.filter(([, module]) => module.isLivepatch && !isSpecial(module)).map(([path]) => path)
  return [
    ...all.filter(([, module]) => isSpecial(module)).map(([path, module]) => `${path}: ${describeLivepatch(module)}`),
    ...(plain.length > 0
      ? [`${counted(plain, 'module')} with livepatch=Y and no .klp. sections: ${listed(plain)}`]
      : []),
  ]
}

function describeLivepatch({ isLivepatch, relocations, symbols }: LivepatchModule): string {
  const more = relocations.length - maxListed
  return [
    isLivepatch ? 'livepatch=Y' : 'no livepatch= in modinfo',
    ...relocations.slice(0, maxListed),
    ...(more > 0 ? [`${more} more .klp.rela sections`] : []),
    ...(symbols.length > 0 ? [`${counted(symbols, 'symbol')}: ${listed(symbols)}`] : []),
  ].join(', ')
}
