import type { Span } from '../text/span.ts'
import { appended } from './builders.ts'
import type { NodeBuilder, SymbolBuilder } from './builders.ts'
import { anyOf, both } from './condition.ts'
import type { Condition, KconfigExpr } from './model.ts'
import { submenusOf } from './submenus.ts'
import type { Submenu } from './submenus.ts'

/** The symbols of a model that is being finished. */
export type OwnSymbols = {
  readonly symbols: ReadonlyMap<string, SymbolBuilder>
  /** The symbol or choice of a node, which no other model has; null where the node is of none. */
  readonly ofNode: (node: NodeBuilder) => SymbolBuilder | null
}

/**
 * The members and types of a choice as kernels before Linux 6.11 see them (menu.c, `menu_finalize`): the choice takes the
 * type of its first member that has one and gives it to those that have none; a symbol that depends on the member before
 * it is no member, but an option of that member; bool members of a tristate choice are there only while the choice is y.
 */
export function findRecordedMembers(choice: NodeBuilder, own: OwnSymbols): void {
  const symbol = own.ofNode(choice)
  if (symbol === null) return
  const children = choice.children.flatMap((child) => own.ofNode(child) ?? [])
  if (symbol.type === 'unknown') symbol.type = children.find(({ type }) => type !== 'unknown')?.type ?? 'unknown'
  for (const child of children) if (child.type === 'unknown') child.type = symbol.type
  for (const node of flattened(submenusOf(choice.children, own.symbols), own.symbols)) {
    const member = own.ofNode(node)
    if (member === null || member.choice !== null) continue
    member.choice = symbol.name
    symbol.members = appended(symbol.members, member.name)
    if (symbol.type === 'tristate' && member.type !== 'tristate') requireChoice(node, member, symbol.name)
  }
}

/** The nodes of a choice itself: what is below ifs, and below symbols without a prompt, counts as beside them. */
function flattened(menus: readonly Submenu[], symbols: OwnSymbols['symbols']): NodeBuilder[] {
  const nodes: NodeBuilder[] = []
  const left = menus.toReversed()
  for (let menu = left.pop(); menu; menu = left.pop()) {
    nodes.push(menu.node)
    if (menu.node.prompt !== null) continue
    left.push(...submenusOf(menu.node.children, symbols).toReversed(), ...menu.below.toReversed())
  }
  return nodes
}

/** Makes a member, and its lines at a node, depend on the choice being y. Lines may be other models' as well. */
function requireChoice(node: NodeBuilder, member: SymbolBuilder, choice: string): void {
  const left = { name: choice, constant: false }
  const isYes: KconfigExpr = { kind: 'compare', op: '=', left, right: { name: 'y', constant: true } }
  const narrowed = <Line extends { readonly condition: Condition; readonly at: Span }>(line: Line): Line => {
    const { file, start, end } = line.at
    const isHere = file === node.at.file && start >= node.at.start && end <= node.at.end
    return isHere ? { ...line, condition: both(isYes, line.condition) } : line
  }
  node.condition = both(isYes, node.condition)
  if (node.prompt !== null) node.prompt = narrowed(node.prompt)
  member.prompts = member.prompts.map(narrowed)
  member.defaults = member.defaults.map(narrowed)
  member.ranges = member.ranges.map(narrowed)
  member.dependency = anyOf(member.definitions.map(({ condition }) => condition))
}
