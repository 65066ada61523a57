import type { BlockKind, Statement } from './syntax.ts'
import { failAt, parseExpr } from './parse-expression.ts'
import type { Failure } from './parse-expression.ts'
import { parseName, parseString } from './parse-property.ts'
import { lineEnd, nextToken } from './scan.ts'
import type { Scanner } from './scan.ts'

/** As `T`, before it is handed out. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A statement under construction: its block, its properties and its end are still to come. */
export type OpenStatement = Mutable<Statement>

type Parse = (scanner: Scanner, keyword: string) => OpenStatement | Failure

const parsers: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['config', parseConfig],
  ['menuconfig', parseConfig],
  ['choice', parseChoice],
  ['menu', parseHeading],
  ['comment', parseHeading],
  ['mainmenu', parseHeading],
  ['if', parseIf],
  ...['endmenu', 'endchoice', 'endif'].map((word): [string, Parse] => [word, parseEnd]),
  ...['source', 'rsource', 'osource', 'orsource'].map((word): [string, Parse] => [word, parseSource]),
])

export function isStatementKeyword(keyword: string): boolean {
  return parsers.has(keyword)
}

/** The statement whose keyword is the current token; the scanner stands behind it afterwards. */
export function parseStatement(scanner: Scanner, keyword: string): OpenStatement | Failure {
  return parsers.get(keyword)?.(scanner, keyword) ?? failAt(scanner, `unknown statement \`${keyword}\``)
}

/**
 * `name op value`, the value being the rest of the line (a backslash does not continue it: lexer.l, state ASSIGN_VAL), or
 * a macro call on its own. The current token is the name.
 */
export function parseAssignmentOrMacro(scanner: Scanner): OpenStatement | Failure {
  const { word: name, start } = scanner
  if (name === null) return failAt(scanner, 'a statement starts with a word')
  nextToken(scanner)
  const { kind: op, end: valueArea } = scanner
  if (op === '=' || op === ':=' || op === '+=') {
    const end = lineEnd(scanner.text, valueArea)
    const value = scanner.text
      .slice(valueArea, end)
      .replace(/\r$/, '')
      .replace(/^[ \t]+/, '')
    const valueStart = Math.min(end, scanner.text.indexOf(value, valueArea))
    scanner.position = end
    nextToken(scanner)
    return { kind: 'assignment', name, op, value, valueStart, parent: null, start, end: valueStart + value.length }
  }
  if (name.parts !== null && scanner.kind === 'end') {
    return { kind: 'macro', word: name, parent: null, start, end: name.end }
  }
  return { kind: 'failure', start: name.start, end: name.end, message: `unknown statement \`${name.text}\`` }
}

function parseConfig(scanner: Scanner, keyword: string): OpenStatement | Failure {
  const { start } = scanner
  nextToken(scanner)
  const name = parseName(scanner, 'the name of the symbol')
  if ('kind' in name) return name
  return { kind: 'config', menu: keyword === 'menuconfig', name, properties: [], parent: null, start, end: name.end }
}

function parseChoice(scanner: Scanner): OpenStatement | Failure {
  const { start, end } = scanner
  nextToken(scanner)
  if (scanner.kind === 'end')
    return { kind: 'choice', name: null, properties: [], close: null, parent: null, start, end }
  const name = parseName(scanner, 'the name of the choice')
  if ('kind' in name) return name
  return { kind: 'choice', name, properties: [], close: null, parent: null, start, end: name.end }
}

function parseHeading(scanner: Scanner, keyword: string): OpenStatement | Failure {
  const { start } = scanner
  nextToken(scanner)
  const prompt = parseString(scanner, `the text of the ${keyword}`)
  if ('kind' in prompt) return prompt
  const { end } = prompt
  if (keyword === 'menu') return { kind: 'menu', prompt, properties: [], close: null, parent: null, start, end }
  if (keyword === 'comment') return { kind: 'comment', prompt, properties: [], parent: null, start, end }
  return { kind: 'mainmenu', prompt, parent: null, start, end }
}

function parseIf(scanner: Scanner): OpenStatement | Failure {
  const { start } = scanner
  nextToken(scanner)
  const condition = parseExpr(scanner)
  if (condition.kind === 'failure') return condition
  return { kind: 'if', condition, close: null, parent: null, start, end: scanner.previousEnd }
}

function parseEnd(scanner: Scanner, keyword: string): OpenStatement {
  const { start, end } = scanner
  nextToken(scanner)
  const of: BlockKind = keyword === 'endmenu' ? 'menu' : keyword === 'endchoice' ? 'choice' : 'if'
  return { kind: 'end', of, open: null, parent: null, start, end }
}

function parseSource(scanner: Scanner, keyword: string): OpenStatement | Failure {
  const { start } = scanner
  nextToken(scanner)
  const path = parseString(scanner, 'the path')
  if ('kind' in path) return path
  const relative = keyword === 'rsource' || keyword === 'orsource'
  const optional = keyword === 'osource' || keyword === 'orsource'
  return { kind: 'source', path, relative, optional, parent: null, start, end: path.end }
}
