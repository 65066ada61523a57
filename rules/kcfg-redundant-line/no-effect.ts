import { dependenciesOf, enclosingBlocks } from '../../src/kconfig/enclosing.ts'
import { helpText } from '../../src/kconfig/help-text.ts'
import { printExpr } from '../../src/kconfig/print-expression.ts'
import type { KconfigFile } from '../../src/kconfig/syntax.ts'
import type { Config, Default, Redundant } from './redundant.ts'

/**
 * Whether a definition is certainly one of those that a choice chooses among. Before Linux 6.11 one that depends on another of them
 * is not: menu.c menu_finalize() puts it below that one.
 */
export function isChosen(file: KconfigFile, config: Config): boolean {
  const isInChoice = enclosingBlocks(file, config).some(({ kind }) => kind === 'choice')
  return isInChoice && dependenciesOf(config.properties).length === 0
}

/** Defaults of what a choice chooses among: the default is that of the choice (scripts/kconfig: "defaults for choice values not supported"). */
export function defaultsInChoices(file: KconfigFile): readonly Redundant[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind !== 'config' || !isChosen(file, statement)) return []
    const defaults = statement.properties.filter((property): property is Default => property.kind === 'default')
    return defaults.map(({ type, value, start, end }) => {
      const name = statement.name.text
      const written = `${type === null ? 'default' : `def_${type}`} ${printExpr(value)}`
      const message = `\`${written}\` of \`${name}\` has no effect: the choice it is in has the default`
      return { range: { start, end }, message, subject: `${name} ${written}`, because: null, replacement: type }
    })
  })
}

/** Help without a text (scripts/kconfig/parser.y: "defined with blank help text"). */
export function emptyHelps(file: KconfigFile, text: string): readonly Redundant[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind !== 'config') return []
    const name = statement.name.text
    return statement.properties.flatMap((property) => {
      if (property.kind !== 'help' || helpText(text, property) !== '') return []
      const range = { start: property.start, end: property.start + 'help'.length }
      return [
        {
          range,
          message: `\`help\` of \`${name}\` has no text`,
          subject: `${name} help`,
          because: null,
          replacement: null,
        },
      ]
    })
  })
}
