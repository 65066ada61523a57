import { appended } from './build-nodes.ts'
import type { NodeBuilder, Reading, SymbolBuilder } from './build-nodes.ts'
import { anyOf } from './condition.ts'
import { findRecordedMembers } from './recorded-choices.ts'

type Unfinished = {
  readonly reading: Reading
  readonly symbols: ReadonlyMap<string, SymbolBuilder>
  readonly choices: ReadonlyMap<string, SymbolBuilder>
  readonly root: NodeBuilder
}

/** What is known only when all files are read: choices and their members, who selects whom, what a symbol depends on. */
export function finishModel({ reading, symbols, choices, root }: Unfinished): void {
  for (const operand of reading.modulesOperands) {
    operand.name = reading.modules ?? 'n'
    operand.constant = reading.modules === null
  }
  const nodes = allNodes(root)
  if (reading.dialect.choices === 'recorded') {
    for (const choice of nodes) if (choice.kind === 'choice') findRecordedMembers(choice, symbols)
  } else findCalculatedMembers(nodes, symbols)
  for (const symbol of symbols.values()) {
    for (const selection of symbol.selects) {
      const target = symbols.get(selection.target)
      if (target !== undefined) target.selectedBy = appended(target.selectedBy, selection)
    }
    for (const selection of symbol.implies) {
      const target = symbols.get(selection.target)
      if (target !== undefined) target.impliedBy = appended(target.impliedBy, selection)
    }
  }
  for (const symbol of [...symbols.values(), ...choices.values()]) {
    symbol.dependency = anyOf(symbol.definitions.map(({ condition }) => condition))
  }
}

/** All nodes below one, in the order of the files, without recursion. */
function allNodes(root: NodeBuilder): NodeBuilder[] {
  const nodes: NodeBuilder[] = []
  const left = [root]
  for (let node = left.pop(); node; node = left.pop()) {
    nodes.push(node)
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i]
      if (child) left.push(child)
    }
  }
  return nodes
}

/**
 * Since Linux 6.11 a symbol is of the choice that its first definition with a prompt stands in (symbol.c,
 * `sym_get_choice_menu`), and is listed by the first choice that it stands in (parser.y, `config_stmt`).
 */
function findCalculatedMembers(nodes: readonly NodeBuilder[], symbols: ReadonlyMap<string, SymbolBuilder>): void {
  const listed = new Set<string>()
  for (const { symbol, kind, parent } of nodes) {
    const choice = kind === 'symbol' ? enclosingChoice(parent) : null
    if (!symbol || !choice || listed.has(symbol.name)) continue
    listed.add(symbol.name)
    choice.members = appended(choice.members, symbol.name)
  }
  for (const symbol of symbols.values()) {
    const place = symbol.definitions.find(({ prompt }) => prompt !== null)
    symbol.choice = place ? (enclosingChoice(place.parent)?.name ?? null) : null
  }
}

/** The choice around a place, with nothing but ifs, menus and comments in between. */
function enclosingChoice(parent: NodeBuilder | null): SymbolBuilder | null {
  let node = parent
  while (node !== null && node.symbol === null) node = node.parent
  return node?.kind === 'choice' ? node.symbol : null
}
