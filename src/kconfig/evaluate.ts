import { boundOf, calculate } from './calculate.ts'
import { firstThatHolds } from './calculate-choice.ts'
import type { Calculation } from './calculate-choice.ts'
import { createCells, textOf, valueOf } from './cells.ts'
import type { Cell, Cells, Tristate, Wish } from './cells.ts'
import { unquote } from './dot-config.ts'
import type { Assignment } from './dot-config.ts'
import type { Condition, KconfigModel } from './model.ts'
import { isValidValue, readNumber } from './numbers.ts'

/**
 * Which of conf's modes: `olddefconfig` and `defconfig` take the assignments, and the defaults for all else (they differ in
 * what contradictory or outdated assignments lead to, before Linux 6.11); the others answer what the assignments do not.
 */
export type ConfigMode = 'olddefconfig' | 'defconfig' | 'allnoconfig' | 'allyesconfig' | 'allmodconfig'

export type EvaluateOptions = {
  readonly mode: ConfigMode
  /** The lines of a .config or defconfig, or of `KCONFIG_ALLCONFIG`. */
  readonly assignments: readonly Assignment[]
}

export type SymbolValue = {
  /** `y`, `m`, `n`, a number, or a text without quotes. */
  readonly value: string
  /** Up to which value the user may set it. */
  readonly visible: 'n' | 'm' | 'y'
  /** Whether conf writes a line for it. */
  readonly written: boolean
}

export type ConfigValues = {
  /** Every symbol of the model, in its order. */
  readonly symbols: ReadonlyMap<string, SymbolValue>
  /** The value that a condition of the model has in this configuration. */
  readonly test: (condition: Condition) => 'n' | 'm' | 'y'
}

const triNames = ['n', 'm', 'y'] as const

/** The values that conf would give all symbols of a model. */
export function evaluateConfig(model: KconfigModel, options: EvaluateOptions): ConfigValues {
  const calculation: Calculation = { dialect: model.dialect, modules: 0 }
  let cells = wishedCells(model, options, new Set())
  calculateAll(calculation, model, cells)
  const outOfRange = model.dialect.dropsOutOfRange ? cells.all.filter(isOutOfRange) : []
  if (outOfRange.length > 0) {
    if (options.mode === 'olddefconfig') recalculate(calculation, outOfRange)
    else {
      cells = wishedCells(model, options, new Set(outOfRange.map(({ name }) => name)))
      calculateAll(calculation, model, cells)
    }
  }
  return readValues(model, cells)
}

function readValues(model: KconfigModel, cells: Cells): ConfigValues {
  const symbols = new Map<string, SymbolValue>()
  for (const cell of cells.all) {
    if (!model.symbols.has(cell.name)) continue
    symbols.set(cell.name, { value: textOf(cell), visible: triNames[cell.visible], written: cell.written })
  }
  return { symbols, test: (condition) => triNames[condition === null ? 2 : valueOf(cells.formula(condition))] }
}

/** Cells that know what is wished of them. The assignments of `dropped` symbols are passed over. */
function wishedCells(model: KconfigModel, options: EvaluateOptions, dropped: ReadonlySet<string>): Cells {
  const cells = createCells(model)
  for (const assignment of options.assignments) {
    if (!dropped.has(assignment.name)) assign(model, cells, assignment)
  }
  const { mode } = options
  if (mode === 'olddefconfig') for (const cell of cells.all) if (cell.isContradicted) cell.wish = null
  if (mode !== 'olddefconfig' && mode !== 'defconfig') wishForAll(model, cells, mode)
  return cells
}

/** Calculates all cells; the symbol with `modules` comes first, as types depend on it. */
function calculateAll(calculation: Calculation, model: KconfigModel, cells: Cells): void {
  const modules = model.modules === null ? null : cells.find(model.modules)
  if (modules !== null) {
    calculate(calculation, modules)
    calculation.modules = modules.tri
  }
  for (const cell of cells.all) calculate(calculation, cell)
}

/** Calculates cells anew, without wishes; `olddefconfig` leaves what rests on them as it is. */
function recalculate(calculation: Calculation, cells: readonly Cell[]): void {
  for (const cell of cells) {
    cell.wish = null
    cell.progress = 'none'
    calculate(calculation, cell)
  }
}

/** Takes in a line of a .config (confdata.c, `conf_read_simple` and `conf_set_sym_val`); one that does not fit has no effect. */
function assign(model: KconfigModel, cells: Cells, { name, value }: Assignment): void {
  const cell = cells.find(name)
  const wish = cell === null ? null : wishOf(cell, value)
  if (cell === null || wish === null) return
  cell.wish = wish
  const { choice } = cell
  if (choice === null) return
  if (model.dialect.choices === 'recorded') recordWish(choice, cell, wish)
  else choice.priority = [cell, ...choice.priority.filter((member) => member !== cell)]
}

/** A recorded choice is to be what its members are to be; m after y contradicts that. */
function recordWish(choice: Cell, member: Cell, { tri }: Wish): void {
  const wished = choice.wish?.tri ?? 0
  if (tri === 1 && wished === 2) choice.isContradicted = true
  choice.wish = { tri: tri > wished ? tri : wished, text: '' }
  if (tri === 2) choice.wishedMember = member
}

function wishOf({ type }: Cell, value: string): Wish | null {
  switch (type) {
    case 'bool':
    case 'tristate': {
      const tri = 'nmy'.indexOf(value.charAt(0))
      if (value === '' || tri === -1 || (tri === 1 && type === 'bool')) return null
      return { tri: tri === 2 ? 2 : tri === 1 ? 1 : 0, text: '' }
    }
    case 'string': {
      const text = unquote(value)
      return text === null ? null : { tri: 0, text }
    }
    case 'int':
    case 'hex':
      return isValidValue(type, value) ? { tri: 0, text: value } : null
    case 'unknown':
      return null
  }
}

/** Answers what no line has answered (conf.c, `conf_set_all_new_symbols`). */
function wishForAll(model: KconfigModel, cells: Cells, mode: Exclude<ConfigMode, 'olddefconfig' | 'defconfig'>): void {
  const tri: Tristate = mode === 'allyesconfig' ? 2 : mode === 'allmodconfig' ? 1 : 0
  const isRecorded = model.dialect.choices === 'recorded'
  for (const cell of cells.all) {
    const { type, symbol, wish } = cell
    if (wish !== null || symbol === null || (type !== 'bool' && type !== 'tristate')) continue
    const isAsked = symbol.prompts.length > 0 && !cell.isChoice && cell.choice === null
    if (isRecorded || isAsked) cell.wish = { tri, text: '' }
  }
}

/** Whether a number that the user gave is beyond the range that holds (confdata.c of Linux 6.1, `conf_read`). */
function isOutOfRange(cell: Cell): boolean {
  if (cell.wish === null || cell.choice !== null || (cell.type !== 'int' && cell.type !== 'hex')) return false
  const range = firstThatHolds(cell.ranges)?.line
  if (range === undefined) return false
  const base = cell.type === 'int' ? 10 : 16
  const value = readNumber(cell.wish.text, base)
  return value < boundOf(range.low, base) || value > boundOf(range.high, base)
}
