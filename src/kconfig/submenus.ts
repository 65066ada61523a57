import type { NodeBuilder, SymbolBuilder } from './builders.ts'
import type { Condition, KconfigExpr, Operand } from './model.ts'
import type { CompareOp } from './syntax.ts'

type Symbols = ReadonlyMap<string, SymbolBuilder>

/** A node, and the nodes after it that hang below it because they depend on it. */
export type Submenu = { readonly node: NodeBuilder; readonly below: Submenu[] }

/**
 * The automatic submenus among nodes of one level (menu.c, `_menu_finalize`, "Automatic submenu creation"): nodes that
 * follow a symbol and depend on it hang below that symbol, up to the first that does not.
 */
export function submenusOf(nodes: readonly NodeBuilder[], symbols: Symbols): Submenu[] {
  const tops: Submenu[] = []
  /** The symbols that may still take nodes, innermost last. */
  const open: Submenu[] = []
  for (const node of nodes) {
    const menu: Submenu = { node, below: [] }
    let parent = open.at(-1)
    while (parent && !hangsBelow(node, parent.node, symbols)) {
      open.pop()
      parent = open.at(-1)
    }
    if (parent) parent.below.push(menu)
    else tops.push(menu)
    if (node.kind === 'symbol' && node.children.length === 0) open.push(menu)
  }
  return tops
}

/** Whether a node is taken by the symbol before it: it needs it, or it mentions it and needs all that the symbol needs. */
function hangsBelow(node: NodeBuilder, before: NodeBuilder, symbols: Symbols): boolean {
  const { name } = before
  const condition = node.prompt === null ? node.condition : node.prompt.condition
  if (name === null || !mentions(condition, name)) return false
  if (needs(condition, name)) return true
  const base = requirements(before.prompt === null ? null : before.prompt.condition, symbols)
  const own = requirements(condition, symbols)
  return [...base].every((key) => own.has(key))
}

/** expr.c, `expr_contains_symbol`. */
function mentions(condition: Condition, name: string): boolean {
  switch (condition?.kind) {
    case undefined:
      return false
    case 'symbol':
      return isSymbol(condition.operand, name)
    case 'compare':
      return isSymbol(condition.left, name) || isSymbol(condition.right, name)
    case 'not':
      return mentions(condition.operand, name)
    case 'and':
    case 'or':
      return condition.operands.some((operand) => mentions(operand, name))
  }
}

/** expr.c, `expr_depends_symbol`. */
function needs(condition: Condition, name: string): boolean {
  switch (condition?.kind) {
    case undefined:
    case 'not':
    case 'or':
      return false
    case 'symbol':
      return isSymbol(condition.operand, name)
    case 'compare': {
      const { op, left, right } = condition
      if (!isSymbol(left, name) || !right.constant) return false
      return (op === '=' && (right.name === 'y' || right.name === 'm')) || (op === '!=' && right.name === 'n')
    }
    case 'and':
      return condition.operands.some((operand) => needs(operand, name))
  }
}

function isSymbol(operand: Operand, name: string): boolean {
  return !operand.constant && operand.name === name
}

/** What must not be n for a condition not to be n, as texts that are equal for equal expressions. */
function requirements(condition: Condition, symbols: Symbols): ReadonlySet<string> {
  if (condition === null) return new Set()
  return new Set(chainKeys(condition, 'and', { negated: false, symbols }).filter((key) => key !== 'y'))
}

type Context = { readonly negated: boolean; readonly symbols: Symbols }

/** The operands of a chain, with negations moved to the leaves: `!(A || B)` is a chain of `&&`. */
function chainKeys(expr: KconfigExpr, kind: 'and' | 'or', context: Context): string[] {
  if (expr.kind === 'not') return chainKeys(expr.operand, kind, { ...context, negated: !context.negated })
  if ((expr.kind === 'and' || expr.kind === 'or') && (expr.kind === kind) !== context.negated) {
    return expr.operands.flatMap((operand) => chainKeys(operand, kind, context))
  }
  return [exprKey(expr, context)]
}

function exprKey(expr: KconfigExpr, context: Context): string {
  switch (expr.kind) {
    case 'symbol':
      return leafKey({ op: '!=', left: expr.operand, right: { name: 'n', constant: true } }, context)
    case 'compare':
      return leafKey(expr, context)
    case 'not':
      return exprKey(expr.operand, { ...context, negated: !context.negated })
    case 'and':
    case 'or': {
      const kind = (expr.kind === 'and') === context.negated ? 'or' : 'and'
      const keys = [...new Set(chainKeys(expr, kind, context))].sort()
      return keys.length === 1 ? keys.join('') : `(${keys.join(kind === 'and' ? '&&' : '||')})`
    }
  }
}

const opposite: Readonly<Record<CompareOp, CompareOp>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}

type Comparison = { readonly op: CompareOp; readonly left: Operand; readonly right: Operand }

/** A comparison; of a bool with y or n the symbol or its negation, whichever way it is written (expr.c, `expr_transform`). */
function leafKey({ op, left, right }: Comparison, { negated, symbols }: Context): string {
  const actual = negated ? opposite[op] : op
  if (left.constant && right.constant && right.name === 'n') return (left.name === 'n') === (actual === '=') ? 'y' : 'n'
  const isBool = !left.constant && symbols.get(left.name)?.type === 'bool'
  if (isBool && right.constant && (actual === '=' || actual === '!=') && (right.name === 'y' || right.name === 'n')) {
    return (right.name === 'y') === (actual === '=') ? left.name : `!${left.name}`
  }
  return JSON.stringify([left.name, left.constant, actual, right.name, right.constant])
}
