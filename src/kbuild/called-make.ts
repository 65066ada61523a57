import { always, never } from '../cond/conditions.ts'
import type { Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Seeds } from '../make/initial-variables.ts'
import { seedsOf } from './run-make.ts'
import type { Settings } from './run-make.ts'
import { exportedValues } from './top-makefile.ts'

/** What a make that a recipe calls finds set. */
export type CalledMake = {
  /** Its command line: that of the calling make, handed on in `MAKEFLAGS`, and its own arguments, which win. */
  readonly commandLine: Seeds
  /** Its environment; a shell that the recipe runs finds the same. */
  readonly inherited: Seeds
  /** Whether it is sure that the calling make hands its command line on: no branch that may be taken sets `MAKEOVERRIDES` or `MAKEFLAGS`. */
  readonly isCertain: boolean
}

/**
 * What `$(MAKE) NAME=value` in a recipe hands to the make that it calls (GNU make manual 5.7.2, 5.7.3; main.c define_makeflags()).
 * Variables of the calling make's command line are exported as well: where it empties `MAKEFLAGS` or `MAKEOVERRIDES` they come as
 * variables of the environment, which a makefile changes.
 */
export function calledMake(
  conditions: Conditions,
  evaluation: Evaluation,
  { commandLine, ownArguments }: { readonly commandLine: Settings; readonly ownArguments: Settings },
): CalledMake {
  const sets = evaluation.settings.filter(
    ({ name, op, modifiers }) =>
      (name === 'MAKEOVERRIDES' || (name === 'MAKEFLAGS' && modifiers.includes('override'))) && op !== '+=',
  )
  const dropped = sets.reduce((sum, { when }) => conditions.or(sum, when), never)
  const handedOn = dropped === always ? {} : commandLine
  return {
    commandLine: seedsOf({ ...handedOn, ...ownArguments }),
    inherited: exportedValues(conditions, evaluation),
    isCertain: dropped === never || dropped === always,
  }
}
