import { helpEnd } from './help-text.ts'
import { isKeyword } from './parse-expression.ts'
import type { Failure } from './parse-expression.ts'
import { isPropertyKeyword, isPropertyOf, parseProperty } from './parse-property.ts'
import type { EntryKind } from './parse-property.ts'
import { isStatementKeyword, parseAssignmentOrMacro, parseStatement } from './parse-statement.ts'
import type { OpenStatement } from './parse-statement.ts'
import { createScanner, nextToken, skipLine, skipToEnd } from './scan.ts'
import type { Scanner } from './scan.ts'
import type { BlockKind, KconfigFile, Property, SyntaxProblem } from './syntax.ts'

/** Blocks may be nested this deep; the deepest file of Linux 6.12 has 9. Deeper is taken for hostile. */
const maxBlocks = 100

/** What properties are added to. */
type Entry = { readonly kind: EntryKind; readonly statement: OpenStatement; readonly properties: Property[] }

type Builder = {
  readonly scanner: Scanner
  readonly statements: OpenStatement[]
  readonly problems: SyntaxProblem[]
  /** The open blocks, as indices of statements, the innermost last. */
  readonly blocks: number[]
  entry: Entry | null
}

/**
 * The syntax tree of a Kconfig file: a function of its text alone. It never fails: a line that does not parse becomes an
 * error node where it stands, is listed in `problems`, and the lines after it are read as if it were not there.
 */
export function parseKconfig(text: string): KconfigFile {
  const problems: SyntaxProblem[] = []
  const scanner = createScanner(text, problems)
  const builder: Builder = { scanner, statements: [], problems, blocks: [], entry: null }
  while (scanner.position < text.length) parseLine(builder)
  for (const index of builder.blocks) reportUnclosed(builder, index)
  if (text !== '' && !text.endsWith('\n')) {
    problems.push({
      kind: 'warning',
      start: text.length,
      end: text.length,
      message: 'no newline at the end of the file',
    })
  }
  problems.sort((a, b) => a.start - b.start)
  return { statements: builder.statements, problems }
}

function parseLine(builder: Builder): void {
  const { scanner } = builder
  nextToken(scanner)
  const { word } = scanner
  const keyword = word === null || word.quoted || word.parts !== null ? null : word.text
  if (keyword === 'help' || keyword === '---help---') {
    addHelp(builder, keyword)
    return
  }
  if (scanner.kind !== 'end') {
    if (word === null || word.quoted) addFailure(builder, 'a line starts with a keyword', scanner.start)
    else if (keyword !== null && isPropertyKeyword(keyword)) addProperty(builder, keyword)
    else if (keyword !== null && isStatementKeyword(keyword)) addStatement(builder, parseStatement(scanner, keyword))
    else if (isKeyword(word)) addFailure(builder, `\`${word.text}\` does not start a statement`, scanner.start)
    else addStatement(builder, parseAssignmentOrMacro(scanner))
  }
  skipLine(scanner)
}

function addProperty(builder: Builder, keyword: string): void {
  const { scanner, entry } = builder
  const { start } = scanner
  if (entry === null) {
    addFailure(builder, `\`${keyword}\` stands outside of any entry`, start)
    return
  }
  const property = parseProperty(scanner, keyword, entry.kind)
  if (property.kind === 'failure') addError(builder, property, start)
  else if (scanner.kind !== 'end') addFailure(builder, trailing(scanner), start)
  else pushProperty(entry, property)
}

/** A help text. One that is misplaced, or introduced as before Linux 5.9, is an error, and still no statements. */
function addHelp(builder: Builder, keyword: 'help' | '---help---'): void {
  const { scanner, entry } = builder
  const { start, end } = scanner
  nextToken(scanner)
  if (keyword !== 'help') report(builder, { start, end }, '`---help---` is spelled `help`')
  else if (entry === null) report(builder, { start, end }, '`help` stands outside of any entry')
  else if (!isPropertyOf(entry.kind, 'help')) report(builder, { start, end }, `\`help\` is not for a \`${entry.kind}\``)
  else if (scanner.kind !== 'end') report(builder, scanner, 'the help text starts on the next line')
  skipLine(scanner)
  const textStart = scanner.position
  scanner.position = helpEnd(scanner.text, textStart)
  const textLength = scanner.text.slice(textStart, scanner.position).trimEnd().length
  if (entry !== null) pushProperty(entry, { kind: 'help', textStart, start, end: textStart + textLength })
}

function pushProperty(entry: Entry, property: Property): void {
  entry.properties.push(property)
  entry.statement.end = property.end
}

function addStatement(builder: Builder, statement: OpenStatement | Failure): void {
  const { scanner, blocks } = builder
  if (statement.kind === 'failure') addError(builder, statement)
  else if (scanner.kind !== 'end') addFailure(builder, trailing(scanner), statement.start)
  else if (statement.kind === 'macro') pushStatement(builder, statement)
  else {
    const misplaced = problemOfPlace(builder, statement)
    if (misplaced !== null) report(builder, statement, misplaced)
    if (statement.kind === 'end') closeBlock(builder, statement)
    builder.entry = openEntry(statement)
    const index = pushStatement(builder, statement)
    if (isBlock(statement.kind)) blocks.push(index)
  }
}

/** The entry that the properties below a statement belong to; null where it takes none. */
function openEntry(statement: OpenStatement): Entry | null {
  const { kind } = statement
  if (kind !== 'config' && kind !== 'choice' && kind !== 'menu' && kind !== 'comment') return null
  const properties: Property[] = []
  statement.properties = properties
  return { kind, statement, properties }
}

function pushStatement(builder: Builder, statement: OpenStatement): number {
  statement.parent = builder.blocks.at(-1) ?? null
  builder.statements.push(statement)
  return builder.statements.length - 1
}

/** Closes the innermost block of the kind; those within it that are still open are reported. */
function closeBlock(builder: Builder, end: OpenStatement & { kind: 'end' }): void {
  const { blocks, statements } = builder
  const at = blocks.findLastIndex((index) => statements[index]?.kind === end.of)
  const [open, ...unclosed] = at === -1 ? [] : blocks.splice(at)
  if (open === undefined) {
    report(builder, end, `there is no \`${end.of}\` to end here`)
    return
  }
  for (const index of unclosed) reportUnclosed(builder, index)
  end.open = open
  const block = statements[open]
  if (block?.kind === 'menu' || block?.kind === 'choice' || block?.kind === 'if') block.close = statements.length
}

/** What is wrong with the place of a statement; null where nothing is. parser.y: stmt_list_in_choice. */
function problemOfPlace(builder: Builder, statement: OpenStatement): string | null {
  if (builder.blocks.length >= maxBlocks && isBlock(statement.kind)) {
    return `blocks are nested deeper than ${maxBlocks} levels`
  }
  if (['config', 'comment', 'if', 'end'].includes(statement.kind) && !isMenuConfig(statement)) return null
  if (!builder.blocks.some((index) => builder.statements[index]?.kind === 'choice')) return null
  return `${isMenuConfig(statement) ? '`menuconfig`' : `\`${statement.kind}\``} cannot stand in a choice`
}

const isMenuConfig = (statement: OpenStatement): boolean => statement.kind === 'config' && statement.menu

function isBlock(kind: OpenStatement['kind']): kind is BlockKind {
  return kind === 'menu' || kind === 'choice' || kind === 'if'
}

function reportUnclosed(builder: Builder, index: number): void {
  const block = builder.statements[index]
  if (block) report(builder, block, `this \`${block.kind}\` is not ended by \`end${block.kind}\``)
}

function trailing(scanner: Scanner): string {
  return `\`${scanner.text.slice(scanner.start, scanner.end)}\` is not expected here`
}

function addFailure(builder: Builder, message: string, start: number): void {
  const { scanner } = builder
  addError(builder, { kind: 'failure', start: scanner.start, end: scanner.end, message }, start)
}

/** Reports a failure, and keeps its line as an error node: in the open entry, where there is one. */
function addError(builder: Builder, failure: Failure, lineStart = failure.start): void {
  const { scanner, entry } = builder
  report(builder, failure, failure.message)
  if (scanner.kind !== 'end') skipToEnd(scanner)
  const node = { kind: 'error', message: failure.message, start: lineStart, end: scanner.previousEnd } as const
  if (entry !== null) pushProperty(entry, node)
  else pushStatement(builder, { ...node, parent: null })
}

function report(builder: Builder, at: { readonly start: number; readonly end: number }, message: string): void {
  builder.problems.push({ kind: 'error', start: at.start, end: at.end, message })
}
