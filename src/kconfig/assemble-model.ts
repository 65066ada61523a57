import type { Span } from '../text/span.ts'
import { appended } from './builders.ts'
import type { NodeBuilder, SymbolBuilder } from './builders.ts'
import { anyOf } from './condition.ts'
import type { KconfigDialect } from './dialect.ts'
import type { ModelProblem, Probe, Prompt } from './model.ts'
import type { Item } from './portion.ts'
import { findRecordedMembers } from './recorded-choices.ts'

/** What files say, before it is known what follows from all of it together. */
export type Gathered = {
  /** Of a symbol that one statement defines what that says, for all models that have the statement; else its own. */
  readonly symbols: Map<string, SymbolBuilder>
  readonly choices: Map<string, SymbolBuilder>
  /** The symbols that no other model has. */
  readonly own: Map<string, SymbolBuilder>
  /** Which symbol stands in which choice, in the order of the files. */
  readonly members: { readonly symbol: string; readonly choice: string }[]
  readonly choiceNodes: NodeBuilder[]
  readonly files: Map<string, Span[]>
  readonly probes: Map<string, Probe>
  readonly problems: ModelProblem[]
  modules: string | null
  title: Prompt | null
}

/** The parts of symbols, or of choices, that several statements define. */
type Several = Map<string, SymbolBuilder[]>

/** Puts together what files say one after another. */
export function gatherItems(items: readonly Item[]): Gathered {
  const gathered: Gathered = {
    symbols: new Map(),
    choices: new Map(),
    own: new Map(),
    members: [],
    choiceNodes: [],
    files: new Map(),
    probes: new Map(),
    problems: [],
    modules: null,
    title: null,
  }
  const several: Several = new Map()
  for (const item of items) gather(gathered, several, item)
  for (const [name, parts] of several) {
    const joined = joinParts(name, parts)
    gathered.own.set(name, joined)
    keeperOf(gathered, name).set(name, joined)
  }
  return gathered
}

/** No deeper than files bring in others. */
function gather(gathered: Gathered, several: Several, item: Item): void {
  switch (item.kind) {
    case 'symbol':
      addPart(gathered.symbols, several, item.part)
      if (item.choice !== null) gathered.members.push({ symbol: item.part.name, choice: item.choice })
      return
    case 'choice':
      addPart(gathered.choices, several, item.part)
      gathered.choiceNodes.push(item.node)
      return
    case 'file': {
      const { path, items } = item.portion
      const sources = gathered.files.get(path) ?? []
      if (item.from !== null) sources.push(item.from)
      gathered.files.set(path, sources)
      for (const each of items) gather(gathered, several, each)
      return
    }
    case 'title':
      gathered.title = item.prompt
      return
    case 'modules':
      gathered.modules ??= item.name
      return
    case 'problem':
      gathered.problems.push(item.problem)
      return
    case 'probe':
      if (!gathered.probes.has(item.probe.command)) gathered.probes.set(item.probe.command, item.probe)
  }
}

function addPart(kept: Map<string, SymbolBuilder>, several: Several, part: SymbolBuilder): void {
  const first = kept.get(part.name)
  if (first === undefined) {
    kept.set(part.name, part)
    return
  }
  const parts = several.get(part.name)
  if (parts === undefined) several.set(part.name, [first, part])
  else parts.push(part)
}

function joinParts(name: string, parts: readonly SymbolBuilder[]): SymbolBuilder {
  return {
    name,
    type: parts.find(({ type }) => type !== 'unknown')?.type ?? 'unknown',
    definitions: parts.flatMap(({ definitions }) => definitions),
    prompts: parts.flatMap(({ prompts }) => prompts),
    defaults: parts.flatMap(({ defaults }) => defaults),
    ranges: parts.flatMap(({ ranges }) => ranges),
    selects: parts.flatMap(({ selects }) => selects),
    implies: parts.flatMap(({ implies }) => implies),
    selectedBy: [],
    impliedBy: [],
    dependency: anyOf(parts.map(({ dependency }) => dependency)),
    choice: parts.find(({ prompts }) => prompts.length > 0)?.choice ?? null,
    transitional: parts.some(({ transitional }) => transitional),
    members: [],
    optional: parts.some(({ optional }) => optional),
  }
}

/** Adds what is known only when all files are read: choices and their members, who selects whom, what a symbol depends on. */
export function finishModel(gathered: Gathered, { choices }: KconfigDialect): void {
  if (choices === 'recorded') recordMembers(gathered)
  else listMembers(gathered)
  const { symbols } = gathered
  for (const { selects, implies } of symbols.values()) {
    for (const selection of selects) {
      const target = raisedSymbol(symbols, selection.target)
      if (target !== undefined) target.selectedBy = appended(target.selectedBy, selection)
    }
    for (const selection of implies) {
      const target = raisedSymbol(symbols, selection.target)
      if (target !== undefined) target.impliedBy = appended(target.impliedBy, selection)
    }
  }
}

/** The symbol that a line raises, as this model alone has it: one that is raised already is no other's. */
function raisedSymbol(symbols: Map<string, SymbolBuilder>, name: string): SymbolBuilder | undefined {
  const known = symbols.get(name)
  if (known === undefined || known.selectedBy.length > 0 || known.impliedBy.length > 0) return known
  const made = { ...known }
  symbols.set(name, made)
  return made
}

/** A symbol or choice that this model alone has, and may change; null where there is none of the name. */
function ownSymbol(gathered: Gathered, name: string): SymbolBuilder | null {
  const { own } = gathered
  const known = own.get(name)
  if (known !== undefined) return known
  const kept = keeperOf(gathered, name)
  const shared = kept.get(name)
  if (shared === undefined) return null
  const made = { ...shared }
  own.set(name, made)
  kept.set(name, made)
  return made
}

function keeperOf({ symbols, choices }: Gathered, name: string): Map<string, SymbolBuilder> {
  return choices.has(name) ? choices : symbols
}

function recordMembers(gathered: Gathered): void {
  const { symbols, choiceNodes } = gathered
  const ofNode = ({ name }: NodeBuilder): SymbolBuilder | null => (name === null ? null : ownSymbol(gathered, name))
  for (const choice of choiceNodes) findRecordedMembers(choice, { symbols, ofNode })
}

/**
 * Since Linux 6.11 a symbol is of the choice that its first definition with a prompt stands in (symbol.c,
 * `sym_get_choice_menu`), and is listed by the first choice that it stands in (parser.y, `config_stmt`).
 */
function listMembers(gathered: Gathered): void {
  const listed = new Set<string>()
  for (const { symbol, choice } of gathered.members) {
    if (listed.has(symbol)) continue
    listed.add(symbol)
    const lister = ownSymbol(gathered, choice)
    if (lister !== null) lister.members = appended(lister.members, symbol)
  }
}
