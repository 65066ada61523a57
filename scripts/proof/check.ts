import type { Reference } from '../reference.ts'

/** What a check found: whether it holds, and the figure that shows it. */
export type Outcome = { readonly ok: boolean; readonly figure: string }

export type ProofContext = {
  /** The top of the checkout. */
  readonly root: string
  readonly reference: Reference
  /** Progress, to stderr. */
  readonly say: (text: string) => void
}

/** One line of an issue's "Must show". */
export type Check = {
  readonly number: number
  readonly title: string
  run(context: ProofContext): Promise<Outcome>
}
