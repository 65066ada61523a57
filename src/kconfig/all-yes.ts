import type { Tristate } from './cells.ts'
import type { KconfigModel } from './model.ts'
import { createTryOut } from './what-if.ts'

/** Whether a symbol is m or y where everybody answers y to all that is asked, and each choice takes one of its members. */
export type AllYes = (symbol: string) => boolean

/**
 * The configuration of a model in which y is asked for wherever it can be. A symbol that is set in it can be set; of one that is not,
 * nothing is said. Worked out as far as it is asked for, and kept.
 */
export function createAllYes(model: KconfigModel): AllYes {
  const wishes = new Map<string, Tristate>()
  for (const { name, type } of model.symbols.values()) if (type === 'bool' || type === 'tristate') wishes.set(name, 2)
  const { value } = createTryOut(model)(wishes)
  return (symbol) => value(symbol) > 0
}
