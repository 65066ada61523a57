import type { Conditional, Node } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { callsOf, exprsOf, referencesOf, visitNodes } from '../../src/make/visit.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import type { MakefileView } from '../../src/review/rule.ts'
import { offsetToPosition } from '../../src/text/line-index.ts'

/** What the top makefile does only where it is entered for the first time. */
export type FirstEntry = {
  /** The `ifneq ($(sub_make_done),1)`: its line, 1-based. */
  readonly line: number
  /** Whether `KBUILD_EXTMOD=dir` has its effect there too (since Linux 6.13), and not behind it. */
  readonly usesExtmod: boolean
}

/** The part of the top makefile that a makefile below it skips when it enters it again; null where it reads `M=` every time. */
export function firstEntryOf(top: MakefileView): FirstEntry | null {
  for (const { node } of visitNodes(top.syntax.nodes)) {
    if (node.kind !== 'conditional' || !isGuard(node, top.text)) continue
    const nodes = [...visitNodes(node.branches[0]?.body ?? [])].map((visit) => visit.node)
    if (!nodes.some((inner) => readsM(inner, top.text))) continue
    const { line } = offsetToPosition(top.lines, node.range.start)
    return { line, usesExtmod: definitionsFrom(nodes, top).some(({ name }) => name !== 'KBUILD_EXTMOD') }
  }
  return null
}

function isGuard(node: Conditional, text: string): boolean {
  const test = node.branches[0]?.test
  return test?.kind === 'neq' && textOf(text, test.left) === '$(sub_make_done)' && textOf(text, test.right) === '1'
}

/** `$(origin M)`: whether M came from the command line. */
function readsM(node: Node, text: string): boolean {
  const origins = exprsOf(node).flatMap(({ expr }) => callsOf(expr, 'origin'))
  return origins.some(({ args }) => args[0] !== undefined && literalText(text, args[0])?.trim() === 'M')
}

/** The variables that are set among `nodes` from the value of KBUILD_EXTMOD. */
function definitionsFrom(nodes: readonly Node[], { syntax, text }: MakefileView): ReturnType<typeof definitionsIn> {
  const within = new Set<Node>(nodes)
  return definitionsIn(syntax).filter(
    ({ node, value }) =>
      within.has(node) && referencesOf(value).some(({ name }) => literalText(text, name) === 'KBUILD_EXTMOD'),
  )
}
