import { appended } from './build-nodes.ts'
import type { NodeBuilder, SymbolBuilder } from './build-nodes.ts'
import { both } from './condition.ts'
import type { KconfigExpr } from './model.ts'
import { submenusOf } from './submenus.ts'
import type { Submenu } from './submenus.ts'

type Symbols = ReadonlyMap<string, SymbolBuilder>

/**
 * The members and types of a choice as kernels before Linux 6.11 see them (menu.c, `menu_finalize`): the choice takes the
 * type of its first member that has one and gives it to those that have none; a symbol that depends on the member before
 * it is no member, but an option of that member; bool members of a tristate choice are there only while the choice is y.
 */
export function findRecordedMembers(choice: NodeBuilder, symbols: Symbols): void {
  const { symbol } = choice
  if (symbol === null) return
  const children = choice.children.flatMap((child) => child.symbol ?? [])
  if (symbol.type === 'unknown') symbol.type = children.find(({ type }) => type !== 'unknown')?.type ?? 'unknown'
  for (const child of children) if (child.type === 'unknown') child.type = symbol.type
  for (const node of flattened(submenusOf(choice.children, symbols), symbols)) {
    const member = node.symbol
    if (member === null || member.choice !== null) continue
    member.choice = symbol.name
    symbol.members = appended(symbol.members, member.name)
    if (symbol.type === 'tristate' && member.type !== 'tristate') requireChoice(node, member, symbol.name)
  }
}

/** The nodes of a choice itself: what is below ifs, and below symbols without a prompt, counts as beside them. */
function flattened(menus: readonly Submenu[], symbols: Symbols): NodeBuilder[] {
  const nodes: NodeBuilder[] = []
  const left = menus.toReversed()
  for (let menu = left.pop(); menu; menu = left.pop()) {
    nodes.push(menu.node)
    if (menu.node.prompt !== null) continue
    left.push(...submenusOf(menu.node.children, symbols).toReversed(), ...menu.below.toReversed())
  }
  return nodes
}

/** Makes a member, and its lines at a node, depend on the choice being y. */
function requireChoice(node: NodeBuilder, member: SymbolBuilder, choice: string): void {
  const left = { name: choice, constant: false }
  const isYes: KconfigExpr = { kind: 'compare', op: '=', left, right: { name: 'y', constant: true } }
  node.condition = both(isYes, node.condition)
  for (const line of [...member.prompts, ...member.defaults, ...member.ranges]) {
    const { file, start, end } = line.at
    if (file === node.at.file && start >= node.at.start && end <= node.at.end)
      line.condition = both(isYes, line.condition)
  }
}
