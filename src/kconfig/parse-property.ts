import type { Expr, Property, TypeName, Word } from './syntax.ts'
import { failAt, parseExpr, parseWord } from './parse-expression.ts'
import type { Failure } from './parse-expression.ts'
import { nextToken } from './scan.ts'
import type { Scanner } from './scan.ts'

/** What a property may stand below. */
export type EntryKind = 'config' | 'choice' | 'menu' | 'comment'

type Parse = (scanner: Scanner, keyword: string) => Property | Failure

/** The properties by the word they start with; `help` is read by `parseKconfig`, as its text is no tokens. */
const parsers: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ...['bool', 'tristate', 'int', 'hex', 'string'].map((type): [string, Parse] => [type, parseType]),
  ...['default', 'def_bool', 'def_tristate'].map((word): [string, Parse] => [word, parseDefault]),
  ...['select', 'imply'].map((word): [string, Parse] => [word, parseSelect]),
  ...['modules', 'transitional', 'optional'].map((word): [string, Parse] => [word, parseFlag]),
  ['prompt', parsePrompt],
  ['depends', parseDepends],
  ['range', parseRange],
  ['visible', parseVisible],
  ['option', parseOption],
])

/** parser.y: config_option, choice_option, menu_option_list, comment_option_list; of all kernels since 5.0. */
const allowed: Readonly<Record<EntryKind, ReadonlySet<Property['kind']>>> = {
  config: new Set<Property['kind']>([
    ...(['type', 'prompt', 'default', 'depends', 'select', 'imply', 'range', 'help'] as const),
    ...(['modules', 'transitional', 'option'] as const),
  ]),
  choice: new Set(['type', 'prompt', 'default', 'depends', 'optional', 'help']),
  menu: new Set(['visible', 'depends']),
  comment: new Set(['depends']),
}

/** Whether a line that starts with a word is a property other than `help`. */
export function isPropertyKeyword(keyword: string): boolean {
  return parsers.has(keyword)
}

/** Whether properties of a kind may stand in an entry, by parser.y. */
export function isPropertyOf(entry: EntryKind, kind: Property['kind']): boolean {
  return allowed[entry].has(kind)
}

/** The property whose keyword is the current token; the scanner stands behind it afterwards. */
export function parseProperty(scanner: Scanner, keyword: string, entry: EntryKind): Property | Failure {
  const parse = parsers.get(keyword)
  if (parse === undefined) return failAt(scanner, `unknown property \`${keyword}\``)
  const { start, end } = scanner
  const property = parse(scanner, keyword)
  if (property.kind === 'failure') return property
  if (!isPropertyOf(entry, property.kind)) {
    return { kind: 'failure', start, end, message: `\`${keyword}\` is not for a \`${entry}\`` }
  }
  if (entry === 'choice' && property.kind === 'default' && !isPlainSymbol(property.value)) {
    return { kind: 'failure', ...rangeOf(property.value), message: 'the default of a choice is one symbol' }
  }
  return property
}

/** What follows `if`, null where no `if` follows. */
function parseCondition(scanner: Scanner): Expr | Failure | null {
  if (scanner.word === null || scanner.word.quoted || scanner.word.text !== 'if') return null
  nextToken(scanner)
  return parseExpr(scanner)
}

/** A quoted string. */
export function parseString(scanner: Scanner, what: string): Word | Failure {
  const { word, kind } = scanner
  if (word === null) return failAt(scanner, `${what} is missing`)
  if (kind !== 'string') return failAt(scanner, `${what} must be quoted`)
  nextToken(scanner)
  return word
}

/** A name that is not quoted, which parser.y calls `nonconst_symbol`. */
export function parseName(scanner: Scanner, what: string): Word | Failure {
  if (scanner.kind === 'string') return failAt(scanner, `${what} must not be quoted`)
  return parseWord(scanner, what)
}

function parseType(scanner: Scanner, keyword: string): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const type = typeNamed(keyword)
  if (scanner.kind === 'end') return { kind: 'type', type, prompt: null, condition: null, ...since(scanner, start) }
  const prompt = parseString(scanner, 'the prompt')
  if ('kind' in prompt) return prompt
  const condition = parseCondition(scanner)
  if (condition?.kind === 'failure') return condition
  return { kind: 'type', type, prompt, condition, ...since(scanner, start) }
}

function parsePrompt(scanner: Scanner): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const prompt = parseString(scanner, 'the prompt')
  if ('kind' in prompt) return prompt
  const condition = parseCondition(scanner)
  if (condition?.kind === 'failure') return condition
  return { kind: 'prompt', prompt, condition, ...since(scanner, start) }
}

function parseDefault(scanner: Scanner, keyword: string): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const value = parseExpr(scanner)
  if (value.kind === 'failure') return value
  const condition = parseCondition(scanner)
  if (condition?.kind === 'failure') return condition
  const type = keyword === 'def_bool' ? 'bool' : keyword === 'def_tristate' ? 'tristate' : null
  return { kind: 'default', type, value, condition, ...since(scanner, start) }
}

function parseDepends(scanner: Scanner): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  if (scanner.word?.text !== 'on' || scanner.word.quoted) return failAt(scanner, '`depends` is followed by `on`')
  nextToken(scanner)
  const expr = parseExpr(scanner)
  if (expr.kind === 'failure') return expr
  const condition = parseCondition(scanner)
  if (condition?.kind === 'failure') return condition
  return { kind: 'depends', expr, condition, ...since(scanner, start) }
}

function parseSelect(scanner: Scanner, keyword: string): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const symbol = parseName(scanner, 'the symbol')
  if ('kind' in symbol) return symbol
  const condition = parseCondition(scanner)
  if (condition?.kind === 'failure') return condition
  return { kind: keyword === 'select' ? 'select' : 'imply', symbol, condition, ...since(scanner, start) }
}

function parseRange(scanner: Scanner): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const low = parseWord(scanner, 'the lower bound')
  if ('kind' in low) return low
  const high = parseWord(scanner, 'the upper bound')
  if ('kind' in high) return high
  const condition = parseCondition(scanner)
  if (condition?.kind === 'failure') return condition
  return { kind: 'range', low, high, condition, ...since(scanner, start) }
}

function parseVisible(scanner: Scanner): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const condition = parseCondition(scanner)
  if (condition?.kind === 'failure') return condition
  return { kind: 'visible', condition, ...since(scanner, start) }
}

function parseFlag(scanner: Scanner, keyword: string): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const kind = keyword === 'modules' || keyword === 'transitional' ? keyword : 'optional'
  return { kind, ...since(scanner, start) }
}

function parseOption(scanner: Scanner): Property | Failure {
  const { start } = scanner
  nextToken(scanner)
  const name = scanner.word
  if (name === null) return failAt(scanner, 'the name of the option is missing')
  nextToken(scanner)
  if (scanner.kind !== '=') return { kind: 'option', name: name.text, value: null, ...since(scanner, start) }
  nextToken(scanner)
  const value = parseString(scanner, 'the value')
  if ('kind' in value) return value
  return { kind: 'option', name: name.text, value, ...since(scanner, start) }
}

function typeNamed(keyword: string): TypeName {
  switch (keyword) {
    case 'tristate':
    case 'int':
    case 'hex':
    case 'string':
      return keyword
    default:
      return 'bool'
  }
}

function isPlainSymbol(expr: Expr): boolean {
  return expr.kind === 'symbol' && !expr.word.quoted
}

function rangeOf(node: { readonly start: number; readonly end: number }): { start: number; end: number } {
  return { start: node.start, end: node.end }
}

function since(scanner: Scanner, start: number): { start: number; end: number } {
  return { start, end: scanner.previousEnd }
}
