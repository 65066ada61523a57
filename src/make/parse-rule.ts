import type { Expr, Node, Range, RuleLine } from './cst.ts'
import { COLON, DOLLAR, endOfWord, skipReference, skipSpace, trimEnd } from './chars.ts'
import { parseExpr } from './expr.ts'
import type { FoundAssignment } from './find-assignment.ts'
import { findAssignment } from './find-assignment.ts'
import { mark } from './find-test.ts'
import type { LogicalLine } from './lines.ts'
import { joinRecipe } from './lines.ts'
import type { Reading } from './reading.ts'
import { badLine, rangeOfLine } from './reading.ts'
import type { Mark } from './tokens.ts'
import { tokenize } from './tokens.ts'
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
  if (findReference(left.text) === -1) return badLine(reading, missingSeparator(reading))
  const end = cut.semicolon === null ? trimEnd(left.text, start, left.text.length) : whole.text.length
  const expr = parseExpr(cut.semicolon === null ? left : whole, start, end)
  const tokens = tokenize(reading.text, reading.line, [{ kind: 'text', ...expr.range }])
  return { kind: 'eval', range: rangeOfLine(reading.line), tokens, expr }
}

function findReference(text: string): number {
  const dollar = text.indexOf('$')
  return dollar === text.length - 1 ? -1 : dollar
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
  const start = skipSpace(text, 0)
  const right = colon + (isDouble ? 2 : 1)
  const separator = isGrouped ? (isDouble ? '&::' : '&:') : isDouble ? '::' : ':'
  const targets = { start: Math.min(start, end), end: trimEnd(text, start, end) }
  const split: Split = { separator, targets, separatorAt: { start: end, end: right }, right }
  const found = findAssignment(text, right, { isTargetSpecific: true })
  if (found?.kind === 'assignment') return targetVariable(cut, split, found)
  return prerequisiteLine(cut, split)
}

type FoundValue = Extract<FoundAssignment, { kind: 'assignment' }>

/** A variable of a target: what looks like a recipe or, behind `;`, like a comment belongs to the value. */
function targetVariable(cut: Cut, split: Split, found: FoundValue): Node {
  if (found.nameStart === found.nameEnd) return badLine(cut.reading, 'empty variable name')
  const view = cut.semicolon === null ? cut.left : uncut(cut)
  const valueStart = skipSpace(view.text, found.opEnd)
  const assignment = {
    modifiers: found.modifiers.map(({ modifier }) => modifier),
    name: parseExpr(view, found.nameStart, found.nameEnd),
    op: found.op,
    value: parseExpr(view, valueStart, view.text.length),
  }
  const marks = [
    ...targetMarks(view, split),
    ...found.modifiers.map((modifier) => mark(view, 'keyword', modifier)),
    mark(view, 'text', { start: found.nameStart, end: found.nameEnd }),
    mark(view, 'op', { start: found.opStart, end: found.opEnd }),
    mark(view, 'text', { start: valueStart, end: view.text.length }),
  ]
  const from = skipSpace(view.text, split.right)
  const right = parseExpr(view, from, view.text.length)
  const none = parseExpr(view, view.text.length, view.text.length)
  return {
    ...ruleBase(cut, view, split, marks),
    right,
    assignment,
    targetPattern: null,
    prerequisites: none,
    orderOnly: null,
    recipe: null,
  }
}

/** The whole line, with the backslashes gone that quote colons before the `;`. */
function uncut(cut: Cut): View {
  return findUnquoted(cut.whole, ':').view
}

function targetMarks(view: View, split: Split): Mark[] {
  return [mark(view, 'text', split.targets), mark(view, 'op', split.separatorAt)]
}

function ruleBase(
  cut: Cut,
  view: View,
  split: Split,
  marks: readonly Mark[],
): Pick<RuleLine, 'kind' | 'range' | 'tokens' | 'targets' | 'separator'> {
  const { text, line } = cut.reading
  return {
    kind: 'rule',
    range: rangeOfLine(line),
    tokens: tokenize(text, line, marks),
    targets: parseExpr(view, split.targets.start, split.targets.end),
    separator: split.separator,
  }
}

function prerequisiteLine(cut: Cut, split: Split): Node {
  const second = findUnquoted(cut.left, ':', split.right)
  const view = second.view
  const start = skipSpace(view.text, split.right)
  const pattern = second.index === -1 ? null : { start, end: trimEnd(view.text, start, second.index) }
  const problem = pattern === null ? null : patternProblem(view.text.slice(pattern.start, pattern.end))
  if (problem !== null) return badLine(cut.reading, problem)
  const from = pattern === null ? start : skipSpace(view.text, second.index + 1)
  const pipe = findCodeOutside(view.text, from)
  const end = trimEnd(view.text, from, view.text.length)
  const normal = { start: from, end: pipe === -1 ? end : trimEnd(view.text, from, pipe) }
  const late = pipe === -1 ? null : { start: Math.min(skipSpace(view.text, pipe + 1), end), end }
  const recipe = cut.semicolon === null ? null : inlineRecipe(cut, cut.semicolon)
  const marks = [
    ...targetMarks(view, split),
    ...(pattern === null
      ? []
      : [mark(view, 'text', pattern), mark(view, 'op', { start: second.index, end: second.index + 1 })]),
    mark(view, 'text', normal),
    ...(late === null ? [] : [mark(view, 'op', { start: pipe, end: pipe + 1 }), mark(view, 'text', late)]),
    ...(recipe === null ? [] : recipe.marks),
  ]
  return {
    ...ruleBase(cut, view, split, marks),
    right: parseExpr(view, start, Math.max(start, end)),
    assignment: null,
    targetPattern: pattern === null ? null : parseExpr(view, pattern.start, pattern.end),
    prerequisites: parseExpr(view, normal.start, normal.end),
    orderOnly: late === null ? null : parseExpr(view, late.start, late.end),
    recipe: recipe === null ? null : recipe.expr,
  }
}

/** What make says about a target pattern; null where it depends on what references expand to. */
function patternProblem(pattern: string): string | null {
  if (pattern === '') return 'missing target pattern'
  if (pattern.includes('$')) return null
  if (endOfWord(pattern, 0) < pattern.length) return 'multiple target patterns'
  return pattern.includes('%') ? null : "target pattern contains no '%'"
}

const PIPE = 124

/** The first `|` outside references; the one that separates order-only prerequisites (read.c split_prereqs()). */
function findCodeOutside(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === PIPE) return at
    if (code === DOLLAR) at = skipReference(text, at, text.length) - 1
  }
  return -1
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
