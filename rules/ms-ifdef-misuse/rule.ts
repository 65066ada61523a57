import type { Expr, Test } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'
import { isNeverEqual } from './never-equal.ts'

/**
 * `ifdef` takes the name of a variable (GNU make read.c conditional_line()), and the quotes in `ifeq (a,"b")` are part of the text.
 *
 * A computed name, `ifdef $(name)_flags`, is legal: only one that is the value of a CONFIG_ variable is told, for no variable is
 * called `y`. Strings of Kconfig stand in auto.conf without quotes since Linux 5.17; before, `ifeq ($(CONFIG_A),"b")` was right,
 * so the tree's own scripts/kconfig/confdata.c is asked.
 */
export default defineRule({
  id: 'ms-ifdef-misuse',
  severity: 'error',
  scope: 'tree',
  summary: 'A condition that is always true, or never: `ifdef` of an expression, quotes on one side.',
  since: '0.1.0',
  check({ makefiles, tree, report }) {
    let isUnquoted: boolean | null = null
    for (const makefile of makefiles) {
      for (const { node } of visitNodes(makefile.syntax.nodes)) {
        if (node.kind !== 'conditional') continue
        for (const { test } of node.branches) {
          const found = test === null ? null : faultOf(test, makefile)
          if (found === null) continue
          if (found.needsUnquoted) isUnquoted ??= writesUnquoted(tree.read('scripts/kconfig/confdata.c'))
          if (!found.needsUnquoted || isUnquoted === true) report(found.report)
        }
      }
    }
  },
})

/** Whether conf writes strings to auto.conf as they are; before Linux 5.17 it wrote them as to .config. */
function writesUnquoted(confdata: string | null): boolean {
  return confdata?.includes('print_symbol_for_autoconf') === true
}

/** `needsUnquoted`: it is a fault only where the tree has strings without quotes. */
type Fault = { readonly report: Report; readonly needsUnquoted: boolean }

function faultOf(test: Test, makefile: MakefileView): Fault | null {
  switch (test.kind) {
    case 'eq':
    case 'neq':
      return unequal(test, makefile)
    case 'def':
    case 'ndef':
      return certain(misnamed(test.name, test.kind, makefile))
    case 'bad':
      return certain(tooManyNames(test, makefile))
  }
}

function certain(report: Report | null): Fault | null {
  return report && { report, needsUnquoted: false }
}

function unequal(test: Extract<Test, { kind: 'eq' | 'neq' }>, { path, text }: MakefileView): Fault | null {
  const never = isNeverEqual(test.left, test.right, text)
  if (never === null) return null
  const [left = '', right = ''] = [test.left, test.right].map((side) => textOf(text, side).trim())
  const message = `${shown(left)} and ${shown(right)} are never the same: the quotes are part of the text`
  const evidence = [`so this condition is ${test.kind === 'eq' ? 'never' : 'always'} true`]
  return { report: { at: { file: path, ...test.range }, message, evidence }, needsUnquoted: never.needsUnquoted }
}

function shown(side: string): string {
  return side === '' ? 'nothing' : `\`${side}\``
}

/** `ifdef A B`, at which make stops; null for other conditions that make cannot read. */
function tooManyNames({ message, range }: Extract<Test, { kind: 'bad' }>, { path, text }: MakefileView): Report | null {
  const line = text.slice(text.lastIndexOf('\n', range.start) + 1, range.end).trim()
  const [, keyword = '', names = ''] = /^(?:else[ \t]+)?(ifn?def)[ \t]+(.*)$/.exec(line) ?? []
  if (names === '') return null
  const start = range.end - names.length
  return {
    at: { file: path, start, end: range.end },
    message: `\`${keyword}\` takes the name of one variable, not \`${names}\``,
    evidence: [`GNU make stops: *** ${message}.  Stop.`],
  }
}

/** What is wrong with the name after `ifdef`; null where it may be one. */
function misnamed(name: Expr, kind: 'def' | 'ndef', { path, text }: MakefileView): Report | null {
  const written = textOf(text, name).trim()
  const keyword = kind === 'def' ? 'ifdef' : 'ifndef'
  const at = { file: path, ...name.range }
  const [part, ...more] = name.parts
  const config = part?.kind === 'variable' && more.length === 0 ? literalText(text, part.name) : null
  if (config?.startsWith('CONFIG_') === true) {
    const message = `\`${keyword} ${written}\` asks for a variable called \`y\` or \`m\`: the name is \`${config}\``
    const edits = [{ at, text: config }]
    return { at, message, suggestion: { message: `write \`${keyword} ${config}\``, edits } }
  }
  const literals = name.parts.filter(({ kind }) => kind === 'literal').map((literal) => textOf(text, literal))
  if (!literals.some((literal) => /[(),=]/.test(literal))) return null
  const message = `\`${keyword}\` takes the name of a variable, and there is none called \`${written}\``
  const evidence = [`so this condition is ${kind === 'def' ? 'never' : 'always'} true`]
  return { at, message, evidence, ...asComparison(written, kind, at) }
}

/** `ifndef ($(A),1)` was to be `ifneq ($(A),1)`. */
function asComparison(written: string, kind: 'def' | 'ndef', at: Report['at']): Pick<Report, 'suggestion'> {
  if (!/^\([^(),]*(?:\$\([^()]*\))?[^(),]*,[^(),]*\)$/.test(written)) return {}
  const meant = kind === 'def' ? 'ifeq' : 'ifneq'
  const keyword = { ...at, start: at.start - 'ifdef '.length - (kind === 'ndef' ? 1 : 0), end: at.start - 1 }
  return { suggestion: { message: `write \`${meant} ${written}\``, edits: [{ at: keyword, text: meant }] } }
}
