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
