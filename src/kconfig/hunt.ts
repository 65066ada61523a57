import type { Tristate } from './cells.ts'
import type { Condition } from './model.ts'

/** What a condition is to come to: at least `least` and at most `most`, of n (0), m (1) and y (2). */
export type Wanted = { readonly condition: Condition; readonly least: Tristate; readonly most: Tristate }

/** What commands of Kconfig files answer: n, or whatever is wanted, as some machine has it. */
export type Answers = 'n' | 'any'

/** `except`: a symbol whose dependencies need not be met; of all others they are, whatever selects them. */
export type Hunt = { readonly wanted: readonly Wanted[]; readonly except: string | null }
