import type { Assignment, Cond } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'
import type { AssignmentOp, Modifier } from './cst.ts'
import type { Rule, TargetVariable } from './rule.ts'
import type { TextUnder } from './text-under.ts'
import type { Unknown, Value } from './value.ts'
import type { Word, Words } from './guarded-words.ts'

/** An assignment that was reached, one for each name that its left side can be. */
export type Setting = {
  readonly name: string
  readonly op: AssignmentOp
  readonly modifiers: readonly Modifier[]
  readonly when: Cond
  /** The whole statement. */
  readonly span: Span
  readonly nameSpan: Span
  readonly valueSpan: Span
}

export type Include = {
  /** As the makefile spells it. */
  readonly path: string
  /** From the top of the tree; null for a file outside of it. */
  readonly file: string | null
  readonly when: Cond
  /** `-include`: make goes on where the file is missing. */
  readonly optional: boolean
  /** Whether the file was given and evaluated; otherwise what it sets is not known. */
  readonly found: boolean
  readonly origin: Span
}

export type Export = {
  readonly modifier: 'export' | 'unexport'
  /** Null for all variables. */
  readonly names: readonly Word[] | null
  readonly when: Cond
  readonly origin: Span
}

/** Where make stops with a message: an `$(error ...)` or a line that it refuses. */
export type Stop = { readonly when: Cond; readonly message: string; readonly origin: Span }

/** A statement whose effect is not known: it may set variables whose names start and end like this. */
export type UnknownEffect = {
  readonly when: Cond
  readonly unknown: Unknown
  readonly origin: Span
  /** Null for an effect on no variable, such as a rule. */
  readonly names: { readonly prefix: string; readonly suffix: string } | null
}

/**
 * What a makefile does under all configurations. All values are those at the end of the makefile, as a makefile that is read
 * after it would see them.
 */
export type Evaluation = {
  readonly file: string
  /** Every variable that was set here or given as a seed, sorted. */
  readonly names: readonly string[]
  /** The words of a variable; those that hang on something not known are listed in `unknown` as well. */
  readonly words: (name: string) => Words
  readonly value: (name: string) => Value
  /** The exact string of a variable when everything has these values: what make would have. */
  readonly text: (name: string, under: Assignment) => TextUnder
  /** The condition under which the variable is defined, even as empty. */
  readonly defined: (name: string) => Cond
  /** The value of a text with references, such as `$(obj)/$(hostprogs)`, with the variables of this makefile. */
  readonly expand: (text: string) => Value
  /** The words of a value, of this evaluation or of another with the same conditions. */
  readonly wordsOf: (value: Value) => Words
  /** The variables that the command line or the environment gave. */
  readonly fromOutside: { has(name: string): boolean; keys(): readonly string[] }
  /** Those of the command line that the environment does not give. */
  readonly fromCommandLine?: ReadonlySet<string>
  readonly settings: readonly Setting[]
  readonly rules: readonly Rule[]
  readonly targetVariables: readonly TargetVariable[]
  readonly includes: readonly Include[]
  readonly exports: readonly Export[]
  readonly stops: readonly Stop[]
  readonly unknownEffects: readonly UnknownEffect[]
}
