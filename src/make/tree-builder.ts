import type { Branch, Conditional, Node, Range, Test, Token } from './cst.ts'

/**
 * What a line that starts with a tab is, where the parser stands: a recipe line after a rule line, no recipe line after other
 * statements; unknown where that depends on expansion or on the branch taken.
 */
export type RecipeContext = 'none' | 'rule' | 'unknown'

/** The directive line of a branch. */
export type BranchHead = {
  readonly test: Test | null
  readonly keyword: Token
  readonly range: Range
  readonly tokens: readonly Token[]
}

type OpenBranch = BranchHead & { readonly body: Node[] }

/** A conditional whose `endif` is yet to come. */
type Frame = {
  readonly closed: Branch[]
  readonly entry: RecipeContext
  /** The context behind the branches read so far; null before the first ends. */
  exit: RecipeContext | null
  hasElse: boolean
  open: OpenBranch
}

/** A tree under construction. Conditionals are on a stack, so that no depth of nesting exhausts another one. */
export type TreeBuilder = { readonly nodes: Node[]; readonly frames: Frame[]; context: RecipeContext }

export function startTree(): TreeBuilder {
  return { nodes: [], frames: [], context: 'none' }
}

/** Adds a node to the innermost open branch. */
export function addNode(tree: TreeBuilder, node: Node): void {
  const frame = tree.frames.at(-1)
  if (frame === undefined) tree.nodes.push(node)
  else frame.open.body.push(node)
}

/** Starts a conditional with its first branch. */
export function openConditional(tree: TreeBuilder, head: BranchHead): void {
  tree.frames.push({ closed: [], entry: tree.context, exit: null, hasElse: false, open: { ...head, body: [] } })
}

/** Whether an `else` may stand here, and if not, what make says (read.c conditional_line()). */
export function elseProblem(tree: TreeBuilder): string | null {
  const frame = tree.frames.at(-1)
  if (frame === undefined) return "extraneous 'else'"
  return frame.hasElse ? "only one 'else' per conditional" : null
}

/** Starts the next branch of the innermost conditional; no `else` may follow a plain one. */
export function openBranch(
  tree: TreeBuilder,
  head: BranchHead,
  { isPlainElse }: { readonly isPlainElse: boolean },
): void {
  const frame = tree.frames.at(-1)
  if (frame === undefined) return
  closeBranch(tree, frame)
  frame.open = { ...head, body: [] }
  frame.hasElse = isPlainElse
  tree.context = frame.entry
}

/** Ends the innermost conditional; `endif` is null at the end of the text. */
export function closeConditional(tree: TreeBuilder, endif: Conditional['endif']): void {
  const frame = tree.frames.pop()
  if (frame === undefined) return
  closeBranch(tree, frame)
  const start = frame.closed[0]?.range.start ?? 0
  const last = frame.closed.at(-1)
  const end = endif?.range.end ?? last?.body.at(-1)?.range.end ?? last?.range.end ?? start
  addNode(tree, { kind: 'conditional', range: { start, end }, branches: frame.closed, endif })
  const exit = frame.exit ?? frame.entry
  tree.context = frame.hasElse || exit === frame.entry ? exit : 'unknown'
}

function closeBranch(tree: TreeBuilder, frame: Frame): void {
  frame.closed.push(frame.open)
  frame.exit = frame.exit === null || frame.exit === tree.context ? tree.context : 'unknown'
}
