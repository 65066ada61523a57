import type { Range, Word, WordPart } from './syntax.ts'

/** A macro call, unexpanded: `$(cc-option,-mfoo)` has the name `cc-option` and one argument. Calls in arguments are in their text. */
export type MacroCall = Range & { readonly name: string; readonly args: readonly string[]; readonly text: string }

/**
 * Splits what stands between the parentheses of `$(...)` at the commas that no parentheses hold (preprocess.c,
 * `eval_clause`): the name first, then the arguments, blanks kept.
 */
export function splitClause(clause: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < clause.length; at++) {
    const char = clause.charAt(at)
    if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === ',' && depth === 0) {
      parts.push(clause.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, clause.slice(start)]
}

/** The macro calls of a word. */
export function macroCallsOf(word: Word): readonly MacroCall[] {
  return (word.parts ?? []).flatMap((part: WordPart) => {
    if (part.kind !== 'macro') return []
    const [name = '', ...args] = splitClause(part.text)
    return [{ name, args, text: part.text, start: part.start, end: part.end }]
  })
}
