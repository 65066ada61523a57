import { namesOfWholeKernel } from '../../src/kconfig/whole-tree.ts'
import type { Expr, Node } from '../../src/make/cst.ts'
import { defineValue } from '../../src/make/define.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { exprsOf, referencesOf, visitNodes } from '../../src/make/visit.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'
import { similarSymbol } from '../../src/review/similar-symbol.ts'
import type { Span } from '../../src/text/span.ts'

/**
 * `$(CONFIG_X)` is what include/config/auto.conf says, where no line is of a symbol that no Kconfig file defines: it is empty, what it
 * guards lands in `obj-`, and make is silent (Documentation/kbuild/makefiles.rst "The kbuild files").
 *
 * Only a name that no architecture defines counts. Silent on CONFIG_SHELL, which the top makefile sets; on what the makefile sets
 * itself; on names that are made by make; in tools/, the selftests and makefiles run by hand, whose CONFIG_ names are their own; and
 * where the tree has not all of its Kconfig files.
 */
export default defineRule({
  id: 'ko-undefined-config',
  severity: 'error',
  scope: 'tree',
  absence: true,
  summary: 'A makefile asks for a symbol that no Kconfig file defines.',
  since: '0.1.0',
  check({ makefiles, wholeKconfig, report, unsure }) {
    const mentions = makefiles.filter(isPartOfBuild).flatMap(symbolsIn)
    if (mentions.length === 0) return
    const names = namesOfWholeKernel(wholeKconfig())
    for (const mention of mentions) {
      const { name } = mention
      if (names === null) unsure(placeOf(mention), 'the tree has not all Kconfig files of a kernel')
      else if (!names.has(name)) {
        const similar = similarSymbol(name, names)
        report({
          at: placeOf(mention),
          message: `no Kconfig file defines \`${name}\`: \`CONFIG_${name}\` is always empty`,
          ...(similar !== null && { evidence: [`there is \`CONFIG_${similar}\``] }),
        })
      }
    }
  },
})

/** A symbol without `CONFIG_`, and the name of a variable that it is. */
type Mention = { readonly name: string; readonly expr: Expr; readonly makefile: MakefileView }

function placeOf({ name, expr, makefile: { path, text } }: Mention): Span {
  const variable = `CONFIG_${name}`
  const start = expr.range.start + textOf(text, expr).indexOf(variable)
  return { file: path, start, end: start + variable.length }
}

/** Set by the top makefile, not by a configuration. */
const setByMake: ReadonlySet<string> = new Set(['CONFIG_SHELL'])

/** The symbols that a makefile asks for: `$(CONFIG_X)` anywhere, and `ifdef CONFIG_X`. */
function symbolsIn(makefile: MakefileView): readonly Mention[] {
  const { syntax, text } = makefile
  if (!text.includes('CONFIG_')) return []
  const own = new Set(definitionsIn(syntax).map(({ name }) => name))
  const names = [...visitNodes(syntax.nodes)].flatMap(({ node }) => namesIn(node, makefile))
  return names.flatMap((expr) => {
    const name = literalText(text, expr)?.trim() ?? ''
    if (!/^CONFIG_\w+$/.test(name) || setByMake.has(name) || own.has(name)) return []
    return [{ name: name.slice('CONFIG_'.length), expr, makefile }]
  })
}

/** The names of variables that a node asks for. */
function namesIn(node: Node, { syntax }: MakefileView): readonly Expr[] {
  const body = node.kind === 'define' ? defineValue(syntax, node) : null
  const exprs = [...exprsOf(node).map(({ expr }) => expr), ...(body === null ? [] : [body])]
  const asked = exprs.flatMap((expr) => [...referencesOf(expr)]).map(({ name }) => name)
  return [...asked, ...(node.kind === 'conditional' ? testedIn(node) : [])]
}

/** The variables of `ifdef` and `ifndef`. */
function testedIn({ branches }: Extract<Node, { readonly kind: 'conditional' }>): readonly Expr[] {
  return branches.flatMap(({ test }) => (test?.kind === 'def' || test?.kind === 'ndef' ? [test.name] : []))
}
