import { always, createConditions, never } from './conditions.ts'
import type { Cond, Conditions, Variable } from './conditions.ts'
import { DiagramTooLarge } from './bdd.ts'
import { coverOf, domainOf, literalCond, valueM, valueN, valueY } from './cover.ts'
import type { Cube, ValueSet } from './cover.ts'
import { factor, symbolCount, textOf } from './factor.ts'
import type { Formula } from './factor.ts'
import { transfer } from './transfer.ts'

export type PrintOptions = {
  /** What is known to hold anyway (`FOO` is a bool); the text need only be right where it does. */
  readonly care?: Cond
  /** What stands before a symbol's name; `CONFIG_` as makefiles write it, '' as Kconfig files do. */
  readonly prefix?: string
  /** In characters, the count of symbols left out not among them; these are `... (7 symbols)`. */
  readonly maxLength?: number
}

const defaultMaxLength = 200
/** Symbols up to which a condition is printed in full; of 29,331 objects of Linux 6.12 the worst has 18. */
const maxSymbols = 24
/** Symbols up to which it is sought what holds in every case. */
const maxForcedSymbols = 64
const maxCubes = 256
/** The diagram is built anew in the order of names; a condition that grows past this there is printed as `...`. */
const maxPrintNodes = 1 << 16

/**
 * A condition as a Kconfig expression: `CONFIG_A && CONFIG_B != m`, `CONFIG_A=y`, `always`, `never`. Equal conditions give
 * equal texts, whatever they were built from: names are put in order, and the shortest of the sum of products and the
 * product of sums is taken, with what every case has in common in front. Where both are too long, common parts are taken out; what
 * is too long even so is `... (7 symbols)`.
 */
export function printCond(conditions: Conditions, of: Cond, options: PrintOptions = {}): string {
  const care = options.care ?? always
  if (conditions.and(of, care) === never) return 'never'
  if (conditions.implies(care, of)) return 'always'
  const prefix = options.prefix ?? 'CONFIG_'
  const maxLength = options.maxLength ?? defaultMaxLength
  const variables = sortByName([...conditions.support(of), ...conditions.support(care)])
  if (variables.length > maxForcedSymbols) return dots(variables.length)
  const subject: Subject = { conditions, of, care, variables, prefix }
  const forced = forcedLiterals(subject)
  const rest = variables.length > maxSymbols ? null : tryRest(subject, forced)
  if (rest === null) {
    const known = forced.map((each) => each.text)
    return clip({ operator: '&&', parts: known }, maxLength, variables.length - forced.length)
  }
  return shortest(forced, rest, maxLength)
}

type Subject = {
  readonly conditions: Conditions
  readonly of: Cond
  readonly care: Cond
  readonly variables: readonly Variable[]
  readonly prefix: string
}

type Forced = { readonly text: string; readonly variable: Variable; readonly values: ValueSet }

/** What remains besides the forced literals: a sum of products and a product of sums, as texts of terms of texts. */
type Rest = { readonly products: readonly (readonly string[])[]; readonly sums: readonly (readonly string[])[] }

/** Symbols before atoms, each by name, without repetition. */
function sortByName(variables: readonly Variable[]): readonly Variable[] {
  const rank = (variable: Variable): string =>
    variable.kind === 'symbol' ? `0${variable.name}` : `1${variable.atom.key}`
  const unique = new Map(variables.map((variable) => [rank(variable), variable]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, variable]) => variable)
}

/** The values that a variable takes anywhere in a condition. */
function valuesIn(conditions: Conditions, of: Cond, variable: Variable): ValueSet {
  return [valueN, valueM, valueY]
    .filter((bit) => (domainOf(variable) & bit) !== 0)
    .filter((bit) => !conditions.excludes(of, literalCond(conditions, variable, bit)))
    .reduce((sum, bit) => sum + bit, 0)
}

function forcedLiterals({ conditions, of, care, variables, prefix }: Subject): readonly Forced[] {
  const both = conditions.and(of, care)
  return variables.flatMap((variable) => {
    const domain = valuesIn(conditions, care, variable)
    const values = valuesIn(conditions, both, variable)
    return values === domain ? [] : [{ variable, values, text: literalText(variable, { values, domain, prefix }) }]
  })
}

/** `values` of a variable that can only take those of `domain`. */
function literalText(
  variable: Variable,
  { values, domain, prefix }: { readonly values: ValueSet; readonly domain: ValueSet; readonly prefix: string },
): string {
  if (variable.kind === 'atom')
    return values === valueY ? variable.atom.key : (variable.atom.negated ?? `!${variable.atom.key}`)
  const name = prefix + variable.name
  if (values === valueN) return (domain & valueN) === domain ? name : `!${name}`
  if ((domain & valueN) !== 0 && values === domain - valueN) return name
  if (values === valueY) return `${name}=y`
  if (values === valueM) return `${name}=m`
  return values === domain - valueY ? `${name} != y` : `${name} != m`
}

function tryRest(subject: Subject, forced: readonly Forced[]): Rest | null {
  try {
    return restOf(subject, forced)
  } catch (error) {
    if (error instanceof DiagramTooLarge) return null
    throw error
  }
}

/** The diagram in the order of names, then its cover where the forced literals and the care set hold, and its negation's. */
function restOf({ conditions, of, care, variables, prefix }: Subject, forced: readonly Forced[]): Rest | null {
  const types = new Map(variables.flatMap((each) => (each.kind === 'symbol' ? [[each.name, each.type] as const] : [])))
  const sorted = createConditions({ typeOf: (name) => types.get(name) ?? 'tristate', maxNodes: maxPrintNodes })
  for (const variable of variables) literalCond(sorted, variable, valueY)
  const sortedOf = transfer(conditions, of, sorted)
  const sortedCare = transfer(conditions, care, sorted)
  const known = forced.reduce(
    (all, { variable, values }) => sorted.and(all, literalCond(sorted, variable, values)),
    sortedCare,
  )
  const domains = variables.map((variable) => valuesIn(sorted, known, variable))
  const termsOf = (yes: Cond, toText: (values: ValueSet, domain: ValueSet, variable: Variable) => string) => {
    const bounds = { lower: sorted.and(yes, known), upper: sorted.or(yes, sorted.not(known)) }
    const cubes = coverOf(sorted, bounds, { variables, maxCubes })
    return cubes === null ? null : cubes.map((cube) => cubeTexts(cube, { variables, domains, toText })).sort(byText)
  }
  const products = termsOf(sortedOf, (values, domain, variable) => literalText(variable, { values, domain, prefix }))
  const sums = termsOf(sorted.not(sortedOf), (values, domain, variable) =>
    literalText(variable, { values: domain - values, domain, prefix }),
  )
  return products === null || sums === null ? null : { products, sums }
}

function cubeTexts(
  cube: Cube,
  {
    variables,
    domains,
    toText,
  }: {
    readonly variables: readonly Variable[]
    readonly domains: readonly ValueSet[]
    readonly toText: (values: ValueSet, domain: ValueSet, variable: Variable) => string
  },
): readonly string[] {
  return cube.flatMap(({ index, values }) => {
    const variable = variables[index]
    const domain = domains[index] ?? 0
    if (variable === undefined || (values & domain) === domain) return []
    return [toText(values & domain, domain, variable)]
  })
}

const byText = (a: readonly string[], b: readonly string[]): number => {
  const [left, right] = [a.join(' '), b.join(' ')]
  return left < right ? -1 : left > right ? 1 : 0
}

/** The shorter of both forms; where neither fits, with common parts taken out; where that does not fit, what does of it. */
function shortest(forced: readonly Forced[], { products, sums }: Rest, maxLength: number): string {
  const literals = forced.map((each) => each.text)
  const isTrue = products.some((terms) => terms.length === 0)
  if (isTrue) return clip({ operator: '&&', parts: literals }, maxLength)
  const hasForced = literals.length > 0
  const sum = inBrackets(products, ' && ', products.length > 1)
  const sumText = [...literals, ...inBrackets([sum], ' || ', hasForced)].join(' && ')
  const productText = [...literals, ...inBrackets(sums, ' || ', hasForced || sums.length > 1)].join(' && ')
  const best = productText.length < sumText.length ? productText : sumText
  if (best.length <= maxLength) return best
  const conjunction = (formula: Formula): Formula => {
    const parts = typeof formula !== 'string' && formula.operator === '&&' ? formula.parts : [formula]
    return hasForced ? { operator: '&&', parts: [...literals, ...parts] } : formula
  }
  const candidates = [factor(products, '||'), factor(sums, '&&')].map(conjunction)
  const [first = '', second = ''] = candidates
  const shorter = textOf(second).length < textOf(first).length ? second : first
  const text = textOf(shorter)
  return text.length <= maxLength || typeof shorter === 'string' ? text : clip(shorter, maxLength)
}

/** Terms of several parts as texts, in brackets where they have company. */
function inBrackets(terms: readonly (readonly string[])[], operator: string, hasCompany: boolean): readonly string[] {
  return terms.map((parts) => {
    const text = parts.join(operator)
    return parts.length > 1 && hasCompany ? `(${text})` : text
  })
}

/** What is left out, by how many symbols it asks. */
function dots(symbols: number): string {
  return `... (${symbols} symbols)`
}

/** As many parts as fit, and the symbols of the others counted, `hidden` ones with them. */
function clip({ operator, parts }: Exclude<Formula, string>, maxLength: number, hidden = 0): string {
  const whole = parts.map((part) => textOf(part, operator)).join(` ${operator} `)
  if (hidden === 0 && whole.length <= maxLength) return whole
  const kept: string[] = []
  const left: Formula[] = []
  let length = '...'.length
  for (const part of parts) {
    const text = textOf(part, operator)
    const added = text.length + operator.length + 2
    if (length + added > maxLength) left.push(part)
    else {
      kept.push(text)
      length += added
    }
  }
  return [...kept, dots(symbolCount(left) + hidden)].join(` ${operator} `)
}
