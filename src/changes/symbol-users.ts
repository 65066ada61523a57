import type { Condition, KconfigExpr, KconfigModel, MenuNode } from '../kconfig/model.ts'
import type { Tree } from '../text/tree.ts'

/** Where symbols are referred to: paths, makefiles first, each once. */
export type SymbolUsers = ReadonlyMap<string, readonly string[]>

/**
 * Who refers to symbols: the given makefiles, by `CONFIG_NAME`, and the Kconfig files of a model. C sources are not read: to search
 * them takes longer than all else.
 */
export function symbolUsers(
  names: ReadonlySet<string>,
  {
    tree,
    makefiles,
    kconfig,
  }: { readonly tree: Tree; readonly makefiles: readonly string[]; readonly kconfig: KconfigModel },
): SymbolUsers {
  const users = new Map<string, Set<string>>([...names].map((name) => [name, new Set<string>()]))
  if (names.size === 0) return new Map()
  const mention = /\bCONFIG_([A-Za-z0-9_]+)/g
  tree.prefetch(makefiles)
  for (const makefile of makefiles) {
    for (const [, name = ''] of (tree.read(makefile) ?? '').matchAll(mention)) users.get(name)?.add(makefile)
  }
  addKconfigUsers(users, kconfig)
  return new Map([...users].map(([name, paths]) => [name, [...paths]]))
}

type Collected = ReadonlyMap<string, Set<string>>

function addKconfigUsers(users: Collected, { symbols, choices, root }: KconfigModel): void {
  for (const { prompts, defaults, ranges, selects, implies } of [...symbols.values(), ...choices.values()]) {
    for (const line of [...prompts, ...defaults, ...ranges, ...selects, ...implies]) add(users, line.own, line.at.file)
    for (const { target, at } of [...selects, ...implies]) users.get(target)?.add(at.file)
    for (const { value, at } of defaults) add(users, value, at.file)
    for (const { low, high, at } of ranges) for (const { name } of [low, high]) users.get(name)?.add(at.file)
  }
  const open: Placed[] = placed(root)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, around } = next
    open.push(...placed(node))
    add(users, node.visibleIf, node.at.file)
    // What encloses a node is in its condition too, and is told where it is written.
    if (node.condition !== around) addOwn(users, next)
  }
}

/** A node, and what the node around it depends on. */
type Placed = { readonly node: MenuNode; readonly around: Condition }

function placed({ children, condition }: MenuNode): Placed[] {
  return children.map((node) => ({ node, around: condition }))
}

function addOwn(users: Collected, { node: { condition, at }, around }: Placed): void {
  const inherited = new Set(mentioned(around))
  for (const name of mentioned(condition)) if (!inherited.has(name)) users.get(name)?.add(at.file)
}

function add(users: Collected, condition: Condition, file: string): void {
  for (const name of mentioned(condition)) users.get(name)?.add(file)
}

/** The names in an expression, constants left out. */
function mentioned(condition: Condition): readonly string[] {
  const names: string[] = []
  const open: KconfigExpr[] = condition === null ? [] : [condition]
  for (let expr = open.pop(); expr !== undefined; expr = open.pop()) {
    if (expr.kind === 'symbol') names.push(expr.operand.constant ? '' : expr.operand.name)
    else if (expr.kind === 'compare') names.push(expr.left.name, expr.right.name)
    else if (expr.kind === 'not') open.push(expr.operand)
    else open.push(...expr.operands)
  }
  return names
}
