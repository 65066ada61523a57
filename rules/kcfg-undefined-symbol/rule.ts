import { referencesIn, typeGiven, type Reference } from '../../src/kconfig/references.ts'
import { namesOfWholeKernel } from '../../src/kconfig/whole-tree.ts'
import type { WholeKconfig } from '../../src/kconfig/whole-tree.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type KconfigView } from '../../src/review/rule.ts'
import { similarSymbol } from '../../src/review/similar-symbol.ts'

/**
 * A name that nothing defines is a symbol without a type, and n (scripts/kconfig/symbol.c `sym_lookup()`, `sym_calc_value()`); conf says
 * so only with KCONFIG_WARN_UNKNOWN_SYMBOLS (Documentation/kbuild/kconfig.rst).
 *
 * Only a name that no architecture defines counts, in files that the others bring in. Silent on what may be a text: the value of a
 * string, one side of a comparison with a string, hexadecimal digits; on names with `CONFIG_` in front, which are kcfg-syntax's; and
 * where the tree is not whole, for who knows what the missing files define.
 */
export default defineRule({
  id: 'kcfg-undefined-symbol',
  severity: 'error',
  scope: 'tree',
  absence: true,
  summary: 'A Kconfig file names a symbol that no Kconfig file defines.',
  since: '0.1.0',
  check({ kconfigs, report, wholeKconfig, unsure }) {
    if (kconfigs.length === 0) return
    const whole = wholeKconfig()
    const names = namesOfWholeKernel(whole)
    for (const file of kconfigs.filter(({ path }) => whole.files.has(path))) {
      const references = referencesIn(file.syntax).filter(({ name }) => !name.startsWith('CONFIG_'))
      const [first] = references
      if (names === null) {
        if (first !== undefined) unsure(placeOf(first, file), 'the tree has not all Kconfig files of a kernel')
        continue
      }
      for (const reference of references) {
        if (names.has(reference.name) || mayBeText(reference, whole)) continue
        report({ at: placeOf(reference, file), ...describe(reference, file, names) })
      }
    }
  },
})

function placeOf({ word }: Reference, { path }: KconfigView): Report['at'] {
  return { file: path, start: word.start, end: word.end }
}

/** Whether a name that is none of a symbol may well be a value. */
function mayBeText({ name, use, comparedWith, statement }: Reference, whole: WholeKconfig): boolean {
  if (comparedWith !== null) {
    const types = comparedWith.quoted ? [] : typesOf(comparedWith.text, whole)
    return types.length === 0 || types.some((type) => type !== 'bool' && type !== 'tristate')
  }
  if ((use !== 'default' && use !== 'range') || statement.kind !== 'config') return false
  const given = typeGiven(statement)
  const types = given === null ? typesOf(statement.name.text, whole) : [given]
  return types.some((type) => type === 'string' || (type === 'hex' && /^[0-9a-f]+$/i.test(name)))
}

/** The types that definitions anywhere give a symbol. */
function typesOf(name: string, { files }: WholeKconfig): readonly string[] {
  return [...files.values()].flatMap(({ statements }) =>
    statements.flatMap((statement) =>
      statement.kind === 'config' && statement.name.text === name ? (typeGiven(statement) ?? []) : [],
    ),
  )
}

type Words = Pick<Report, 'message' | 'subject' | 'evidence' | 'suggestion'>

function describe(reference: Reference, file: KconfigView, names: ReadonlySet<string>): Words {
  const { name } = reference
  const subject = `${ownerOf(reference)} ${reference.use} ${name}`
  if (/^[YMN]$/.test(name)) {
    const value = name.toLowerCase()
    return {
      subject,
      message: `\`${name}\` is a symbol that nothing defines, not the value \`${value}\``,
      // `default n` says nothing: kcfg-redundant-line would ask to drop what was suggested here
      suggestion:
        reference.use === 'default' && value === 'n'
          ? { message: 'drop the line: n is the default anyway', edits: [] }
          : { message: `write \`${value}\``, edits: [{ at: placeOf(reference, file), text: value }] },
    }
  }
  const similar = similarSymbol(name, names)
  return {
    subject,
    message: `no Kconfig file defines \`${name}\`: ${effectOf(reference)}`,
    ...(similar !== null && { evidence: [`there is \`${similar}\``] }),
  }
}

function effectOf({ use, comparedWith }: Reference): string {
  if (comparedWith === null && (use === 'select' || use === 'imply')) return `this \`${use}\` does nothing`
  if (use === 'range') return 'it is no number'
  return comparedWith === null ? 'it is always n' : 'it never has a value'
}

/** The symbol, or the block, that a line belongs to. */
function ownerOf({ statement }: Reference): string {
  return statement.kind === 'config' ? statement.name.text : statement.kind
}
