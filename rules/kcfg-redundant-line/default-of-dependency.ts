import { dependenciesOf, enclosingConditions } from '../../src/kconfig/enclosing.ts'
import { exprKey, operandsOf } from '../../src/kconfig/print-expression.ts'
import type { Expr, KconfigFile, Range } from '../../src/kconfig/syntax.ts'
import type { Config, Default, Redundant } from './redundant.ts'

/**
 * `default X` of what depends on X: a default is no more than the dependencies allow (symbol.c sym_calc_value() ANDs it with the
 * visibility of the property), so it is `default y`. Only of options that nobody is asked about: where somebody is, `default y`
 * says something else to those who read it.
 */
export function defaultsToDependency(file: KconfigFile): readonly Redundant[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind !== 'config' || hasPrompt(statement)) return []
    const required = requiredBy(file, statement)
    return statement.properties.flatMap((property) => {
      const found = property.kind === 'default' ? dependencyIn(property, required) : null
      if (property.kind !== 'default' || found === null) return []
      const { start, end } = property.value
      const symbol = statement.name.text
      const message = `\`default ${found.name}\` of \`${symbol}\` is \`default y\`: it depends on \`${found.name}\``
      const subject = `${symbol} default ${found.name}`
      return [{ range: { start, end }, message, subject, because: found.at, replacement: 'y' }]
    })
  })
}

function hasPrompt({ properties }: Config): boolean {
  return properties.some(
    (property) => property.kind === 'prompt' || (property.kind === 'type' && property.prompt !== null),
  )
}

/** What holds wherever a definition is visible, by the key of the expression. */
function requiredBy(file: KconfigFile, config: Config): ReadonlyMap<string, Range> {
  const required = new Map<string, Range>()
  const add = (expr: Expr, at: Range): void => {
    for (const part of operandsOf(expr, 'and')) required.set(exprKey(part), at)
  }
  for (const { expr, condition, at } of enclosingConditions(file, config)) if (condition === null) add(expr, at)
  for (const { expr, condition, start, end } of dependenciesOf(config.properties)) {
    if (condition === null) add(expr, { start, end })
  }
  return required
}

type Dependency = { readonly name: string; readonly at: Range }

function dependencyIn({ value, type }: Default, required: ReadonlyMap<string, Range>): Dependency | null {
  if (value.kind !== 'symbol' || value.word.quoted || value.word.parts !== null || type !== null) return null
  const at = required.get(exprKey(value))
  return at === undefined ? null : { name: value.word.text, at }
}
