import type { Cond } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'
import type { AssignmentOp, Modifier, RuleLine } from './cst.ts'
import type { Value } from './value.ts'
import type { UnknownWords, Word } from './guarded-words.ts'

/** A line of a recipe, unexpanded: make expands it when it runs it. */
export type RecipeLine = {
  /** Where the line belongs to the recipe; part of the rule's own condition. */
  readonly when: Cond
  /** As written, without the tab; continued lines with their backslashes and newlines. */
  readonly text: string
  /** `@`, `-`, `+` and the blanks among them. */
  readonly prefix: string
  readonly origin: Span
}

/** A rule as make has it after reading: every word with the condition under which it stands there. */
export type Rule = {
  readonly kind: 'explicit' | 'pattern' | 'static-pattern'
  /** Explicit targets, or the patterns of a pattern rule. */
  readonly targets: readonly Word[]
  /** The `%.o` of `$(objs): %.o: %.c`; empty for other rules. */
  readonly targetPatterns: readonly Word[]
  readonly prerequisites: readonly Word[]
  readonly orderOnly: readonly Word[]
  readonly separator: RuleLine['separator']
  /** The condition of the line itself; that of each word is part of it. */
  readonly when: Cond
  readonly recipe: readonly RecipeLine[]
  /** Targets and prerequisites that are not known. */
  readonly unknown: readonly UnknownWords[]
  /** Those of them that are targets, or patterns of targets. */
  readonly unknownTargets: readonly UnknownWords[]
  /** The rule line. */
  readonly origin: Span
}

/** `targets: NAME op value`. */
export type TargetVariable = {
  readonly targets: readonly Word[]
  readonly name: string
  readonly op: AssignmentOp
  readonly modifiers: readonly Modifier[]
  /** As written, unexpanded. */
  readonly text: string
  /** Expanded where it stands; automatic variables such as `$@` are empty in it. */
  readonly value: Value
  readonly when: Cond
  readonly origin: Span
}
