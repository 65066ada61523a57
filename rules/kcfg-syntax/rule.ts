import { readDialect, unsupportedSyntax } from '../../src/kconfig/dialect.ts'
import type { KconfigDialect } from '../../src/kconfig/dialect.ts'
import { wordsOfStatement } from '../../src/kconfig/words.ts'
import { isKernelKconfig } from '../../src/review/kconfig-files.ts'
import { defineRule, type KconfigView, type TreeContext } from '../../src/review/rule.ts'
import { oncePer } from '../../src/text/once-per.ts'
import type { Tree } from '../../src/text/tree.ts'
import { defaultsInChoices, sourcesOfNothing, type Fault } from './statements.ts'
import { untypedSymbols } from './untyped.ts'

/**
 * What conf stops at, by its grammar (scripts/kconfig/parser.y, lexer.l), as the tree has it; and what it takes for something else,
 * for it knows no `CONFIG_` in front of a symbol.
 *
 * Silent on what depends on a macro, but for `$(SRCARCH)`; on warnings; and in scripts/kconfig/tests. Whether a symbol has a type
 * is known only with the whole tree: without its Kconfig at the top the rule is silent on that.
 */
export default defineRule({
  id: 'kcfg-syntax',
  severity: 'error',
  scope: 'tree',
  summary: 'A Kconfig file that conf refuses, or reads as something else.',
  since: '0.1.0',
  check(context) {
    const files = context.kconfigs.filter(isKernelKconfig)
    for (const file of files) for (const fault of faultsIn(file, context)) reportFault(fault, file, context)
    for (const { file, fault } of untypedSymbols(files, context)) reportFault(fault, file, context)
  },
})

function reportFault(fault: Fault, { path }: KconfigView, { report }: TreeContext): void {
  const { start, end, message, says, replacement } = fault
  const at = { file: path, start, end }
  report({
    at,
    message,
    ...(says !== undefined && { evidence: [says] }),
    ...(replacement !== undefined && {
      suggestion: { message: `write \`${replacement}\``, edits: [{ at, text: replacement }] },
    }),
  })
}

function faultsIn(file: KconfigView, { tree }: TreeContext): readonly Fault[] {
  const { syntax } = file
  const errors = syntax.problems.filter(({ kind }) => kind === 'error')
  const { dialect, refusesDefaults } = grammarOf(tree)
  const unsupported = unsupportedSyntax(syntax, dialect)
  return [
    ...errors,
    ...unsupported.filter((fault) => !errors.some((error) => error.start >= fault.start && error.end <= fault.end)),
    ...prefixedSymbols(file),
    ...sourcesOfNothing(file, tree),
    ...(refusesDefaults ? defaultsInChoices(syntax) : []),
  ]
}

/** What conf accepts in a tree; `refusesDefaults` of what a choice chooses among. */
type Grammar = { readonly dialect: KconfigDialect; readonly refusesDefaults: boolean }

const grammarOf: (tree: Tree) => Grammar = oncePer((tree) => {
  const parser = tree.read('scripts/kconfig/parser.y') ?? ''
  return { dialect: readDialect(tree), refusesDefaults: parser.includes('defaults for choice values not supported') }
})

/** Names with the prefix that they have in .config, in C and in makefiles, and nowhere else. */
function prefixedSymbols({ syntax, text: whole }: KconfigView): readonly Fault[] {
  if (!whole.includes('CONFIG_')) return []
  return syntax.statements.flatMap(wordsOfStatement).flatMap(({ quoted, text, start, end }) => {
    if (quoted || !/^CONFIG_\w+$/.test(text)) return []
    const replacement = text.slice('CONFIG_'.length)
    const message = `\`${text}\` is another symbol than \`${replacement}\`: Kconfig has no prefix`
    return [{ start, end, message, replacement }]
  })
}
