import type { Expr } from '../../src/make/cst.ts'
import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { visitNodes } from '../../src/make/visit.ts'
import type { MakefileView } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'

/** A directory that a flag names, as it is written. */
export type IncludeWord = {
  /** `-I`. */
  readonly option: string
  /** What follows it: `virt/kvm`, `$(src)/include`. */
  readonly path: string
  readonly at: Span
  /** The variable that is set, or added to. */
  readonly variable: string
}

/** The options of gcc(1) whose argument is a directory to look for headers in. */
const options: readonly string[] = ['-isystem', '-iquote', '-idirafter', '-I']

/** The directories for headers that the assignments of a makefile name, those of targets' variables too. */
export function includeWords({ syntax, text, path }: MakefileView): readonly IncludeWord[] {
  return [...visitNodes(syntax.nodes)].flatMap(({ node }) => {
    const assignment = node.kind === 'rule' ? node.assignment : node.kind === 'assignment' ? node : null
    if (assignment === null) return []
    if (!/-[Ii]/.test(textOf(text, assignment.value))) return []
    const words = exprWords(text, assignment.value)
    const variable = textOf(text, assignment.name).trim()
    return words.flatMap((word, index): IncludeWord[] => {
      const found = directoryOf(textOf(text, word), words[index + 1], text)
      if (found === null) return []
      const { option, argument } = found
      const end = argument === null ? word.range.end : argument.range.end
      const written = argument === null ? textOf(text, word).slice(option.length) : textOf(text, argument)
      return [{ option, path: written, variable, at: { file: path, start: word.range.start, end } }]
    })
  })
}

/** The option that a word begins with; `argument` is the next word where the option stands by itself. */
function directoryOf(
  word: string,
  next: Expr | undefined,
  text: string,
): { readonly option: string; readonly argument: Expr | null } | null {
  const option = options.find((each) => word.startsWith(each))
  if (option === undefined) return null
  if (word !== option) return { option, argument: null }
  if (next === undefined || textOf(text, next).startsWith('-')) return null
  return { option, argument: next }
}
