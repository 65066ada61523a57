import { anyOf, both, selectionExpr } from './condition.ts'
import { isUnanswered } from './expand.ts'
import type { Condition, KconfigExpr, KconfigModel, KconfigSymbol, Operand, SymbolType } from './model.ts'
import { compareValues } from './numbers.ts'
import type { CompareOp } from './syntax.ts'

/** n, m and y. */
export type Tristate = 0 | 1 | 2

/** An expression with its symbols found. `value` is kept once all symbols in it are final. */
export type Formula =
  | { readonly kind: 'symbol'; readonly cell: Cell }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Cell; readonly right: Cell }
  | { readonly kind: 'not'; readonly operand: Formula }
  | Chain

/** `known` is where a chain whose value is kept notes itself, so that the value can be taken back. */
type Chain = {
  readonly kind: 'and' | 'or'
  readonly operands: readonly Formula[]
  value: Tristate | null
  readonly known: Chain[] | null
}

export type Conditional<T> = T & { readonly condition: Formula | null }

/** What a user, or a mode such as allmodconfig, wants a symbol to be. */
export type Wish = { readonly tri: Tristate; readonly text: string }

/** A symbol, a choice or a constant while values are calculated. */
export type Cell = {
  readonly name: string
  readonly type: SymbolType
  /** Null for what no line defines: constants, numbers, names of nothing. */
  readonly symbol: KconfigSymbol | null
  readonly isChoice: boolean
  prompts: readonly Conditional<object>[]
  /** `source` is the symbol that a default names; null where the default is an expression. */
  defaults: readonly Conditional<{ readonly value: Formula; readonly source: Cell | null }>[]
  ranges: readonly Conditional<{ readonly low: Cell; readonly high: Cell }>[]
  dependency: Formula | null
  reverse: Formula | null
  implied: Formula | null
  choice: Cell | null
  members: Cell[]
  /** The members by priority: `members` until a .config names some. */
  priority: Cell[]
  wish: Wish | null
  /** The member that the user chose; for recorded choices. */
  wishedMember: Cell | null
  /** Whether a .config wants several things of a recorded choice that do not go together. */
  isContradicted: boolean
  progress: 'none' | 'started' | 'done'
  visible: Tristate
  tri: Tristate
  /** The value of a string, int or hex; that of others is `tri`, and this is no more than conf's default of it. */
  text: string
  written: boolean
  /** The member that a choice has come to. */
  chosen: Cell | null
}

export type Cells = {
  /** The symbols and choices of the model. */
  readonly all: readonly Cell[]
  /** The cell of a name that an expression may give without quotes; null where nothing has it. */
  find(name: string): Cell | null
  /** An expression over these cells. */
  formula(expr: KconfigExpr): Formula
}

/** The cells of a model, with nothing calculated yet. */
export function createCells(model: KconfigModel): Cells {
  const named = new Map<string, Cell>()
  const constants = new Map<string, Cell>()
  const formulas = new Map<KconfigExpr, Formula>()
  for (const symbols of [model.symbols, model.choices]) {
    for (const symbol of symbols.values()) named.set(symbol.name, newCell(symbol.name, symbol.type, symbol))
  }
  const all = [...named.values()]
  const cellOf = ({ name, constant }: Operand): Cell => {
    const table = constant ? constants : named
    const known = table.get(name)
    if (known) return known
    const cell = constant ? constantCell(name) : newCell(name, 'unknown', null)
    table.set(name, cell)
    return cell
  }
  const formula = (expr: KconfigExpr): Formula => {
    const known = formulas.get(expr)
    if (known) return known
    const made = formulaOf(expr, { cellOf, formula, known: null })
    formulas.set(expr, made)
    return made
  }
  const maker: Maker = { model, cellOf, formula, choiceOf: (name) => named.get(name) ?? null }
  for (const cell of all) connect(cell, maker)
  return { all, find: (name) => named.get(name) ?? null, formula }
}

/** Cells that are made when something names them, and have no lines before `connect` gives them theirs. */
export type CellsOnDemand = Omit<Cells, 'all'> & {
  connect(cell: Cell): void
  /** Takes back what was calculated of these cells, which are all that were, so that the same cells serve another configuration. */
  forget(calculated: Iterable<Cell>): void
}

/** No cells at first: what a few symbols rest on is a small part of a model. */
export function cellsOnDemand(model: KconfigModel): CellsOnDemand {
  const named = new Map<string, Cell>()
  const constants = new Map<string, Cell>()
  const formulas = new Map<KconfigExpr, Formula>()
  const cellOf = ({ name, constant }: Operand): Cell => {
    const symbol = constant ? null : (model.symbols.get(name) ?? model.choices.get(name) ?? null)
    const make = (): Cell => (constant ? constantCell(name) : newCell(name, symbol?.type ?? 'unknown', symbol))
    return remembered(constant ? constants : named, name, make)
  }
  const known: Chain[] = []
  const formula = (expr: KconfigExpr): Formula =>
    remembered(formulas, expr, () => formulaOf(expr, { cellOf, formula, known }))
  const find = (name: string): Cell | null => {
    const isKnown = model.symbols.has(name) || model.choices.has(name) || isUnanswered(name)
    return isKnown ? cellOf({ name, constant: false }) : null
  }
  const maker: Maker = { model, cellOf, formula, choiceOf: find }
  const forget = (calculated: Iterable<Cell>): void => {
    for (const cell of calculated) {
      cell.progress = 'none'
      cell.tri = 0
      cell.text = cell.name
    }
    for (const chain of known.splice(0)) chain.value = null
  }
  return {
    find,
    formula,
    connect: (cell) => {
      connect(cell, maker)
    },
    forget,
  }
}

function remembered<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const found = kept.get(key)
  if (found !== undefined) return found
  const made = make()
  kept.set(key, made)
  return made
}

type Maker = {
  readonly model: KconfigModel
  readonly cellOf: (operand: Operand) => Cell
  readonly formula: (expr: KconfigExpr) => Formula
  readonly choiceOf: (name: string) => Cell | null
}

function newCell(name: string, type: SymbolType, symbol: KconfigSymbol | null): Cell {
  return {
    name,
    type,
    symbol,
    isChoice: symbol?.name.startsWith('<choice ') ?? false,
    prompts: [],
    defaults: [],
    ranges: [],
    dependency: null,
    reverse: null,
    implied: null,
    choice: null,
    members: [],
    priority: [],
    wish: null,
    wishedMember: null,
    isContradicted: false,
    progress: symbol === null ? 'done' : 'none',
    visible: 0,
    tri: 0,
    text: name,
    written: false,
    chosen: null,
  }
}

/** y, m and n are tristate; any other constant is a text of no type, and n. */
function constantCell(name: string): Cell {
  const tri = name === 'y' ? 2 : name === 'm' ? 1 : 0
  const isTristate = tri > 0 || name === 'n'
  return { ...newCell(name, isTristate ? 'tristate' : 'unknown', null), tri }
}

type FormulaMaker = Pick<Maker, 'cellOf' | 'formula'> & Pick<Chain, 'known'>

function formulaOf(expr: KconfigExpr, { cellOf, formula, known }: FormulaMaker): Formula {
  switch (expr.kind) {
    case 'symbol':
      return { kind: 'symbol', cell: cellOf(expr.operand) }
    case 'compare':
      return { kind: 'compare', op: expr.op, left: cellOf(expr.left), right: cellOf(expr.right) }
    case 'not': {
      const operand = formula(expr.operand)
      if (isConstant(operand, 'y')) return { kind: 'symbol', cell: cellOf({ name: 'n', constant: true }) }
      if (isConstant(operand, 'n')) return { kind: 'symbol', cell: cellOf({ name: 'y', constant: true }) }
      return { kind: 'not', operand }
    }
    case 'and':
    case 'or':
      return chainOf(expr.kind, expr.operands.map(formula), known)
  }
}

/**
 * A chain without the constants that change nothing, and nothing but the constant that decides it (expr.c,
 * `expr_eliminate_yn`): what conf drops like this cannot make symbols wait for each other.
 */
function chainOf(kind: 'and' | 'or', operands: readonly Formula[], known: Chain['known']): Formula {
  const [neutral, deciding] = kind === 'and' ? (['y', 'n'] as const) : (['n', 'y'] as const)
  const decided = operands.find((operand) => isConstant(operand, deciding))
  if (decided) return decided
  const left = operands.filter((operand) => !isConstant(operand, neutral))
  const [first] = left.length > 0 ? left : operands
  return first && left.length < 2 ? first : { kind, operands: left, value: null, known }
}

function isConstant(formula: Formula, name: 'y' | 'n'): boolean {
  return (
    formula.kind === 'symbol' &&
    formula.cell.type === 'tristate' &&
    formula.cell.symbol === null &&
    formula.cell.name === name
  )
}

/** Gives a cell the lines of its symbol. */
function connect(cell: Cell, maker: Maker): void {
  const { symbol } = cell
  if (symbol === null) return
  const { cellOf, formula } = maker
  const optional = (condition: Condition): Formula | null => (condition === null ? null : formula(condition))
  cell.prompts = symbol.prompts.map(({ condition }) => ({ condition: optional(condition) }))
  cell.defaults = symbol.defaults.map(({ value, condition }) => ({
    value: formula(value),
    source: value.kind === 'symbol' ? cellOf(value.operand) : null,
    condition: optional(condition),
  }))
  cell.ranges = symbol.ranges.map(({ low, high, condition }) => ({
    low: cellOf(low),
    high: cellOf(high),
    condition: optional(condition),
  }))
  cell.dependency = optional(symbol.dependency)
  cell.reverse = optional(reverseOf(symbol, maker.model))
  cell.implied = optional(selectionExpr(symbol.impliedBy))
  cell.choice = symbol.choice === null ? null : maker.choiceOf(symbol.choice)
  cell.members = symbol.members.flatMap((name) => maker.choiceOf(name) ?? [])
  cell.priority = cell.members
}

/**
 * What selects a symbol. A recorded choice that is not optional is selected by its own visibility, up to m, so that a
 * visible choice is never n (menu.c of Linux 6.1, `menu_finalize`).
 */
function reverseOf(symbol: KconfigSymbol, model: KconfigModel): Condition {
  const isRecordedChoice = model.dialect.choices === 'recorded' && model.choices.has(symbol.name)
  if (!isRecordedChoice || symbol.optional) return selectionExpr(symbol.selectedBy)
  const m: KconfigExpr = { kind: 'symbol', operand: { name: 'm', constant: true } }
  return anyOf(symbol.definitions.flatMap(({ prompt }) => (prompt === null ? [] : [both(prompt.condition, m)])))
}

/** The value of a formula, from the present values of its cells. */
export function valueOf(formula: Formula | null): Tristate {
  switch (formula?.kind) {
    case undefined:
      return 2
    case 'symbol':
      return formula.cell.tri
    case 'compare':
      return compareValues(comparable(formula.left), formula.op, comparable(formula.right)) ? 2 : 0
    case 'not':
      return opposite(valueOf(formula.operand))
    case 'and':
      return formula.value ?? least(formula.operands)
    case 'or':
      return formula.value ?? greatest(formula.operands)
  }
}

/** `!` of a value (expr.h, EXPR_NOT). */
export const opposite = (value: Tristate): Tristate => (value === 0 ? 2 : value === 1 ? 1 : 0)

function least(operands: readonly Formula[]): Tristate {
  let result: Tristate = 2
  for (const operand of operands) {
    const value = valueOf(operand)
    if (value < result) result = value
    if (result === 0) break
  }
  return result
}

function greatest(operands: readonly Formula[]): Tristate {
  let result: Tristate = 0
  for (const operand of operands) {
    const value = valueOf(operand)
    if (value > result) result = value
    if (result === 2) break
  }
  return result
}

/** The value of a cell as a .config would have it, without quotes. */
export function textOf(cell: Cell): string {
  return cell.type === 'bool' || cell.type === 'tristate' ? triName(cell.tri) : cell.text
}

function triName(tri: Tristate): 'n' | 'm' | 'y' {
  return tri === 2 ? 'y' : tri === 1 ? 'm' : 'n'
}

function comparable(cell: Cell): { text: string; type: SymbolType } {
  return { text: textOf(cell), type: cell.type }
}

/**
 * Whether enough cells of a formula are done to tell its value, which is kept where it is; `need` is called for those that are not
 * even started: of `A && B` for those of A alone, as B does not count where A is n.
 */
export function settle(formula: Formula | null, need: (cell: Cell) => void): boolean {
  switch (formula?.kind) {
    case undefined:
      return true
    case 'symbol':
      return isDone(formula.cell, need)
    case 'compare': {
      const left = isDone(formula.left, need)
      return isDone(formula.right, need) && left
    }
    case 'not':
      return settle(formula.operand, need)
    case 'and':
    case 'or': {
      if (formula.value !== null) return true
      const settled = formula.kind === 'and' ? settleAnd(formula, need) : settleOr(formula, need)
      if (settled) {
        formula.value = valueOf(formula)
        formula.known?.push(formula)
      }
      return settled
    }
  }
}

/** One operand after the other, up to the first that is n. One that waits for the cell itself is passed over. */
function settleAnd({ operands }: Chain, need: (cell: Cell) => void): boolean {
  let settled = true
  const asked = { some: false }
  const ask = (cell: Cell): void => {
    asked.some = true
    need(cell)
  }
  for (const operand of operands) {
    if (!settle(operand, ask)) {
      if (asked.some) return false
      settled = false
    } else if (valueOf(operand) === 0) return true
  }
  return settled
}

/** Whether cells have to be calculated before a formula can be settled: not those that wait for the cell that asks. */
export function isWaiting(formula: Formula | null, need: (cell: Cell) => void): boolean {
  let isAsked = false
  settle(formula, (cell) => {
    isAsked = true
    need(cell)
  })
  return isAsked
}

/** All operands in one go, as mostly none of them is y, unless one is. */
function settleOr({ operands }: Chain, need: (cell: Cell) => void): boolean {
  let settled = true
  for (const operand of operands) {
    if (!settle(operand, need)) settled = false
    else if (valueOf(operand) === 2) return true
  }
  return settled
}

function isDone(cell: Cell, need: (cell: Cell) => void): boolean {
  if (cell.progress === 'none') need(cell)
  return cell.progress === 'done'
}
