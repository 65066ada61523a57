import type { Expr, Property, Statement, Word } from './syntax.ts'

/** Every word of an expression, in the order of the text. */
export function wordsOfExpr(expr: Expr): readonly Word[] {
  switch (expr.kind) {
    case 'symbol':
      return [expr.word]
    case 'compare':
      return [expr.left, expr.right]
    case 'not':
      return wordsOfExpr(expr.operand)
    case 'and':
    case 'or':
      return expr.operands.flatMap(wordsOfExpr)
  }
}

/** Every word of a property, its condition's included, in the order of the text. */
export function wordsOfProperty(property: Property): readonly Word[] {
  switch (property.kind) {
    case 'type':
    case 'prompt':
      return [...(property.prompt === null ? [] : [property.prompt]), ...optionalWords(property.condition)]
    case 'default':
      return [...wordsOfExpr(property.value), ...optionalWords(property.condition)]
    case 'depends':
      return [...wordsOfExpr(property.expr), ...optionalWords(property.condition)]
    case 'select':
    case 'imply':
      return [property.symbol, ...optionalWords(property.condition)]
    case 'range':
      return [property.low, property.high, ...optionalWords(property.condition)]
    case 'visible':
      return optionalWords(property.condition)
    case 'option':
      return property.value === null ? [] : [property.value]
    case 'modules':
    case 'transitional':
    case 'optional':
    case 'help':
    case 'error':
      return []
  }
}

/** Every word of a statement and of its properties, in the order of the text; values of assignments are no words. */
export function wordsOfStatement(statement: Statement): readonly Word[] {
  switch (statement.kind) {
    case 'config':
      return [statement.name, ...statement.properties.flatMap(wordsOfProperty)]
    case 'choice':
      return [...(statement.name === null ? [] : [statement.name]), ...statement.properties.flatMap(wordsOfProperty)]
    case 'menu':
    case 'comment':
      return [statement.prompt, ...statement.properties.flatMap(wordsOfProperty)]
    case 'assignment':
      return [statement.name]
    case 'mainmenu':
      return [statement.prompt]
    case 'if':
      return wordsOfExpr(statement.condition)
    case 'source':
      return [statement.path]
    case 'macro':
      return [statement.word]
    case 'end':
    case 'error':
      return []
  }
}

function optionalWords(condition: Expr | null): readonly Word[] {
  return condition === null ? [] : wordsOfExpr(condition)
}
