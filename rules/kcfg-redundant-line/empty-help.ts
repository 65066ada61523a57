import { helpText } from '../../src/kconfig/help-text.ts'
import type { KconfigFile } from '../../src/kconfig/syntax.ts'
import type { Redundant } from './redundant.ts'

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
