import { operandsOf, printExpr } from '../../src/kconfig/print-expression.ts'
import type { Expr, KconfigFile, Property, Range } from '../../src/kconfig/syntax.ts'
import type { Config, Redundant } from './redundant.ts'
import { knownFor, reasonFor } from './repeated-dependency.ts'

type Conditional = Extract<Property, { readonly kind: 'type' | 'prompt' | 'select' | 'imply' | 'range' }> & {
  readonly condition: Expr
}
type Selection = Extract<Property, { readonly kind: 'select' | 'imply' }>

/** A condition, or a part of one, that holds anyway. */
export type HeldCondition = Redundant & {
  /** What it rests on: that `select` raises these symbols, which it does where they are defined and no members of a choice. */
  readonly selected: readonly string[]
}

/**
 * The conditions of prompts, ranges, `select` and `imply` that hold wherever their line counts, whole or in part: the
 * dependencies of an entry are ANDed to each of its lines (menu.c _menu_finalize()). A symbol that an entry selects without a
 * condition is never less than the entry, so its other selections need not ask for it. Not those of defaults: which of several
 * counts is easier to see with all conditions written out.
 */
export function heldConditions(file: KconfigFile, text: string): readonly HeldCondition[] {
  return file.statements.flatMap((statement) => {
    const conditional = statement.kind === 'config' ? statement.properties.filter(isConditional) : []
    if (statement.kind !== 'config' || conditional.length === 0) return []
    const [required, selected] = [knownFor(file, statement), selectedBy(statement)]
    return conditional.flatMap((property) => {
      const isSelection = property.kind === 'select' || property.kind === 'imply'
      const reasonOf = (part: Expr): Reason | null => {
        const said = reasonFor(part, required)
        if (said !== null) return { at: said.at, selected: null }
        return isSelection ? selectedPart(part, selected) : null
      }
      return describe(property, { symbol: statement.name.text, text, reasonOf })
    })
  })
}

function isConditional(property: Property): property is Conditional {
  switch (property.kind) {
    case 'type':
    case 'prompt':
    case 'select':
    case 'imply':
    case 'range':
      return property.condition !== null
    default:
      return false
  }
}

/** The symbols that an entry selects wherever it is on. */
function selectedBy({ properties }: Config): ReadonlyMap<string, Range> {
  const always = properties.filter(
    (property): property is Selection => property.kind === 'select' && property.condition === null,
  )
  return new Map(always.map(({ symbol, start, end }) => [symbol.text, { start, end }]))
}

type Reason = { readonly at: Range; readonly selected: string | null }

function selectedPart(part: Expr, selected: ReadonlyMap<string, Range>): Reason | null {
  const name = part.kind === 'symbol' && !part.word.quoted ? part.word.text : null
  const at = name === null ? undefined : selected.get(name)
  return at === undefined ? null : { at, selected: name }
}

type Setting = {
  readonly symbol: string
  readonly text: string
  readonly reasonOf: (part: Expr) => Reason | null
}

function describe(property: Conditional, { symbol, text, reasonOf }: Setting): readonly HeldCondition[] {
  const parts = operandsOf(property.condition, 'and').map((part) => ({ part, reason: reasonOf(part) }))
  const reasons = parts.flatMap(({ reason }) => reason ?? [])
  const [first] = reasons
  const start = text.lastIndexOf('if', property.condition.start)
  if (first === undefined || start < property.start) return []
  const selected = reasons.flatMap((reason) => reason.selected ?? [])
  const dropped = print(parts.filter(({ reason }) => reason !== null))
  const line = text
    .slice(property.start, start)
    .replaceAll(/[\s\\]+/g, ' ')
    .trim()
  const why = selected.length === 0 ? 'depends on it' : 'selects it'
  return [
    {
      range: { start, end: property.end },
      message: `\`${dropped}\` behind \`${line}\` says nothing: \`${symbol}\` ${why} anyway`,
      subject: `${symbol} ${line} ${dropped}`,
      because: first.at,
      replacement: print(parts.filter(({ reason }) => reason === null)),
      selected,
    },
  ]
}

/** `if A && B`; nothing for no parts. */
function print(parts: readonly { readonly part: Expr }[]): string {
  const printed = parts.map(({ part }) =>
    part.kind === 'or' && parts.length > 1 ? `(${printExpr(part)})` : printExpr(part),
  )
  return printed.length === 0 ? '' : `if ${printed.join(' && ')}`
}
