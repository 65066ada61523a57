import type { Assignment, AssignmentOp, Define, Expr, Makefile, RuleLine } from '../make/cst.ts'
import { defineValue } from '../make/define.ts'
import { visitNodes, type Enclosing } from '../make/visit.ts'
import { literalText } from '../make/expr-text.ts'
import { oncePer } from '../text/once-per.ts'

/** A place where a makefile gives a variable a value. */
export type Definition = {
  readonly name: string
  readonly node: Assignment | Define | RuleLine
  readonly op: AssignmentOp
  readonly value: Expr
  readonly enclosing: readonly Enclosing[]
  /** The rule line whose targets alone see the value; null where all do. */
  readonly ofTargets: RuleLine | null
}

/** The definitions in a makefile, in the order of its text; those with a computed name are left out. */
export const definitionsIn: (makefile: Makefile) => readonly Definition[] = oncePer((makefile) => {
  const { text } = makefile
  const definitions: Definition[] = []
  for (const { node, enclosing } of visitNodes(makefile.nodes)) {
    const found = definedBy(node)
    if (found === null) continue
    const name = literalText(text, found.name)?.trim() ?? ''
    if (name === '') continue
    const value = node.kind === 'define' ? defineValue(makefile, node) : found.value
    const ofTargets = node.kind === 'rule' ? node : null
    if (value !== null) definitions.push({ name, node: found.node, op: found.op, value, enclosing, ofTargets })
  }
  return definitions
})

type Defining = {
  readonly node: Definition['node']
  readonly name: Expr
  readonly op: AssignmentOp
  readonly value: Expr | null
}

function definedBy(node: Makefile['nodes'][number]): Defining | null {
  if (node.kind === 'assignment') return { node, name: node.name, op: node.op, value: node.value }
  if (node.kind === 'define') return { node, name: node.name, op: node.op, value: null }
  return node.kind === 'rule' && node.assignment !== null ? { node, ...node.assignment } : null
}

/** The definitions by name. */
export const definitionsByName: (makefile: Makefile) => ReadonlyMap<string, readonly Definition[]> = oncePer(
  (makefile) => Map.groupBy(definitionsIn(makefile), ({ name }) => name),
)
