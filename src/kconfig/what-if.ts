import { calculate } from './calculate.ts'
import type { Calculation } from './calculate-choice.ts'
import { cellsOnDemand, settle, valueOf } from './cells.ts'
import type { Cell, Tristate, Wish } from './cells.ts'
import { isUnanswered } from './expand.ts'
import type { Condition, KconfigModel } from './model.ts'

/** What a few symbols and conditions come to in a configuration. */
export type WhatIf = {
  /** The value of a bool or tristate; n of any other, and of what nothing defines. */
  readonly value: (symbol: string) => Tristate
  readonly test: (condition: Condition) => Tristate
}

/** Tries configurations of a model out, and what commands answer, by their text (n unless it is said); what it gave for one is of no use any more once it is asked for another. */
export type TryOut = (wishes: ReadonlyMap<string, Tristate>) => WhatIf

/**
 * The configurations that `conf --allnoconfig` makes with `KCONFIG_ALLCONFIG` naming some values, each worked out only as far as it is
 * asked for: a few milliseconds, where that of a whole kernel takes some hundred.
 */
export function createTryOut(model: KconfigModel): TryOut {
  const cells = cellsOnDemand(model)
  const connected = new Set<Cell>()
  const calculated: Cell[] = []
  const answers: Cell[] = []
  /** A choice looks at the prompts of its members. */
  const connect = (cell: Cell): void => {
    if (connected.has(cell)) return
    connected.add(cell)
    cells.connect(cell)
    for (const member of cell.members) connect(member)
  }
  return (wishes) => {
    cells.forget(calculated.splice(0))
    for (const cell of answers.splice(0)) cell.tri = 0
    for (const [name, value] of wishes) {
      const cell = isUnanswered(name) ? cells.find(name) : null
      if (cell === null) continue
      cell.tri = value
      answers.push(cell)
    }
    const calculation: Calculation = {
      dialect: model.dialect,
      modules: 0,
      only: 'values',
      connect: (cell) => {
        if (cell.symbol !== null) calculated.push(cell)
        connect(cell)
        for (const each of [cell, ...cell.members]) each.wish = wishOf(each, model, wishes)
        if (cell.isChoice && model.dialect.choices === 'recorded') wishMember(cell, wishes)
      },
    }
    const modules = model.modules === null ? null : cells.find(model.modules)
    calculation.modules = modules === null ? 0 : valueAfter(calculation, modules)
    return {
      value: (symbol) => valueAfter(calculation, cells.find(symbol)),
      test: (condition) => {
        if (condition === null) return 2
        const formula = cells.formula(condition)
        settle(formula, (cell) => valueAfter(calculation, cell))
        return valueOf(formula)
      },
    }
  }
}

function valueAfter(calculation: Calculation, cell: Cell | null): Tristate {
  if (cell?.progress === 'none') calculate(calculation, cell)
  return cell?.tri ?? 0
}

/** A recorded choice is what its members are asked to be, and comes to the last that is asked to be y (confdata.c, `conf_read_simple`). */
function wishMember(choice: Cell, wishes: ReadonlyMap<string, Tristate>): void {
  const asked = choice.members.filter(({ name }) => (wishes.get(name) ?? 0) > 0)
  const isWanted = ({ name }: Cell): boolean => wishes.get(name) === 2
  choice.wishedMember = asked.findLast(isWanted) ?? null
  if (asked.length > 0) choice.wish = { tri: asked.some(isWanted) ? 2 : 1, text: '' }
}

/** What the user says: the value asked for, and n to whatever else he is asked (conf.c `conf_set_all_new_symbols()`). */
function wishOf(cell: Cell, model: KconfigModel, wishes: ReadonlyMap<string, Tristate>): Wish | null {
  const { symbol, type } = cell
  if (symbol === null || (type !== 'bool' && type !== 'tristate')) return null
  const asked = wishes.get(cell.name)
  if (asked !== undefined) return { tri: asked, text: '' }
  const isAsked = symbol.prompts.length > 0 && !cell.isChoice && symbol.choice === null
  return model.dialect.choices === 'recorded' || isAsked ? { tri: 0, text: '' } : null
}
