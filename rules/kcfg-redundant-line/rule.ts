import type { Report } from '../../src/review/finding.ts'
import { isKernelKconfig, type Definers } from '../../src/review/kconfig-files.ts'
import { defineRule, type KconfigView } from '../../src/review/rule.ts'
import { defaultsToN } from './default-n.ts'
import { defaultsToDependency } from './default-of-dependency.ts'
import { defaultsOfTree, hasOtherDefault } from './definitions.ts'
import { emptyHelps } from './empty-help.ts'
import { heldConditions } from './held-condition.ts'
import { isRaisedBySelect } from './raised-by-select.ts'
import type { Redundant } from './redundant.ts'
import { repeatedDependencies } from './repeated-dependency.ts'

/**
 * n is the default of every bool and tristate, and the conditions of blocks are ANDed to what stands in them
 * (Documentation/kbuild/kconfig-language.rst, "Menu attributes" and "Menu structure").
 *
 * A `default n` before another default counts, for the first whose condition holds is taken; so does one in a file that is read
 * before another that gives the same symbol a default: `def_bool n` of PCI_QUIRKS on s390. Where another file has a default
 * it is unsure. Dependencies are compared within a file; what the files that source it require is not asked.
 * A condition that rests on a `select` is asked of the models of all architectures that read the file.
 */
export default defineRule({
  id: 'kcfg-redundant-line',
  severity: 'info',
  scope: 'tree',
  summary: 'A line of a Kconfig file says what holds without it.',
  since: '0.1.0',
  check(context) {
    let defaults: Definers | null = null
    for (const file of context.kconfigs.filter(isKernelKconfig)) {
      const { syntax, text } = file
      const plain = [...repeatedDependencies(syntax), ...defaultsToDependency(syntax), ...emptyHelps(syntax, text)]
      for (const found of plain) context.report(describe(found, file))
      for (const found of defaultsToN(syntax)) {
        defaults ??= defaultsOfTree(context)
        if (!hasOtherDefault(found.symbol, file.path, defaults)) context.report(describe(found, file))
        else context.unsure(spanOf(found, file), `another definition of \`${found.symbol}\` has a default too`)
      }
      for (const found of heldConditions(syntax, text)) {
        const answers = found.selected.map((symbol) => isRaisedBySelect(symbol, file, context))
        if (answers.every((answer) => answer === 'yes')) context.report(describe(found, file))
        else if (!answers.includes('no')) context.unsure(spanOf(found, file), `not all Kconfig files are there`)
      }
    }
  },
})

function spanOf({ range }: Redundant, { path }: KconfigView): Report['at'] {
  return { file: path, start: range.start, end: range.end }
}

function describe(found: Redundant, file: KconfigView): Report {
  const { message, subject, because, replacement } = found
  const at = spanOf(found, file)
  const edit =
    replacement === null
      ? { at: lineOf(at, file), text: '' }
      : { at: replacement === '' ? withBlanksBefore(at, file) : at, text: replacement }
  const advice =
    replacement === null ? 'drop the line' : replacement === '' ? 'drop the condition' : `write \`${replacement}\``
  return {
    at,
    message,
    subject,
    ...(because !== null && {
      related: [{ at: { file: file.path, start: because.start, end: because.end }, message: 'it is said here' }],
    }),
    suggestion: { message: advice, edits: [edit] },
    ...(found.untold && { untold: true }),
  }
}

function withBlanksBefore(at: Report['at'], { text }: KconfigView): Report['at'] {
  let { start } = at
  while (/[\s\\]/.test(text.charAt(start - 1))) start--
  return { ...at, start }
}

/** The whole lines of a property, with the newline behind them. */
function lineOf(at: Report['at'], { text }: KconfigView): Report['at'] {
  const newline = text.indexOf('\n', at.end)
  return { ...at, start: text.lastIndexOf('\n', at.start - 1) + 1, end: newline === -1 ? text.length : newline + 1 }
}
