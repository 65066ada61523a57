import type { Tristate } from './cells.ts'
import { isUnanswered } from './expand.ts'
import type { Answers } from './hunt.ts'
import type { Condition, KconfigExpr, KconfigModel, Operand } from './model.ts'

/** A condition over symbols by their numbers. */
export type Term =
  | { readonly kind: 'constant'; readonly value: Tristate }
  | { readonly kind: 'symbol'; readonly at: number }
  /** y where the symbol has the value, else n. */
  | { readonly kind: 'is'; readonly at: number; readonly value: Tristate }
  | { readonly kind: 'not'; readonly operand: Term }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Term[] }
  /** Something that is not looked at: of any value. */
  | { readonly kind: 'open' }

export const yes: Term = { kind: 'constant', value: 2 }
export const no: Term = { kind: 'constant', value: 0 }
const open: Term = { kind: 'open' }

/** Gives a condition as a term; the same for the same condition. */
export type Terms = (condition: Condition) => Term

export type TermMaker = {
  readonly terms: Terms
  /** A symbol by its name. */
  readonly symbolTerm: (name: string) => Term
}

/**
 * Conditions of a model as terms, in which `numberOf` gives symbols their numbers. What is neither bool nor tristate is n (expr.c
 * `expr_calc_value()`), and so is what a command answers unless `answers` leaves that open; choices and comparisons of anything but a bool or
 * tristate with y, m or n are open.
 */
export function createTerms(model: KconfigModel, answers: Answers, numberOf: (name: string) => number): TermMaker {
  const known = new Map<KconfigExpr, Term>()
  const isLogic = (name: string): boolean => {
    const type = model.symbols.get(name)?.type
    return type === 'bool' || type === 'tristate'
  }
  const symbolTerm = (name: string): Term => {
    if (isLogic(name)) return { kind: 'symbol', at: numberOf(name) }
    return model.choices.has(name) || (answers === 'any' && isUnanswered(name)) ? open : no
  }
  const operand = ({ name, constant }: Operand): Term => {
    if (!constant) return symbolTerm(name)
    return name === 'y' ? yes : name === 'm' ? { kind: 'constant', value: 1 } : no
  }
  const compare = ({ op, left, right }: Extract<KconfigExpr, { kind: 'compare' }>): Term => {
    const value = right.constant ? valueNamed(right.name) : null
    if ((op !== '=' && op !== '!=') || value === null || left.constant || !isLogic(left.name)) return open
    const is: Term = { kind: 'is', at: numberOf(left.name), value }
    return op === '=' ? is : { kind: 'not', operand: is }
  }
  const made = (expr: KconfigExpr): Term => {
    switch (expr.kind) {
      case 'symbol':
        return operand(expr.operand)
      case 'compare':
        return compare(expr)
      case 'not':
        return { kind: 'not', operand: of(expr.operand) }
      case 'and':
        return allTerm(expr.operands.map(of))
      case 'or':
        return anyTerm(expr.operands.map(of))
    }
  }
  const of = (condition: Condition): Term => {
    if (condition === null) return yes
    const found = known.get(condition)
    if (found !== undefined) return found
    const term = made(condition)
    known.set(condition, term)
    return term
  }
  return { terms: of, symbolTerm }
}

function valueNamed(name: string): Tristate | null {
  return name === 'y' ? 2 : name === 'm' ? 1 : name === 'n' ? 0 : null
}

/** Calls `visit` for each symbol that a term names. */
export function visitNumbers(term: Term, visit: (at: number) => void): void {
  switch (term.kind) {
    case 'constant':
    case 'open':
      return
    case 'symbol':
    case 'is':
      visit(term.at)
      return
    case 'not':
      visitNumbers(term.operand, visit)
      return
    case 'and':
    case 'or':
      for (const each of term.operands) visitNumbers(each, visit)
  }
}

/** The least and the greatest of some terms. */
export function allTerm(operands: readonly Term[]): Term {
  const left = operands.filter((each) => each !== yes)
  const [only = yes] = left
  return operands.includes(no) ? no : left.length < 2 ? only : { kind: 'and', operands: left }
}

export function anyTerm(operands: readonly Term[]): Term {
  const left = operands.filter((each) => each !== no)
  const [only = no] = left
  return operands.includes(yes) ? yes : left.length < 2 ? only : { kind: 'or', operands: left }
}
