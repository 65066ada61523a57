import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Value, Worlds } from './value.ts'

/** More work was asked for than a makefile written by people needs; what is being computed is not known. */
export class WorkLimit extends Error {
  readonly code = 'work-limit'
}

/** How much work may still be done. One step is a fragment looked at; a file of the kernel needs some thousands. */
export type Budget = { steps: number }

/** Spends steps, or throws `WorkLimit`. */
export function spend(budget: Budget, steps: number): void {
  budget.steps -= steps
  if (budget.steps < 0) throw new WorkLimit('evaluation needs too many steps')
}

/** Characters that are read for one step. */
const charactersPerStep = 256

/** Spends steps for reading a text. */
export function spendOnText(budget: Budget, text: string): void {
  spend(budget, 1 + Math.floor(text.length / charactersPerStep))
}

/** What all reading of values shares: the conditions, the work left, and what was found before. */
export type ValueScope = {
  readonly conditions: Conditions
  readonly budget: Budget
  readonly worlds: WeakMap<Value, Worlds>
  readonly nonEmpty: WeakMap<Value, Cond>
}

export function createValueScope(conditions: Conditions, steps: number): ValueScope {
  return { conditions, budget: { steps }, worlds: new WeakMap(), nonEmpty: new WeakMap() }
}
