import type { Assignment, Bad, Define, Node, Range, Recipe, Undefine } from './cst.ts'
import { endOfWord, isBlank, isDirective, skipSpace, endOfExpr } from './chars.ts'
import { parseExpr } from './expr.ts'
import type { FoundAssignment } from './find-assignment.ts'
import { findOperator } from './find-assignment.ts'
import type { LogicalLine } from './lines.ts'
import { joinContinuations, joinRecipe, readLine } from './lines.ts'
import type { Reading } from './reading.ts'
import { badLine, rangeOfLine } from './reading.ts'
import type { Mark } from './tokens.ts'
import { mark, tokenize } from './tokens.ts'
import { findUnquoted, headOfView, offsetOf, viewFrom } from './view.ts'

/** A line that starts with the recipe prefix, after a rule. */
export function parseRecipe(
  text: string,
  line: LogicalLine,
  { prefix, isCertain }: { readonly prefix: string; readonly isCertain: boolean },
): Recipe {
  const start = offsetOf(line.buffer, 0)
  const view = joinRecipe(viewFrom(line.buffer, prefix.length), prefix)
  const recipe = parseExpr(view, 0, view.text.length)
  let prefixEnd = 0
  while (isRecipePrefix(view.text.charCodeAt(prefixEnd))) prefixEnd++
  const marks: Mark[] = [
    { kind: 'tab', start, end: start + prefix.length },
    { kind: 'text', ...recipe.range },
  ]
  return {
    kind: 'recipe',
    range: rangeOfLine(line),
    tokens: tokenize(text, line, marks),
    certain: isCertain,
    text: recipe,
    prefix: view.text.slice(0, prefixEnd),
  }
}

/** A blank, `@`, `-` or `+` (commands.c chop_commands()). */
function isRecipePrefix(code: number): boolean {
  return isBlank(code) || code === 64 || code === 45 || code === 43
}

type Found<Kind> = Extract<FoundAssignment, { kind: Kind }>

/** `name op value`; the value keeps the blanks at its end, as make does. */
export function parseAssignment(reading: Reading, found: Found<'assignment'>): Assignment | Bad {
  const { text, line, plain } = reading
  if (found.nameStart === found.nameEnd) return badLine(reading, 'empty variable name')
  const valueStart = skipSpace(plain.text, found.opEnd)
  const marks = [
    ...found.modifiers.map((modifier) => mark(plain, 'keyword', modifier)),
    mark(plain, 'text', { start: found.nameStart, end: found.nameEnd }),
    mark(plain, 'op', { start: found.opStart, end: found.opEnd }),
    mark(plain, 'text', { start: valueStart, end: plain.text.length }),
  ]
  return {
    kind: 'assignment',
    range: rangeOfLine(line),
    tokens: tokenize(text, line, marks),
    modifiers: found.modifiers.map(({ modifier }) => modifier),
    name: parseExpr(plain, found.nameStart, found.nameEnd),
    op: found.op,
    value: parseExpr(plain, valueStart, plain.text.length),
  }
}

/** `undefine NAME`. */
export function parseUndefine(reading: Reading, found: Found<'define' | 'undefine'>): Undefine | Bad {
  const { text, line, plain } = reading
  const end = endOfExpr(plain.text, found.rest, plain.text.length)
  if (found.rest === end) return badLine(reading, 'empty variable name')
  const marks = [...keywordMarks(reading, found), mark(plain, 'text', { start: found.rest, end })]
  return {
    kind: 'undefine',
    range: rangeOfLine(line),
    tokens: tokenize(text, line, marks),
    modifiers: found.modifiers.map(({ modifier }) => modifier),
    name: parseExpr(plain, found.rest, end),
  }
}

function keywordMarks({ plain }: Reading, found: Found<'define' | 'undefine'>): Mark[] {
  const keyword = { start: found.keywordStart, end: found.keywordEnd }
  return [...found.modifiers, keyword].map((word) => mark(plain, 'keyword', word))
}

/** `define NAME op` with its body, up to the `endef` that belongs to it (read.c do_define()). */
export function parseDefine(reading: Reading, found: Found<'define' | 'undefine'>): Define | Bad {
  const { text, line, plain } = reading
  const operator = findOperator(plain.text, found.rest)
  const nameEnd = operator?.nameEnd ?? endOfExpr(plain.text, found.rest, plain.text.length)
  const opEnd = operator?.opEnd ?? plain.text.length
  const extra = skipSpace(plain.text, opEnd)
  const marks = [
    ...keywordMarks(reading, found),
    mark(plain, 'text', { start: found.rest, end: nameEnd }),
    ...(operator === null ? [] : [mark(plain, 'op', { start: operator.opStart, end: opEnd })]),
    mark(plain, 'bad', { start: extra, end: endOfExpr(plain.text, extra, plain.text.length) }),
  ]
  const endef = findEndef(reading)
  const body = { start: line.end, end: endef?.start ?? reading.source.end }
  const tokens = [
    ...tokenize(text, line, marks),
    ...(body.end > body.start ? [{ kind: 'text' as const, ...body }] : []),
    ...(endef === null ? [] : endefTokens(text, endef)),
  ]
  const range = { start: line.start, end: endef?.end ?? body.end }
  if (found.rest === nameEnd) return { kind: 'bad', range, tokens, message: 'empty variable name' }
  return {
    kind: 'define',
    range,
    tokens,
    modifiers: found.modifiers.map(({ modifier }) => modifier),
    name: parseExpr(plain, found.rest, nameEnd),
    op: operator?.op ?? '=',
    body,
    end: endef === null ? null : rangeOfLine(endef),
  }
}

/** The `endef` line that ends the body; a `define` in it has its own. Lines that start with the recipe prefix are neither. */
function findEndef({ source, line, prefix }: Reading): LogicalLine | null {
  let depth = 1
  for (let at = line.end; at < source.end;) {
    const next = readLine(source, at)
    at = next.end
    const raw = next.buffer.text
    if (raw.startsWith(prefix)) continue
    const joined = joinContinuations(next.buffer).text
    const start = skipSpace(joined, 0)
    if (isDirective(joined, start, 'define')) depth++
    else if (isDirective(joined, start, 'endef') && --depth === 0) return next
  }
  return null
}

function endefTokens(text: string, line: LogicalLine): Mark[] {
  const joined = joinContinuations(line.buffer)
  const start = skipSpace(joined.text, 0)
  const end = start + 'endef'.length
  const { view, index } = findUnquoted(viewFrom(joined, end), '#')
  const plain = index === -1 ? view : headOfView(view, index)
  const extra = skipSpace(plain.text, 0)
  return tokenize(text, line, [
    mark(joined, 'keyword', { start, end }),
    mark(plain, 'bad', { start: extra, end: endOfExpr(plain.text, extra, plain.text.length) }),
  ])
}

/** `export`, `unexport`, `vpath`, `include`, `load` and their like; null where the line starts with none of them. */
export function parseDirective(reading: Reading, start: number): Node | null {
  const { text, line, plain } = reading
  const end = endOfWord(plain.text, start)
  const word = plain.text.slice(start, end)
  if (!DIRECTIVES.has(word)) return null
  const rest = skipSpace(plain.text, end)
  const argument: Range = { start: rest, end: Math.max(rest, endOfExpr(plain.text, rest, plain.text.length)) }
  const tokens = tokenize(text, line, [mark(plain, 'keyword', { start, end }), mark(plain, 'text', argument)])
  const expr = parseExpr(plain, argument.start, argument.end)
  const base = { range: rangeOfLine(line), tokens }
  switch (word) {
    case 'export':
    case 'unexport':
      return { ...base, kind: 'export', modifier: word, names: expr.parts.length === 0 ? null : expr }
    case 'vpath':
      return { ...base, kind: 'vpath', text: expr }
    case 'load':
    case '-load':
      return { ...base, kind: 'load', optional: word === '-load', paths: expr }
    default:
      return { ...base, kind: 'include', optional: word !== 'include', paths: expr }
  }
}

const DIRECTIVES: ReadonlySet<string> = new Set([
  'export',
  'unexport',
  'vpath',
  'include',
  '-include',
  'sinclude',
  'load',
  '-load',
])
