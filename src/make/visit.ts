import { assertNever } from '../text/assert-never.ts'
import { oncePer } from '../text/once-per.ts'
import type { AssignmentOp, Conditional, Expr, Node, Part, Test } from './cst.ts'

/** A branch that a node stands in: `conditional.branches[branch]`. */
export type Enclosing = { readonly conditional: Conditional; readonly branch: number }

/** A node and the branches it stands in, the outermost first. */
export type Visit = { readonly node: Node; readonly enclosing: readonly Enclosing[] }

/** All nodes, at any depth, in the order of the text; a conditional comes before what is in its branches. */
export const visitNodes: (nodes: readonly Node[]) => readonly Visit[] = oncePer((nodes) => {
  const visits: Visit[] = []
  addVisits(nodes, [], visits)
  return visits
})

function addVisits(nodes: readonly Node[], enclosing: readonly Enclosing[], visits: Visit[]): void {
  for (const node of nodes) {
    visits.push({ node, enclosing })
    if (node.kind !== 'conditional') continue
    for (const [branch, { body }] of node.branches.entries()) {
      addVisits(body, [...enclosing, { conditional: node, branch }], visits)
    }
  }
}

/** What an expression is in its node. */
export type ExprRole =
  | 'name'
  | 'value'
  | 'test'
  | 'targets'
  | 'target pattern'
  | 'prerequisites'
  | 'order-only prerequisites'
  | 'recipe'
  | 'paths'
  | 'names'
  | 'line'

/**
 * When make expands an expression: while it reads the line, or when the variable or recipe is used. That of `+=` is either, as the
 * variable was first defined (GNU make manual 3.7 "How make Reads a Makefile").
 */
export type Expansion = 'immediate' | 'deferred' | 'as first defined'

export type RoledExpr = { readonly role: ExprRole; readonly expansion: Expansion; readonly expr: Expr }

/** The expressions of a node, without those in the branches of a conditional. Together they are all its text that may hold references, the body of a `define` apart. */
export function exprsOf(node: Node): readonly RoledExpr[] {
  switch (node.kind) {
    case 'assignment':
      return assignmentExprs(node)
    case 'conditional':
      return node.branches.flatMap(({ test }) => (test === null ? [] : testExprs(test)))
    case 'rule':
      return [
        immediate('targets', node.targets),
        ...(node.assignment === null ? [] : assignmentExprs(node.assignment)),
        ...(node.targetPattern === null ? [] : [immediate('target pattern', node.targetPattern)]),
        immediate('prerequisites', node.prerequisites),
        ...(node.orderOnly === null ? [] : [immediate('order-only prerequisites', node.orderOnly)]),
        ...(node.recipe === null ? [] : [deferred('recipe', node.recipe)]),
      ]
    case 'recipe':
      return [deferred('recipe', node.text)]
    case 'define':
    case 'undefine':
      return [immediate('name', node.name)]
    case 'include':
    case 'load':
      return [immediate('paths', node.paths)]
    case 'export':
      return node.names === null ? [] : [immediate('names', node.names)]
    case 'vpath':
      return [immediate('paths', node.text)]
    case 'eval':
      return [immediate('line', node.expr)]
    case 'blank':
    case 'bad':
      return []
    default:
      return assertNever(node)
  }
}

function immediate(role: ExprRole, expr: Expr): RoledExpr {
  return { role, expansion: 'immediate', expr }
}

function deferred(role: ExprRole, expr: Expr): RoledExpr {
  return { role, expansion: 'deferred', expr }
}

function assignmentExprs(assignment: {
  readonly name: Expr
  readonly op: AssignmentOp
  readonly value: Expr
}): RoledExpr[] {
  return [
    immediate('name', assignment.name),
    { role: 'value', expansion: expansionOf(assignment.op), expr: assignment.value },
  ]
}

/** When make expands what stands behind an operator. */
export function expansionOf(op: AssignmentOp): Expansion {
  if (op === '+=') return 'as first defined'
  return op === '=' || op === '?=' ? 'deferred' : 'immediate'
}

function testExprs(test: Test): RoledExpr[] {
  switch (test.kind) {
    case 'eq':
    case 'neq':
      return [immediate('test', test.left), immediate('test', test.right)]
    case 'def':
    case 'ndef':
      return [immediate('test', test.name)]
    case 'bad':
      return []
    default:
      return assertNever(test)
  }
}

/** All parts of an expression, at any depth: a reference comes before what is in it. */
export function visitParts(expr: Expr): readonly Part[] {
  const parts: Part[] = []
  forEachPart(expr, (part) => parts.push(part))
  return parts
}

function forEachPart(expr: Expr, act: (part: Part) => void): void {
  for (const part of expr.parts) {
    act(part)
    // Most parts hold nothing, or a name alone: no list is made of that.
    if (part.kind === 'variable') forEachPart(part.name, act)
    else if (part.kind === 'call' || part.kind === 'substitution')
      for (const inner of exprsInPart(part)) forEachPart(inner, act)
  }
}

/** The expressions directly inside a part. */
export function exprsInPart(part: Part): readonly Expr[] {
  switch (part.kind) {
    case 'literal':
    case 'bad':
      return []
    case 'variable':
      return [part.name]
    case 'substitution':
      return [part.name, part.from, part.to]
    case 'call':
      return part.args
    default:
      return assertNever(part)
  }
}

export type Call = Extract<Part, { kind: 'call' }>
export type Reference = Extract<Part, { kind: 'variable' | 'substitution' }>

/** The calls of a function of make in an expression, at any depth. */
export function callsOf(expr: Expr, fn: string): Call[] {
  const calls: Call[] = []
  forEachPart(expr, (part) => {
    if (part.kind === 'call' && part.fn === fn) calls.push(part)
  })
  return calls
}

/** The references to variables in an expression, at any depth; `$(call name,...)` is a call, not one of them. */
export function referencesOf(expr: Expr): Reference[] {
  const references: Reference[] = []
  forEachPart(expr, (part) => {
    if (part.kind === 'variable' || part.kind === 'substitution') references.push(part)
  })
  return references
}
