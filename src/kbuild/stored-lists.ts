/** The lists of directories as plain data, and back: five entries a word, which JSON reads ten times faster than objects. */
import type { Cond } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import type { Unknown } from '../make/value.ts'
import type { Span } from '../text/span.ts'
import type { Composite, DirectoryLists, UnknownList } from './directory-lists.ts'
import type { Fields } from './stored-fields.ts'

/** Lists that are of words and nothing else. */
const wordLists = [
  'builtin',
  'module',
  'library',
  'subdirectories',
  'always',
  'extra',
  'hostPrograms',
  'userPrograms',
] as const satisfies readonly (keyof DirectoryLists)[]

/** The files that spans are in, each once. */
export type FileTable = { readonly files: string[]; readonly places: Map<string, number> }

export function createFileTable(): FileTable {
  return { files: [], places: new Map() }
}

/** Text, condition, file, start, end: for each word. */
type StoredWords = readonly (string | number)[]

export function storeLists(table: FileTable, lists: DirectoryLists): readonly unknown[] {
  const composites = [...lists.composites].map(([name, composite]) => storeComposite(table, name, composite))
  const unknown = lists.unknown.map(({ list, when, unknown: what, origin }) => [
    ...[list, when, ...storeSpan(table, origin)],
    ...[what.kind, what.reason, what.key],
  ])
  return [...wordLists.map((name) => storeWords(table, lists[name])), composites, unknown]
}

function storeComposite(table: FileTable, name: string, composite: Composite): readonly unknown[] {
  const { inBuiltin, inModule, builtinParts, moduleParts } = composite
  const differs = moduleParts.findIndex((part, index) => part !== builtinParts[index])
  const shared = differs < 0 ? moduleParts.length : differs
  const rest = storeWords(table, moduleParts.slice(shared))
  return [name, inBuiltin, inModule, storeWords(table, builtinParts), shared, rest]
}

function storeWords(table: FileTable, words: readonly Word[]): StoredWords {
  return words.flatMap(({ text, when, origin }) => [text, when, ...storeSpan(table, origin)])
}

function storeSpan({ files, places }: FileTable, { file, start, end }: Span): readonly number[] {
  let place = places.get(file)
  if (place === undefined) {
    place = files.push(file) - 1
    places.set(file, place)
  }
  return [place, start, end]
}

/** What `storeLists` gave, after JSON. Throws where it is no such thing. */
export function loadLists(fields: Fields, stored: unknown): DirectoryLists {
  const [...parts] = fields.array(stored)
  const [composites, unknown] = [parts[wordLists.length], parts[wordLists.length + 1]]
  const words = (name: (typeof wordLists)[number]): readonly Word[] => loadWords(fields, parts[wordLists.indexOf(name)])
  return {
    builtin: words('builtin'),
    module: words('module'),
    library: words('library'),
    subdirectories: words('subdirectories'),
    always: words('always'),
    extra: words('extra'),
    hostPrograms: words('hostPrograms'),
    userPrograms: words('userPrograms'),
    composites: new Map(fields.array(composites).map((each) => loadComposite(fields, each))),
    unknown: fields.array(unknown).map((each) => loadUnknown(fields, each)),
  }
}

function loadComposite(fields: Fields, stored: unknown): readonly [string, Composite] {
  const [name, inBuiltin, inModule, builtin, shared, rest] = fields.array(stored)
  const builtinParts = loadWords(fields, builtin)
  const moduleParts = [...builtinParts.slice(0, fields.count(shared)), ...loadWords(fields, rest)]
  const conds = { inBuiltin: fields.cond(inBuiltin), inModule: fields.cond(inModule) }
  return [fields.text(name), { ...conds, builtinParts, moduleParts }]
}

function loadUnknown(fields: Fields, stored: unknown): UnknownList {
  const entries = fields.array(stored)
  const [list, when, , , , kind, reason, key] = entries
  // The kinds are for people to read; one that there is not does no harm.
  const unknown = { kind: fields.text(kind) as Unknown['kind'], reason: fields.text(reason), key: fields.text(key) }
  return { list: fields.text(list), when: fields.cond(when), unknown, origin: loadSpan(fields, entries, 2) }
}

const wordEntries = 5

function loadWords(fields: Fields, stored: unknown): readonly Word[] {
  const entries = fields.array(stored)
  const words: Word[] = []
  for (let at = 0; at < entries.length; at += wordEntries) {
    const text = fields.text(entries[at])
    const when: Cond = fields.cond(entries[at + 1])
    words.push({ text, when, origin: loadSpan(fields, entries, at + 2) })
  }
  return words
}

function loadSpan(fields: Fields, entries: readonly unknown[], at: number): Span {
  return { file: fields.file(entries[at]), start: fields.count(entries[at + 1]), end: fields.count(entries[at + 2]) }
}
