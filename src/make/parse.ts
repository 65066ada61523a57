import type { Assignment, Makefile, Node, Range } from './cst.ts'
import { skipSpace } from './chars.ts'
import { findAssignment } from './find-assignment.ts'
import type { Source } from './lines.ts'
import { joinContinuations, openSource, readLine } from './lines.ts'
import { parseConditional } from './parse-conditional.ts'
import { parseRule } from './parse-rule.ts'
import { parseAssignment, parseDefine, parseDirective, parseRecipe, parseUndefine } from './parse-statement.ts'
import type { Reading } from './reading.ts'
import { badLine, rangeOfLine } from './reading.ts'
import { tokenize } from './tokens.ts'
import type { RecipeContext, TreeBuilder } from './tree-builder.ts'
import { addNode, closeConditional, startTree } from './tree-builder.ts'
import type { View } from './view.ts'
import { findUnquoted, headOfView } from './view.ts'

/** Where the parser stands. */
type State = {
  readonly source: Source
  readonly tree: TreeBuilder
  at: number
  prefix: string
}

/**
 * The tree of a makefile. Never throws: what make refuses is a `bad` node, test or part, or an `endif` or `endef` that is null.
 * Lines are classified in the order of GNU make's read.c eval(): recipe lines, assignments, conditionals, other directives, rules.
 * Where versions differ, 4.3 to 4.4.1 are followed: a hash in a reference is no comment (since 4.3), and a line with a tab may be a
 * conditional where no rule is open (never, in makes newer than 4.4.1).
 */
export function parseMakefile(text: string): Makefile {
  return { text, nodes: parseRange(text, { start: 0, end: text.length }) }
}

/** The nodes of a part of a text that starts and ends between lines. */
export function parseRange(text: string, range: Range): readonly Node[] {
  const state: State = { source: openSource(text, range), tree: startTree(), at: range.start, prefix: '\t' }
  while (state.at < range.end) parseLine(state)
  while (state.tree.frames.length > 0) closeConditional(state.tree, null)
  return state.tree.nodes
}

function parseLine(state: State): void {
  const { source, prefix, tree } = state
  const { text } = source
  const line = readLine(source, state.at)
  state.at = line.end
  const isIndented = line.buffer.text.startsWith(prefix)
  if (isIndented && tree.context === 'rule') {
    addNode(tree, parseRecipe(text, line, { prefix, isCertain: true }))
    return
  }
  const joined = joinContinuations(line.buffer)
  const reading: Reading = { text, source, line, joined, plain: withoutComment(joined), prefix }
  const start = skipSpace(reading.plain.text, 0)
  if (start === reading.plain.text.length) {
    addNode(tree, { kind: 'blank', range: rangeOfLine(line), tokens: tokenize(text, line, []) })
    return
  }
  const definition = parseDefinition(reading, start)
  if (definition !== null) {
    addStatement(state, definition, contextAfter(definition))
    return
  }
  const behind = parseConditional(tree, reading, start)
  if (behind !== null) {
    state.at = behind
    return
  }
  const directive = parseDirective(reading, start)
  if (directive === null && isIndented && tree.context === 'unknown') {
    addNode(tree, parseRecipe(text, line, { prefix, isCertain: false }))
    return
  }
  const node = directive ?? parseRest(reading, isIndented)
  addStatement(state, node, contextAfter(node))
}

function withoutComment(joined: View): View {
  if (!joined.text.includes('#')) return joined
  const { view, index } = findUnquoted(joined, '#')
  return index === -1 ? view : headOfView(view, index)
}

function addStatement(state: State, node: Node, context: RecipeContext): void {
  addNode(state.tree, node)
  state.at = node.range.end
  state.tree.context = context
  if (node.kind === 'assignment') state.prefix = recipePrefixAfter(state, node)
}

/** Assignments, `define` and `undefine`. */
function parseDefinition(reading: Reading, start: number): Node | null {
  const found = findAssignment(reading.plain.text, start, { isTargetSpecific: false })
  if (found === null) return null
  if (found.kind === 'assignment') return parseAssignment(reading, found)
  return found.kind === 'define' ? parseDefine(reading, found) : parseUndefine(reading, found)
}

/** What is no statement is a rule, or references that may become one. A line that starts with a tab can be neither. */
function parseRest(reading: Reading, isIndented: boolean): Node {
  return isIndented ? badLine(reading, 'recipe commences before first target') : parseRule(reading)
}

/** These expand to nothing, so a line of them alone is no rule. */
const SILENT: ReadonlySet<string> = new Set(['eval', 'info', 'warning', 'error'])

/**
 * What a tab makes of the next line. Where references alone may or may not have made a rule, a line that reads as a statement is
 * one: all such lines of Linux 6.1 and 6.12 are assignments (tools/scripts/Makefile.include). After a fault make has stopped; anything may have been meant. */
function contextAfter(node: Node): RecipeContext {
  if (node.kind === 'rule') return node.assignment === null ? 'rule' : 'none'
  if (node.kind === 'bad') return 'unknown'
  if (node.kind !== 'eval') return 'none'
  const isSilent = node.expr.parts.every((part) => part.kind === 'call' && SILENT.has(part.fn))
  return isSilent ? 'none' : 'unknown'
}

/** `.RECIPEPREFIX` takes effect with the next line: the first character of its value, a tab where that is empty (variable.c set_special_var()). */
function recipePrefixAfter(state: State, { name, value }: Assignment): string {
  const { text } = state.source
  if (text.slice(name.range.start, name.range.end) !== '.RECIPEPREFIX') return state.prefix
  return text.slice(value.range.start, value.range.end).charAt(0) || '\t'
}
