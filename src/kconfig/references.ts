import type { Expr, KconfigFile, Property, Statement, TypeName, Word } from './syntax.ts'

/**
 * What a name is used for.
 * - select, imply: it is to be raised.
 * - depends: a `depends on`, a `visible if`, the condition of an `if` block.
 * - condition: what follows `if` on another line.
 * - default, range: a value.
 */
export type ReferenceUse = 'select' | 'imply' | 'depends' | 'condition' | 'default' | 'range'

/** A name of a symbol where a Kconfig file uses it. */
export type Reference = {
  readonly name: string
  readonly word: Word
  readonly use: ReferenceUse
  /** The name that it is compared with; null where it is not compared. */
  readonly comparedWith: Word | null
  /** The statement that the line belongs to. */
  readonly statement: Statement
}

/** The names that a file defines, without those that are made by macros. */
export function definedNames(file: KconfigFile): readonly string[] {
  return file.statements.flatMap((statement) =>
    statement.kind === 'config' && statement.name.parts === null ? [statement.name.text] : [],
  )
}

/**
 * The names of symbols that a file uses, in the order of its text. Left out are y, m and n, numbers, and what is quoted or made by
 * macros: symbol.c `sym_lookup()` takes those for constants, or they are not known here.
 */
export function referencesIn(file: KconfigFile): readonly Reference[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind === 'if') return inExpr(statement.condition, { use: 'depends', statement })
    return 'properties' in statement ? statement.properties.flatMap((each) => inProperty(each, statement)) : []
  })
}

/** The names that a file selects or implies: those of its references, and nothing made of the others. */
export function raisedNames(file: KconfigFile): readonly string[] {
  const names: string[] = []
  for (const statement of file.statements) {
    if (!('properties' in statement)) continue
    for (const property of statement.properties) {
      const isRaising = property.kind === 'select' || property.kind === 'imply'
      if (isRaising && isName(property.symbol)) names.push(property.symbol.text)
    }
  }
  return names
}

/** The type that a definition gives its symbol itself; null where it gives none. */
export function typeGiven(statement: Extract<Statement, { readonly kind: 'config' }>): TypeName | null {
  for (const property of statement.properties) {
    if ((property.kind === 'type' || property.kind === 'default') && property.type !== null) return property.type
  }
  return null
}

/** Where names are met: the same for all names of an expression. */
type Place = { readonly use: ReferenceUse; readonly statement: Statement }

function inProperty(property: Property, statement: Statement): readonly Reference[] {
  const place = (use: ReferenceUse): Place => ({ use, statement })
  const condition = (expr: Expr | null): readonly Reference[] => (expr === null ? [] : inExpr(expr, place('condition')))
  switch (property.kind) {
    case 'depends':
      return [...inExpr(property.expr, place('depends')), ...condition(property.condition)]
    case 'visible':
      return property.condition === null ? [] : inExpr(property.condition, place('depends'))
    case 'select':
    case 'imply':
      return [...single(property.symbol, place(property.kind)), ...condition(property.condition)]
    case 'default':
      return [...inExpr(property.value, place('default')), ...condition(property.condition)]
    case 'range': {
      const bounds = [property.low, property.high].flatMap((bound) => single(bound, place('range')))
      return [...bounds, ...condition(property.condition)]
    }
    case 'type':
    case 'prompt':
      return condition(property.condition)
    case 'modules':
    case 'transitional':
    case 'optional':
    case 'option':
    case 'help':
    case 'error':
      return []
  }
}

function inExpr(expr: Expr, place: Place): readonly Reference[] {
  switch (expr.kind) {
    case 'symbol':
      return single(expr.word, place)
    case 'compare':
      return [...single(expr.left, place, expr.right), ...single(expr.right, place, expr.left)]
    case 'not':
      return inExpr(expr.operand, place)
    case 'and':
    case 'or':
      return expr.operands.flatMap((operand) => inExpr(operand, place))
  }
}

function single(word: Word, place: Place, comparedWith: Word | null = null): readonly Reference[] {
  const isRaised = place.use === 'select' || place.use === 'imply'
  return isName(word) && (isRaised || !isNumber(word)) ? [{ name: word.text, word, comparedWith, ...place }] : []
}

/** A word that conf looks up among the symbols. */
function isName({ quoted, parts, text }: Word): boolean {
  return !quoted && parts === null && !/^[ymn]$/.test(text)
}

/** A number is looked up too: `8260` is a symbol of powerpc. In an expression it stands for itself, if nothing is named so. */
function isNumber({ text }: Word): boolean {
  return /^(?:-?\d+|0[xX][0-9a-fA-F]+)$/.test(text)
}
