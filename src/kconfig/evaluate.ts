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
 * Which of conf's modes: `config` takes the assignments and the defaults, as `olddefconfig` and `defconfig` do; the others
 * answer everything that the assignments do not.
 */
export type ConfigMode = 'config' | 'allnoconfig' | 'allyesconfig' | 'allmodconfig'

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
  const cells = calculateAll(model, options, new Set())
  const outOfRange = model.dialect.dropsOutOfRange ? cells.all.filter(isOutOfRange).map(({ name }) => name) : []
  const final = outOfRange.length === 0 ? cells : calculateAll(model, options, new Set(outOfRange))
  const symbols = new Map<string, SymbolValue>()
  for (const cell of final.all) {
    if (!model.symbols.has(cell.name)) continue
    symbols.set(cell.name, { value: textOf(cell), visible: triNames[cell.visible], written: cell.written })
  }
  return { symbols, test: (condition) => triNames[condition === null ? 2 : valueOf(final.formula(condition))] }
}

/** Cells with their values. The wishes for `dropped` symbols are passed over. */
function calculateAll(model: KconfigModel, options: EvaluateOptions, dropped: ReadonlySet<string>): Cells {
  const cells = createCells(model)
  for (const assignment of options.assignments) {
    if (!dropped.has(assignment.name)) assign(model, cells, assignment)
  }
  if (options.mode !== 'config') wishForAll(model, cells, options.mode)
  const calculation: Calculation = { dialect: model.dialect, modules: 0 }
  const modules = model.modules === null ? null : cells.find(model.modules)
  if (modules !== null) {
    calculate(calculation, modules)
    calculation.modules = modules.tri
  }
  for (const cell of cells.all) calculate(calculation, cell)
  return cells
}

/** Takes in a line of a .config (confdata.c, `conf_read_simple` and `conf_set_sym_val`); one that does not fit has no effect. */
function assign(model: KconfigModel, cells: Cells, { name, value }: Assignment): void {
  const cell = cells.find(name)
  const wish = cell === null ? null : wishOf(cell, value)
  if (cell === null || wish === null) return
  cell.wish = wish
  const { choice } = cell
  if (choice === null) return
  if (model.dialect.choices === 'calculated') {
    choice.priority = [cell, ...choice.priority.filter((member) => member !== cell)]
  } else {
    const tri = Math.max(choice.wish?.tri ?? 0, wish.tri)
    choice.wish = { tri: tri === 2 ? 2 : tri === 1 ? 1 : 0, text: '' }
    if (wish.tri === 2) choice.wishedMember = cell
  }
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
function wishForAll(model: KconfigModel, cells: Cells, mode: Exclude<ConfigMode, 'config'>): void {
  const tri: Tristate = mode === 'allyesconfig' ? 2 : mode === 'allmodconfig' ? 1 : 0
  const isRecorded = model.dialect.choices === 'recorded'
  for (const cell of cells.all) {
    const { type, symbol, wish } = cell
    if (wish !== null || symbol === null || (type !== 'bool' && type !== 'tristate')) continue
    const isAsked = symbol.prompts.length > 0 && cell.members.length === 0 && cell.choice === null
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
