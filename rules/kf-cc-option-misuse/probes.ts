import type { Range } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { callsOf, exprsOf, visitNodes } from '../../src/make/visit.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import type { MakefileView } from '../../src/review/rule.ts'

/** A call of a macro that asks what a tool can do. */
export type Probe = {
  /** `cc-option`. */
  readonly macro: string
  /** The arguments as they are written, without white space around them. */
  readonly args: readonly string[]
  readonly ranges: readonly Range[]
  readonly range: Range
}

/** The macros of scripts/Makefile.compiler (Kbuild.include before 5.12) that run a tool. */
const macros: ReadonlySet<string> = new Set([
  ...['cc-option', 'cc-option-yn', 'cc-disable-warning', 'as-option', 'as-instr', 'ld-option', 'hostcc-option'],
])

/** The probes of a makefile. */
export function probesIn({ syntax, text }: MakefileView): readonly Probe[] {
  if (![...macros].some((macro) => text.includes(macro))) return []
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  return exprs
    .flatMap((expr) => callsOf(expr, 'call'))
    .flatMap(({ args: [name, ...args], range }): Probe[] => {
      const macro = name === undefined ? '' : (literalText(text, name)?.trim() ?? '')
      if (!macros.has(macro)) return []
      const ranges = args.map((arg) => arg.range)
      return [{ macro, args: args.map((arg) => textOf(text, arg).trim()), ranges, range }]
    })
}

/** How many arguments a macro uses, as it is defined in some makefiles; null where it is not defined there, or by others. */
export function usedArguments(macro: string, makefiles: readonly MakefileView[]): number | null {
  let most: number | null = null
  for (const { syntax, text } of makefiles) {
    for (const { value } of definitionsByName(syntax).get(macro) ?? []) {
      for (const [, one, other] of textOf(text, value).matchAll(/\$(?:[({](\d)|(\d))/g)) {
        most = Math.max(most ?? 0, Number(one ?? other))
      }
    }
  }
  return most
}
