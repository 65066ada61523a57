import { endOfWord, skipSpace, endOfExpr } from './chars.ts'
import { findAssignment } from './find-assignment.ts'
import type { FoundTest, TestKeyword } from './find-test.ts'
import { findTest } from './find-test.ts'
import { joinContinuations, readLine } from './lines.ts'
import type { Reading } from './reading.ts'
import { badLine, rangeOfLine } from './reading.ts'
import type { Mark } from './tokens.ts'
import { mark, tokenize } from './tokens.ts'
import type { BranchHead, TreeBuilder } from './tree-builder.ts'
import { addNode, closeConditional, elseProblem, openBranch, openConditional } from './tree-builder.ts'
import { findUnquoted, rangeOf } from './view.ts'

/** Conditionals inside conditionals inside ...: the kernel has 6 at most. What is nested deeper is one `bad` node. */
const MAX_DEPTH = 200

type Keyword = TestKeyword | 'else' | 'endif'

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  (['ifeq', 'ifneq', 'ifdef', 'ifndef', 'else', 'endif'] as const).map((keyword) => [keyword, keyword]),
)

/** Takes the line at the word at `start` as `ifeq`, `else`, `endif`...; the offset behind what was taken, null where it is none of them. */
export function parseConditional(tree: TreeBuilder, reading: Reading, start: number): number | null {
  const { plain, line } = reading
  const end = endOfWord(plain.text, start)
  const keyword = KEYWORDS.get(plain.text.slice(start, end))
  if (keyword === undefined) return parseUnspaced(tree, reading, start)
  const word: Word = { start, end, rest: skipSpace(plain.text, end) }
  if (keyword === 'endif') parseEndif(tree, reading, word)
  else if (keyword === 'else') parseElse(tree, reading, word)
  else if (tree.frames.length >= MAX_DEPTH) return skipConditional(tree, reading)
  else openTest(tree, reading, word, findTest(plain, keyword, word))
  return line.end
}

/** A directive as indexes: the word, and where what follows it starts. */
type Word = { readonly start: number; readonly end: number; readonly rest: number }

function openTest(tree: TreeBuilder, reading: Reading, word: Word, found: FoundTest): void {
  openConditional(tree, headOf(reading, [word], found))
}

function headOf(
  reading: Reading,
  words: readonly Word[],
  found: FoundTest | null,
  extra: readonly Mark[] = [],
): BranchHead {
  const { text, line, plain } = reading
  const keywords = words.map((word) => mark(plain, 'keyword', word))
  const [keyword] = keywords
  return {
    test: found?.test ?? null,
    keyword: keyword ?? { kind: 'keyword', ...rangeOfLine(line) },
    range: rangeOfLine(line),
    tokens: tokenize(text, line, [...keywords, ...(found?.marks ?? extra)]),
  }
}

/** A plain `else`, `else ifeq ...`, or an `else` with text that make complains of and ignores. */
function parseElse(tree: TreeBuilder, reading: Reading, word: Word): void {
  const { plain } = reading
  const problem = elseProblem(tree)
  if (problem !== null) {
    addNode(tree, badLine(reading, problem))
    return
  }
  const next = wordAt(plain.text, word.rest)
  const keyword = KEYWORDS.get(plain.text.slice(next.start, next.end))
  if (keyword !== undefined && keyword !== 'else' && keyword !== 'endif') {
    const head = headOf(reading, [word, next], findTest(plain, keyword, next))
    openBranch(tree, head, { isPlainElse: false })
    return
  }
  const extra = extraText(reading, word)
  openBranch(tree, headOf(reading, [word], null, extra), { isPlainElse: next.start === plain.text.length })
}

function wordAt(text: string, start: number): Word {
  const end = endOfWord(text, start)
  return { start, end, rest: skipSpace(text, end) }
}

function extraText({ plain }: Reading, word: Word): Mark[] {
  return [mark(plain, 'bad', { start: word.rest, end: endOfExpr(plain.text, word.rest, plain.text.length) })]
}

function parseEndif(tree: TreeBuilder, reading: Reading, word: Word): void {
  if (tree.frames.length === 0) {
    addNode(tree, badLine(reading, "extraneous 'endif'"))
    return
  }
  const { text, line, plain } = reading
  const tokens = tokenize(text, line, [mark(plain, 'keyword', word), ...extraText(reading, word)])
  closeConditional(tree, { range: rangeOfLine(line), tokens })
}

/**
 * `ifeq(a,b)`: make takes it for a rule and stops ("missing separator"; 4.4 adds the reason). Read as the conditional that was
 * meant, with a bad test, so that its `endif` is not taken for another fault.
 */
function parseUnspaced(tree: TreeBuilder, reading: Reading, start: number): number | null {
  const { plain, line } = reading
  const length = plain.text.startsWith('ifeq', start) ? 4 : plain.text.startsWith('ifneq', start) ? 5 : 0
  if (length === 0 || !['(', '"', "'"].includes(plain.text.charAt(start + length))) return null
  if (findUnquoted(plain, ':').index !== -1) return null
  const word: Word = { start, end: start + length, rest: start + length }
  const argument = { start: word.end, end: endOfExpr(plain.text, word.end, plain.text.length) }
  const message = 'missing separator (ifeq/ifneq must be followed by whitespace)'
  openTest(tree, reading, word, {
    test: { kind: 'bad', message, range: rangeOf(plain, start, argument.end) },
    marks: [mark(plain, 'bad', argument)],
  })
  return line.end
}

/** A conditional nested too deeply, up to its `endif`, as one node. */
function skipConditional(tree: TreeBuilder, { source, line }: Reading): number {
  let depth = 1
  let at = line.end
  while (at < source.end && depth > 0) {
    const next = readLine(source, at)
    at = next.end
    const { text: joined } = joinContinuations(next.buffer)
    const start = skipSpace(joined, 0)
    const keyword = KEYWORDS.get(joined.slice(start, endOfWord(joined, start)))
    if (keyword === undefined || findAssignment(joined, start, { isTargetSpecific: false }) !== null) continue
    if (keyword === 'endif') depth--
    else if (keyword !== 'else') depth++
  }
  const range = { start: line.start, end: at }
  addNode(tree, { kind: 'bad', range, tokens: [{ kind: 'bad', ...range }], message: 'conditionals nested too deeply' })
  return at
}
