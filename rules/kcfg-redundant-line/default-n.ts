import { enclosingBlocks } from '../../src/kconfig/enclosing.ts'
import { printExpr } from '../../src/kconfig/print-expression.ts'
import type { Expr, KconfigFile } from '../../src/kconfig/syntax.ts'
import type { Config, Default, Redundant } from './redundant.ts'

/** A `default n`, and the symbol of which no other definition may have a default for it to be redundant. */
export type DefaultN = Redundant & { readonly symbol: string }

/**
 * The `default n` and `def_bool n` of bools and tristates that come last: n is what a symbol without a default is (symbol.c
 * sym_calc_value()). The first default whose condition holds counts, so one before another default may well have an effect.
 * In a choice a default is an error (kcfg-syntax), or none of a symbol that it chooses.
 */
export function defaultsToN(file: KconfigFile): readonly DefaultN[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind !== 'config' || statement.name.parts !== null || !isLogic(statement)) return []
    if (enclosingBlocks(file, statement).some(({ kind }) => kind === 'choice')) return []
    const defaults = statement.properties.filter((property): property is Default => property.kind === 'default')
    const last = defaults.findLastIndex(({ value }) => !isN(value))
    return defaults.slice(last + 1).map((property) => describe(statement.name.text, property))
  })
}

/** Whether a definition says itself that its symbol is a bool or tristate. */
function isLogic({ properties }: Config): boolean {
  const types = properties.flatMap((property) =>
    property.kind === 'type' || property.kind === 'default' ? (property.type ?? []) : [],
  )
  return types.length > 0 && types.every((type) => type === 'bool' || type === 'tristate')
}

function isN(value: Expr): boolean {
  return value.kind === 'symbol' && value.word.parts === null && value.word.text === 'n'
}

function describe(symbol: string, { type, condition, start, end }: Default): DefaultN {
  const suffix = condition === null ? '' : ` if ${printExpr(condition)}`
  const written = `${type === null ? 'default' : `def_${type}`} n${suffix}`
  const message =
    type === null
      ? `\`${written}\` of \`${symbol}\` has no effect: n is the default`
      : `\`${written}\` of \`${symbol}\` is \`${type}\`: n is the default`
  return { symbol, range: { start, end }, message, subject: `${symbol} ${written}`, because: null, replacement: type }
}
