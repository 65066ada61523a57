import { valueOf } from './cells.ts'
import type { Cell, Conditional, Tristate } from './cells.ts'
import type { KconfigDialect } from './dialect.ts'

/** What calculating values needs beside the cells. */
export type Calculation = {
  readonly dialect: KconfigDialect
  /** The value of the symbol with `modules`; n until that is calculated. */
  modules: Tristate
  /** Set where no more is asked than what a cell comes to: whether it is visible and written is then of no account. */
  readonly only?: 'values'
  /** Gives a cell its lines before it is calculated, where it has none yet. */
  readonly connect?: (cell: Cell) => void
}

/** Up to which value the user may set a symbol: the greatest of its prompts' conditions (symbol.c, `sym_calc_visibility`). */
export function visibilityOf({ dialect, modules }: Calculation, cell: Cell): Tristate {
  const isTristate = cell.type === 'tristate'
  const hidesModular = dialect.choices === 'recorded' && isTristate && cell.choice?.tri === 2
  let visible: Tristate = 0
  for (const { condition } of cell.prompts) {
    const value = valueOf(condition)
    if (value > visible && !(value === 1 && hidesModular)) visible = value
  }
  return visible === 1 && (!isTristate || modules === 0) ? 2 : visible
}

/** The first line whose condition is not n, and the value of that condition. */
export function firstThatHolds<T>(lines: readonly Conditional<T>[]): { line: T; value: Tristate } | null {
  for (const line of lines) {
    const value = valueOf(line.condition)
    if (value > 0) return { line, value }
  }
  return null
}

/** The member that a visible choice comes to; null where none is visible. */
export function chooseMember(calculation: Calculation, choice: Cell): Cell | null {
  for (const member of choice.members) member.visible = visibilityOf(calculation, member)
  return calculation.dialect.choices === 'recorded' ? chooseRecorded(choice) : chooseCalculated(choice)
}

/** symbol.c of Linux 6.1, `sym_calc_choice`: what the user chose, else the default. */
function chooseRecorded(choice: Cell): Cell | null {
  const { wishedMember } = choice
  return wishedMember !== null && wishedMember.visible > 0 ? wishedMember : defaultMember(choice)
}

/**
 * symbol.c of Linux 6.12, `sym_calc_choice`: the first member by priority that is wanted, else the default unless it is
 * refused, else the first member nobody has spoken of, else the member refused with the least priority.
 */
function chooseCalculated(choice: Cell): Cell | null {
  const visible = (cell: Cell): boolean => cell.visible > 0
  const wanted = choice.priority.find((member) => visible(member) && member.wish?.tri === 2)
  if (wanted) return wanted
  const usual = defaultMember(choice)
  if (usual !== null && usual.wish?.tri !== 0) return usual
  const unspoken = choice.members.find((member) => visible(member) && member.wish === null)
  return unspoken ?? choice.priority.findLast(visible) ?? null
}

/** The first default that holds and is visible, else the first visible member (symbol.c, `sym_choice_default`). */
function defaultMember(choice: Cell): Cell | null {
  for (const { source, condition } of choice.defaults) {
    if (source !== null && source.visible > 0 && valueOf(condition) > 0) return source
  }
  return choice.members.find((member) => member.visible > 0) ?? null
}
