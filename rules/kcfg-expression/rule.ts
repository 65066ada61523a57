import { typeGiven } from '../../src/kconfig/references.ts'
import type { Expr, KconfigFile, Property, Range, Statement } from '../../src/kconfig/syntax.ts'
import type { WholeKconfig } from '../../src/kconfig/whole-tree.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule } from '../../src/review/rule.ts'
import { oncePer } from '../../src/text/once-per.ts'
import { doubtsIn, type TypesOf } from './logic.ts'

/**
 * Expressions have three values (Documentation/kbuild/kconfig-language.rst "Menu dependencies"), and the first default whose condition holds
 * is taken ("Menu attributes").
 *
 * Types are those of all architectures together: what has several is passed over. `A || !A` of a tristate is the idiom of optional
 * dependencies. Whether an expression is always the same because of what its symbols depend on is not asked: that is meant, often.
 */
export default defineRule({
  id: 'kcfg-expression',
  severity: 'warning',
  scope: 'tree',
  summary: 'A condition that is always the same, or a default or range that no value comes from.',
  since: '0.1.0',
  check(context) {
    let known: TypesOf | null = null
    const typesOf: TypesOf = (name) => (known ??= typesOfTree(context.wholeKconfig()))(name)
    for (const { path, syntax } of context.kconfigs) {
      for (const { range, ...words } of faultsIn(syntax, typesOf)) {
        context.report({ at: { file: path, start: range.start, end: range.end }, ...words })
      }
    }
  },
})

type Fault = Pick<Report, 'message' | 'subject' | 'severity'> & { readonly range: Range }

const typesOfTree: (whole: WholeKconfig) => TypesOf = oncePer(({ files }) => {
  const types = new Map<string, Set<string>>()
  for (const file of files.values()) {
    for (const { name, type } of typesIn(file)) {
      const known = types.get(name)
      if (known === undefined) types.set(name, new Set([type]))
      else known.add(type)
    }
  }
  return (name) => types.get(name) ?? new Set()
})

const typesIn: (file: KconfigFile) => readonly { readonly name: string; readonly type: string }[] = oncePer(
  ({ statements }) =>
    statements.flatMap((statement) => {
      const type = statement.kind === 'config' ? typeGiven(statement) : null
      return statement.kind !== 'config' || type === null ? [] : [{ name: statement.name.text, type }]
    }),
)

function faultsIn({ statements }: KconfigFile, typesOf: TypesOf): readonly Fault[] {
  return statements.flatMap((statement) => {
    const owner = statement.kind === 'config' ? statement.name.text : statement.kind
    const doubts = conditionsOf(statement).flatMap((expr) => doubtsIn(expr, typesOf))
    const said = doubts.map(({ expr, message, isHarmless }) => ({
      range: expr,
      message,
      subject: `${owner}: ${message}`,
      ...(isHarmless && { severity: 'info' as const }),
    }))
    const others = statement.kind === 'config' ? [...deadDefaults(statement), ...emptyRanges(statement)] : []
    return [...said, ...others]
  })
}

/** The expressions that stand for y, m or n. */
function conditionsOf(statement: Statement): readonly Expr[] {
  if (statement.kind === 'if') return [statement.condition]
  return 'properties' in statement ? statement.properties.flatMap(conditionsIn) : []
}

function conditionsIn(property: Property): readonly Expr[] {
  const own = property.kind === 'depends' ? [property.expr] : []
  const condition = 'condition' in property && property.condition !== null ? [property.condition] : []
  return [...own, ...condition]
}

type Config = Extract<Statement, { readonly kind: 'config' }>

/**
 * Defaults behind one of the same definition that holds always: the first that holds is taken (symbol.c `sym_get_default_prop()`). Not
 * those of `option defconfig_list`, before Linux 5.13: each is a file that conf tries in turn (confdata.c `conf_read_simple()`).
 */
function deadDefaults({ name, properties }: Config): readonly Fault[] {
  if (properties.some((property) => property.kind === 'option' && property.name === 'defconfig_list')) return []
  const defaults = properties.filter((property) => property.kind === 'default')
  const first = defaults.findIndex(({ condition }) => condition === null)
  if (first === -1) return []
  return defaults.slice(first + 1).map(({ start, end }, index) => ({
    range: { start, end },
    message: `this default of \`${name.text}\` is never reached: one before it has no condition`,
    subject: `${name.text} default ${first + 1 + index}`,
  }))
}

/** Ranges from a number to a smaller one. */
function emptyRanges({ name, properties }: Config): readonly Fault[] {
  return properties.flatMap((property) => {
    if (property.kind !== 'range') return []
    const [low, high] = [property.low.text, property.high.text].map(numberOf)
    if (low === undefined || high === undefined || !(low > high)) return []
    const message = `the range of \`${name.text}\` has no number in it: ${property.low.text} is more than ${property.high.text}`
    return [{ range: { start: property.start, end: property.end }, message, subject: `${name.text} range` }]
  })
}

function numberOf(text: string): number {
  return /^(?:-?\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : NaN
}
