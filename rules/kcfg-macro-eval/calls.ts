import { splitClause } from '../../src/kconfig/macro-call.ts'
import type { KconfigFile, Range, Statement } from '../../src/kconfig/syntax.ts'
import { wordsOfStatement } from '../../src/kconfig/words.ts'

/** A `$(name,argument,...)` of a file, nested ones too; `range` is that of the name. */
export type Call = { readonly name: string; readonly hasArguments: boolean; readonly range: Range }

/** The macro calls of a file, in the order of the text: in words, in the values of variables, and as lines of their own. */
export function callsIn(file: KconfigFile, text: string): readonly Call[] {
  return file.statements.flatMap((statement) => rangesWithCalls(statement).flatMap((range) => callsWithin(range, text)))
}

function rangesWithCalls(statement: Statement): readonly Range[] {
  const words = wordsOfStatement(statement).filter(({ parts }) => parts !== null)
  if (statement.kind !== 'assignment') return words
  return [...words, { start: statement.valueStart, end: statement.valueStart + statement.value.length }]
}

/** The calls in a part of the text; what is not closed there is none. */
function callsWithin({ start, end }: Range, text: string): readonly Call[] {
  const calls: Call[] = []
  const open: number[] = []
  for (let at = start; at < end; at++) {
    const char = text.charAt(at)
    if (char === '(') open.push(text.charAt(at - 1) === '$' && at > start ? at : -1)
    if (char !== ')') continue
    const from = open.pop()
    if (from === undefined || from === -1) continue
    const [name = '', ...args] = splitClause(text.slice(from + 1, at))
    calls.push({ name, hasArguments: args.length > 0, range: { start: from + 1, end: from + 1 + name.length } })
  }
  return calls.sort((a, b) => a.range.start - b.range.start)
}

/** The variables and functions that a file defines. */
export function variablesIn(file: KconfigFile): readonly string[] {
  return file.statements.flatMap((statement) =>
    statement.kind === 'assignment' && statement.name.parts === null ? [statement.name.text] : [],
  )
}
