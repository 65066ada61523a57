import type { Expr } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { definitionsOf, engineOf, includedBy } from '../../src/review/recipe-closure.ts'
import { macroCalls } from '../../src/review/recipe-macros.ts'
import { definitionsIn, type Definition } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'

/**
 * The macros print `quiet_cmd_X` before they run `cmd_X`, two blanks in: `  GEN     drivers/boards/table.h`, the name in column 10.
 *
 * Told are commands of the same makefile that a recipe runs and that have no such text in any branch, here or in what is included;
 * commands that only others run are parts of these, and one that does not name its target may print by itself. The column is told where a word in capitals and blanks stand before a reference: a second word, a
 * tag like `[M]` and `$(quiet_modtag)`, tabs and a word of more than seven letters have widths of their own. Silent on an empty
 * text, which says that nothing is to be printed, and on the engine in scripts/, which makes some files without a word.
 */
export default defineRule({
  id: 'kc-quiet-cmd',
  severity: 'info',
  scope: 'tree',
  summary: 'A command has no text to be shown, or one that does not line up with the others.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile) || !makefile.text.includes('cmd_')) continue
      reportColumns(makefile, context)
      if (makefile.world !== 'core') reportMissing(makefile, context)
    }
  },
})

/** Where the name of the file stands: behind a word of seven letters at most and its blanks. */
const column = 8

function reportColumns({ syntax, text, path }: MakefileView, { report }: TreeContext): void {
  for (const { name, value } of definitionsIn(syntax)) {
    const found = name.startsWith('quiet_cmd_') ? tagOf(value, text) : null
    if (found === null || found.tag.length >= column || found.tag.length + found.blanks === column) continue
    const { start } = value.range
    const end = start + found.tag.length + found.blanks
    const edits = [{ at: { file: path, start, end }, text: found.tag.padEnd(column) }]
    report({
      at: { file: path, start, end },
      message: `\`${found.tag}\` of \`${name}\` is not filled up to ${column} columns, so that what is printed does not line up`,
      subject: name,
      suggestion: { message: 'fill it up with blanks', edits },
    })
  }
}

/** The word in capitals that a text begins with, and the blanks between it and a reference; null for any other text. */
function tagOf(value: Expr, text: string): { readonly tag: string; readonly blanks: number } | null {
  const found = /^([A-Z][A-Z0-9_.+-]*)( +)(\$[@<({].*)$/.exec(textOf(text, value))
  const [, tag = '', blanks = '', rest = ''] = found ?? []
  return found === null || /^\$[({]quiet/.test(rest) ? null : { tag, blanks: blanks.length }
}

function reportMissing(makefile: MakefileView, context: TreeContext): void {
  const called = new Set(
    macroCalls(makefile).flatMap(({ macro, stemText, rule }) =>
      rule !== null && stemText !== null && !macro.startsWith('filechk') && macro !== 'if_changed_rule' ? stemText : [],
    ),
  )
  const own = Map.groupBy(definitionsIn(makefile.syntax).filter(isCommand), ({ name }) => name)
  for (const [name, [first]] of own) {
    const stem = name.slice('cmd_'.length)
    if (first === undefined || !called.has(stem) || !makesTarget(first, makefile.text)) continue
    const { makefiles, isWhole } = includedBy(makefile, context.makefile)
    if (definitionsOf(`quiet_${name}`, [...makefiles, ...engineOf(context)]).length > 0) continue
    const at = { file: makefile.path, ...nameRange(first) }
    if (!isWhole || makefile.text.includes('quiet_cmd_$'))
      context.unsure(at, 'the text may be set by what is included, or put together')
    else
      context.report({
        at,
        message: `\`${name}\` has no \`quiet_${name}\`: nothing is printed when it runs`,
        subject: name,
      })
  }
}

function isCommand({ name, op }: Definition): boolean {
  return name.startsWith('cmd_') && op !== '+='
}

/** Whether a command names its target: one that does not may print by itself, or make nothing. */
function makesTarget({ value }: Definition, text: string): boolean {
  return /\$@|\$[({]@/.test(textOf(text, value))
}

function nameRange({ node }: Definition): Expr['range'] {
  return node.kind === 'rule' ? (node.assignment?.name.range ?? node.range) : node.name.range
}
