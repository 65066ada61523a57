import type { Range } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { callsOf, exprsOf, referencesOf, visitNodes } from '../../src/make/visit.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import type { MakefileView } from '../../src/review/rule.ts'

/** `$(PWD)`, where the makefile does not set it: the directory of the shell that called make. `cd $(PWD)` means just that. */
export function callersDirectory({ syntax, text }: MakefileView): readonly Range[] {
  if (!/\$[({]PWD[)}]/.test(text) || definitionsByName(syntax).has('PWD')) return []
  return [...visitNodes(syntax.nodes)]
    .flatMap(({ node }) => exprsOf(node))
    .flatMap(({ expr }) => referencesOf(expr))
    .filter(({ kind, name }) => kind === 'variable' && literalText(text, name) === 'PWD')
    .map(({ range }) => range)
    .filter(({ start }) => !/\bcd[ \t]+"?$/.test(text.slice(Math.max(0, start - 8), start)))
}

/**
 * `$(lastword $(MAKEFILE_LIST))` that is expanded behind an `include` which is always read: the file that was included, not this one
 * (GNU make manual 6.14).
 */
export function wrongLastMakefile({ syntax, text }: MakefileView): readonly Range[] {
  if (!text.includes('MAKEFILE_LIST')) return []
  const includes = syntax.nodes.filter((node) => node.kind === 'include' && !node.optional)
  const [first] = includes
  if (first === undefined) return []
  return [...visitNodes(syntax.nodes)]
    .flatMap(({ node }) => exprsOf(node))
    .filter(({ expansion, expr }) => expansion === 'immediate' && expr.range.start > first.range.end)
    .flatMap(({ expr }) => callsOf(expr, 'lastword'))
    .filter(({ args }) => args.some((arg) => /^\s*\$[({]MAKEFILE_LIST[)}]\s*$/.test(textOf(text, arg))))
    .map(({ range }) => range)
}
