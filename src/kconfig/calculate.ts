import { chooseMember, firstThatHolds, visibilityOf } from './calculate-choice.ts'
import type { Calculation } from './calculate-choice.ts'
import { isWaiting, settle, valueOf } from './cells.ts'
import type { Cell, Formula, Tristate } from './cells.ts'
import { readNumber } from './numbers.ts'

/**
 * Calculates a cell and all that it rests on (symbol.c, `sym_calc_value`). Cells wait for others on a list, not on the
 * stack, and are looked at again when those are done; of cells that wait for each other, which conf refuses, one sees the other as n.
 */
export function calculate(calculation: Calculation, cell: Cell): void {
  const settleWhat = calculation.only === 'values' ? settleValue : settleCell
  const waiting = [cell]
  const need = (other: Cell): void => void waiting.push(other)
  for (let current = waiting.at(-1); current; current = waiting.at(-1)) {
    if (current.progress === 'done') {
      waiting.pop()
      continue
    }
    if (current.progress === 'none') {
      calculation.connect?.(current)
      start(calculation, current)
    }
    const before = waiting.length
    settleWhat(calculation, current, need)
    if (waiting.length > before) continue
    waiting.pop()
    finish(calculation, current)
  }
}

/** The value that others see while the cell is not done. */
function start({ dialect }: Calculation, cell: Cell): void {
  cell.progress = 'started'
  cell.visible = 0
  cell.tri = 0
  cell.written = false
  cell.chosen = null
  cell.text = initialText(cell, dialect.emptyNumberIsZero)
}

function initialText({ type, name }: Cell, emptyNumberIsZero: boolean): string {
  switch (type) {
    case 'bool':
    case 'tristate':
      return 'n'
    case 'int':
      return emptyNumberIsZero ? '0' : ''
    case 'hex':
      return emptyNumberIsZero ? '0x0' : ''
    case 'string':
      return ''
    case 'unknown':
      return name
  }
}

function finish(calculation: Calculation, cell: Cell): void {
  if (cell.type !== 'unknown') {
    cell.visible = visibilityOf(calculation, cell)
    cell.written = cell.visible > 0
    if (cell.type === 'bool' || cell.type === 'tristate') finishTristate(calculation, cell)
    else finishText(cell)
    if (cell.symbol?.transitional === true || cell.isChoice) cell.written = false
  }
  cell.progress = 'done'
}

function finishTristate(calculation: Calculation, cell: Cell): void {
  const { choice } = cell
  const isRecorded = calculation.dialect.choices === 'recorded'
  if (choice !== null && (isRecorded ? cell.visible === 2 : true)) {
    cell.tri = cell.visible > 0 && choice.chosen === cell ? 2 : 0
    return
  }
  const isBool = cell.type === 'bool' || calculation.modules === 0
  const rounded = (value: Tristate): Tristate => (value === 1 && isBool ? 2 : value)
  const reverse = choice === null ? rounded(cell.reverse === null ? 0 : valueOf(cell.reverse)) : 0
  const own = wishedValue(cell) ?? defaultValue(cell, reverse, rounded)
  cell.tri = rounded(own > reverse ? own : reverse)
  if (cell.isChoice && (!isRecorded || cell.tri === 2)) {
    cell.chosen = chooseMember(calculation, cell)
    if (isRecorded && cell.chosen === null) cell.tri = 0
  }
}

/** What the user wants, as far as it is visible; null where it does not count. */
function wishedValue({ wish, visible, symbol }: Cell): Tristate | null {
  if (wish === null) return null
  if (symbol?.transitional === true) return wish.tri
  if (visible === 0) return null
  return wish.tri < visible ? wish.tri : visible
}

/** The value that defaults and implications give. */
function defaultValue(cell: Cell, reverse: Tristate, rounded: (value: Tristate) => Tristate): Tristate {
  if (reverse > 0) cell.written = true
  if (cell.isChoice) return 0
  let value: Tristate = 0
  const found = firstThatHolds(cell.defaults)
  if (found !== null) {
    value = valueOf(found.line.value)
    if (found.value < value) value = found.value
    if (value > 0) cell.written = true
  }
  const implied = cell.choice === null ? rounded(cell.implied === null ? 0 : valueOf(cell.implied)) : 0
  if (implied === 0) return value
  cell.written = true
  if (implied > value) value = implied
  const dependency = rounded(valueOf(cell.dependency))
  return value < dependency ? value : dependency
}

function finishText(cell: Cell): void {
  const { wish } = cell
  if (wish !== null && (cell.visible > 0 || cell.symbol?.transitional === true)) cell.text = wish.text
  else {
    const source = firstThatHolds(cell.defaults)?.line.source
    if (source) {
      cell.written = true
      cell.text = source.text
    }
  }
  if (cell.type !== 'string') cell.text = clampToRange(cell, cell.type === 'int' ? 10 : 16)
}

/** The value, or the bound of the first range that holds which it is beyond (symbol.c, `sym_validate_range`). */
function clampToRange(cell: Cell, base: 10 | 16): string {
  const range = firstThatHolds(cell.ranges)?.line
  if (range === undefined) return cell.text
  const value = readNumber(cell.text, base)
  if (value < boundOf(range.low, base)) return range.low.text
  return value > boundOf(range.high, base) ? range.high.text : cell.text
}

/** A bound of a range, in the base of its own type where it is a number. */
export function boundOf(cell: Cell, base: 10 | 16): bigint {
  return readNumber(cell.text, cell.type === 'int' ? 10 : cell.type === 'hex' ? 16 : base)
}

/**
 * Settles all that a cell's value rests on: its lines, and the choice or the members that it has. The default of a choice
 * is a member, which rests on the choice: of members the choice takes no more than the conditions of their prompts.
 */
function settleCell(_: Calculation, cell: Cell, need: (cell: Cell) => void): void {
  const settleAll = (formulas: readonly (Formula | null)[]): void => {
    for (const formula of formulas) settle(formula, need)
  }
  settleAll([cell.dependency, cell.reverse, cell.implied])
  for (const { condition } of cell.prompts) settle(condition, need)
  for (const { value, condition } of cell.defaults) settleAll([cell.isChoice ? null : value, condition])
  for (const { low, high, condition } of cell.ranges) {
    settle(condition, need)
    for (const bound of [low, high]) if (bound.progress === 'none') need(bound)
  }
  for (const member of cell.members) for (const { condition } of member.prompts) settle(condition, need)
  if (cell.choice?.progress === 'none') need(cell.choice)
}

/**
 * Settles what `finishTristate` looks at of a cell without a choice, in its order, up to the first that is not known yet. Whether it
 * is visible does not count where the user wants n, and n is also what it comes to by itself.
 */
function settleValue(calculation: Calculation, cell: Cell, need: (cell: Cell) => void): void {
  const isLogic = cell.type === 'bool' || cell.type === 'tristate'
  if (!isLogic || cell.isChoice || cell.choice !== null) {
    settleCell(calculation, cell, need)
    return
  }
  if (isWaiting(cell.reverse, need)) return
  const isByItself = cell.defaults.length > 0 || cell.implied !== null
  if (cell.wish !== null && (cell.wish.tri > 0 || isByItself)) {
    if (areWaiting(cell.prompts, need) || visibilityOf(calculation, cell) > 0) return
  }
  if (isByItself) settleByItself(cell, need)
}

/** All conditions, as the greatest of them counts. */
function areWaiting(lines: Cell['prompts'], need: (cell: Cell) => void): boolean {
  return lines.map(({ condition }) => isWaiting(condition, need)).includes(true)
}

/** The first default that holds, and what implies the cell, up to what that depends on. */
function settleByItself({ defaults, implied, dependency }: Cell, need: (cell: Cell) => void): void {
  for (const { value, condition } of defaults) {
    if (isWaiting(condition, need)) return
    if (valueOf(condition) === 0) continue
    if (isWaiting(value, need)) return
    break
  }
  if (implied !== null && !isWaiting(implied, need) && valueOf(implied) > 0) settle(dependency, need)
}
