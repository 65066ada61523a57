import type { Expr, Part } from '../make/cst.ts'
import { literalText } from '../make/expr-text.ts'

/** A reference as it stands in shell text: anything of an expression but a literal. */
export type Reference = Exclude<Part, { readonly kind: 'literal' }>

/**
 * Shell text before make expands it: `$$` is a dollar, and each reference is one character, whatever it may expand to.
 * Index `i` of `text` stands for `[starts[i], ends[i])` of the makefile.
 */
export type ShellSource = {
  readonly text: string
  /** The text of the makefile. */
  readonly makefile: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** The references, by their index in `text`. */
  readonly references: ReadonlyMap<number, Reference>
}

/** Stands for a reference in `ShellSource.text`; no shell gives it a meaning. */
export const referenceMark = '\ufffc'

/** An expression of the makefile `text` as shell text. */
export function shellSource(expr: Expr, text: string): ShellSource {
  const pieces: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  const references = new Map<number, Reference>()
  for (const part of expr.parts) {
    const { start, end } = part.range
    if (part.kind !== 'literal') {
      references.set(starts.length, part)
      pieces.push(referenceMark)
      starts.push(start)
      ends.push(end)
    } else if (part.cooked === null) {
      pieces.push(text.slice(start, end))
      for (let at = start; at < end; at++) {
        starts.push(at)
        ends.push(at + 1)
      }
    } else {
      pieces.push(part.cooked)
      for (let at = 0; at < part.cooked.length; at++) {
        starts.push(start)
        ends.push(end)
      }
    }
  }
  return { text: pieces.join(''), makefile: text, starts, ends, references }
}

/** The name of the variable that a reference is to, where it is written out; null for functions and computed names. */
export function variableName(reference: Reference, makefile: string): string | null {
  return reference.kind === 'variable' ? literalText(makefile, reference.name) : null
}
