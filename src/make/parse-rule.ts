import type { Expr, Node, Range, RuleLine } from './cst.ts'
import { BAR, COLON, endOfExpr, findOutside, skipSpace, unitAt } from './chars.ts'
import { literalExpr, parseExpr } from './expr.ts'
import type { FoundAssignment } from './find-assignment.ts'
import { findAssignment } from './find-assignment.ts'
import type { LogicalLine } from './lines.ts'
import { joinRecipe } from './lines.ts'
import type { Reading } from './reading.ts'
import { badLine, rangeOfLine } from './reading.ts'
import type { Mark } from './tokens.ts'
import { mark, tokenize } from './tokens.ts'
import type { View } from './view.ts'
import { findUnquoted, headOfView, offsetOf, rangeOf, viewFrom } from './view.ts'

/** A line up to its recipe or comment. */
type Cut = {
  readonly reading: Reading
  /** The whole line, with the backslashes gone that quote `;` and `#` before the cut. */
  readonly whole: View
  readonly left: View
  /** The index of the `;` in `whole`; null where the line has no recipe. */
  readonly semicolon: number | null
}

/**
 * A rule line, a variable of a target, or a line of references alone (GNU make read.c eval(), from "This line describes some
 * target files"). make expands word by word until it meets a colon; here the first colon outside references decides.
 */
export function parseRule(reading: Reading): Node {
  const { view, index } = findUnquoted(reading.joined, ';#')
  const hasRecipe = index !== -1 && view.text.charAt(index) === ';'
  const left = index === -1 ? view : headOfView(view, index)
  const cut: Cut = { reading, whole: view, left, semicolon: hasRecipe ? index : null }
  const colon = findUnquoted(left, ':')
  if (colon.index === -1) return withoutColon(cut)
  return withColon({ ...cut, left: colon.view }, colon.index)
}

function withoutColon(cut: Cut): Node {
  const { reading, whole, left } = cut
  const start = skipSpace(left.text, 0)
  if (start === left.text.length) return badLine(reading, 'missing rule before recipe')
  const before = parseExpr(left, start, endOfExpr(left.text, start, left.text.length))
  if (before.parts.every(({ kind }) => kind === 'literal')) return badLine(reading, missingSeparator(reading))
  const expr = cut.semicolon === null ? before : parseExpr(whole, start, whole.text.length)
  const tokens = tokenize(reading.text, reading.line, [{ kind: 'text', ...expr.range }])
  return { kind: 'eval', range: rangeOfLine(reading.line), tokens, expr }
}

function missingSeparator({ prefix, line }: Reading): string {
  const looksLikeRecipe = prefix === '\t' && line.buffer.text.startsWith(' '.repeat(8))
  return looksLikeRecipe ? 'missing separator (did you mean TAB instead of 8 spaces?)' : 'missing separator'
}

/** The parts of a rule line, as indexes into `left`. */
type Split = {
  readonly separator: RuleLine['separator']
  readonly targets: Range
  readonly separatorAt: Range
  readonly right: number
}

function withColon(cut: Cut, colon: number): Node {
  const { text } = cut.left
  const isGrouped = text.charAt(colon - 1) === '&'
  const isDouble = text.charCodeAt(colon + 1) === COLON
  const end = isGrouped ? colon - 1 : colon
  const start = Math.min(skipSpace(text, 0), end)
  const right = colon + (isDouble ? 2 : 1)
  const split: Split = {
    separator: isGrouped ? (isDouble ? '&::' : '&:') : isDouble ? '::' : ':',
    targets: { start, end: endOfExpr(text, start, end) },
    separatorAt: { start: end, end: right },
    right,
  }
  if (start === end) return targetlessLine(cut, split)
  const found = findAssignment(text, right, { isTargetSpecific: true })
  return found?.kind === 'assignment' ? targetVariable(cut, split, found) : prerequisiteLine(cut, split)
}

/** A line that starts with its separator: make reads no further, expands nothing, and drops the recipe lines behind it. */
function targetlessLine(cut: Cut, split: Split): Node {
  const { left: view } = cut
  const start = skipSpace(view.text, split.right)
  const range = { start, end: endOfExpr(view.text, start, view.text.length) }
  const right = literalExpr(view, range)
  const recipe = cut.semicolon === null ? null : inlineRecipe(cut, cut.semicolon)
  const marks = [mark(view, 'text', range), ...(recipe?.marks ?? [])]
  return {
    ...ruleHead(cut.reading, { view, split, marks }),
    right,
    assignment: null,
    targetPattern: null,
    prerequisites: right,
    orderOnly: null,
    recipe: recipe?.expr ?? null,
  }
}

type FoundValue = Extract<FoundAssignment, { kind: 'assignment' }>

/** A variable of a target: what looks like a recipe or, behind `;`, like a comment belongs to the value. */
function targetVariable(cut: Cut, split: Split, found: FoundValue): Node {
  if (found.nameStart === found.nameEnd) return badLine(cut.reading, 'empty variable name')
  const view = cut.semicolon === null ? cut.left : findUnquoted(cut.whole, ':').view
  const end = view.text.length
  const valueStart = skipSpace(view.text, found.opEnd)
  const marks = [
    ...found.modifiers.map((modifier) => mark(view, 'keyword', modifier)),
    mark(view, 'text', { start: found.nameStart, end: found.nameEnd }),
    mark(view, 'op', { start: found.opStart, end: found.opEnd }),
    mark(view, 'text', { start: valueStart, end }),
  ]
  return {
    ...ruleHead(cut.reading, { view, split, marks }),
    right: parseExpr(view, skipSpace(view.text, split.right), end),
    assignment: {
      modifiers: found.modifiers.map(({ modifier }) => modifier),
      name: parseExpr(view, found.nameStart, found.nameEnd),
      op: found.op,
      value: parseExpr(view, valueStart, end),
    },
    targetPattern: null,
    prerequisites: parseExpr(view, end, end),
    orderOnly: null,
    recipe: null,
  }
}

/** What a line is split into, and the marks behind its separator. */
type Sketch = { readonly view: View; readonly split: Split; readonly marks: readonly Mark[] }

function ruleHead(
  { text, line }: Reading,
  { view, split, marks }: Sketch,
): Pick<RuleLine, 'kind' | 'range' | 'tokens' | 'targets' | 'separator'> {
  const targets = [mark(view, 'text', split.targets), mark(view, 'op', split.separatorAt)]
  return {
    kind: 'rule',
    range: rangeOfLine(line),
    tokens: tokenize(text, line, [...targets, ...marks]),
    targets: parseExpr(view, split.targets.start, split.targets.end),
    separator: split.separator,
  }
}

function prerequisiteLine(cut: Cut, split: Split): Node {
  const { view, index: colon } = findUnquoted(cut.left, ':', split.right)
  const start = skipSpace(view.text, split.right)
  const pattern = colon === -1 ? null : { start, end: endOfExpr(view.text, start, colon) }
  const problem = pattern === null ? null : patternProblem(view.text.slice(pattern.start, pattern.end))
  if (problem !== null) return badLine(cut.reading, problem)
  const { normal, bar, orderOnly, end } = splitPrerequisites(view.text, colon === -1 ? start : colon + 1)
  const recipe = cut.semicolon === null ? null : inlineRecipe(cut, cut.semicolon)
  const marks = [
    ...(pattern === null ? [] : [mark(view, 'text', pattern), mark(view, 'op', { start: colon, end: colon + 1 })]),
    mark(view, 'text', normal),
    ...(orderOnly === null ? [] : [mark(view, 'op', { start: bar, end: bar + 1 }), mark(view, 'text', orderOnly)]),
    ...(recipe?.marks ?? []),
  ]
  const exprOf = (range: Range | null): Expr | null => (range === null ? null : parseExpr(view, range.start, range.end))
  return {
    ...ruleHead(cut.reading, { view, split, marks }),
    right: parseExpr(view, start, Math.max(start, end)),
    assignment: null,
    targetPattern: exprOf(pattern),
    prerequisites: parseExpr(view, normal.start, normal.end),
    orderOnly: exprOf(orderOnly),
    recipe: recipe?.expr ?? null,
  }
}

type Prerequisites = {
  readonly normal: Range
  /** The index of the `|`; -1 where there is none. */
  readonly bar: number
  readonly orderOnly: Range | null
  /** The end of both. */
  readonly end: number
}

/** The first `|` outside references separates the order-only prerequisites, even inside a word (read.c split_prereqs()). */
function splitPrerequisites(text: string, from: number): Prerequisites {
  const start = skipSpace(text, from)
  const end = endOfExpr(text, start, text.length)
  const bar = findOutside(text, start, { code: BAR, end })
  if (bar === -1) return { normal: { start, end }, bar, orderOnly: null, end }
  const orderOnly = { start: Math.min(skipSpace(text, bar + 1), end), end }
  return { normal: { start, end: endOfExpr(text, start, bar) }, bar, orderOnly, end }
}

/** What make says about a target pattern; null where it depends on what references expand to. */
function patternProblem(pattern: string): string | null {
  if (pattern === '') return 'missing target pattern'
  const { words, references } = countWords(pattern)
  if (words > 1) return 'multiple target patterns'
  return pattern.includes('%') || references > 0 ? null : "target pattern contains no '%'"
}

/** How many words are there whatever references expand to, those with a character of their own; and how many references. */
function countWords(text: string): { readonly words: number; readonly references: number } {
  let words = 0
  let references = 0
  let inWord = false
  for (let at = 0; at < text.length;) {
    const { kind, next } = unitAt(text, at, text.length)
    if (kind === 'reference') references++
    else {
      if (kind === 'character' && !inWord) words++
      inWord = kind === 'character'
    }
    at = next
  }
  return { words, references }
}

/** The recipe behind `;`: from the raw line, for it is kept like the lines that start with a tab. */
function inlineRecipe(cut: Cut, semicolon: number): { readonly expr: Expr; readonly marks: readonly Mark[] } {
  const { line, prefix } = cut.reading
  const at = rangeOf(cut.whole, semicolon, semicolon + 1)
  const view = joinRecipe(bufferFrom(line, at.end), prefix)
  const expr = parseExpr(view, skipSpace(view.text, 0), view.text.length)
  return {
    expr,
    marks: [
      { kind: 'op', ...at },
      { kind: 'text', ...expr.range },
    ],
  }
}

/** The buffer of a line from an offset on. */
function bufferFrom({ buffer }: LogicalLine, offset: number): View {
  let index = buffer.map === null ? offset - buffer.base : 0
  while (index < buffer.text.length && offsetOf(buffer, index) < offset) index++
  return viewFrom(buffer, index)
}
