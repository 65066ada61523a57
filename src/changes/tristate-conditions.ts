/** Kconfig's expressions as conditions, so that two of them can be compared for what they mean. */
import { always, createConditions, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import { printCond } from '../cond/print.ts'
import { printCondition } from '../kconfig/condition.ts'
import { withoutCommands } from './print-words.ts'
import type { Condition, KconfigExpr, KconfigModel, Operand } from '../kconfig/model.ts'

/** Where an expression is m or y, and where it is y. */
export type Tristate = { readonly atLeastM: Cond; readonly y: Cond }

/** What is known of the expressions of two models of Kconfig. */
export type TristateConditions = {
  readonly conditions: Conditions
  /** What a condition comes to; null stands for `y`, as Kconfig has it. */
  readonly of: (condition: Condition) => Tristate
  readonly isSame: (left: Condition, right: Condition) => boolean
  /** As Kconfig text; of equal conditions that are written otherwise the texts differ. */
  readonly text: (condition: Condition) => string
  /** Where a symbol may be m or y, in short; what `given` says is left out. */
  readonly print: (atLeastM: Cond, given?: Cond) => string
}

/** Nodes of all conditions together; all that touched files of Linux 6.12 reach need some thousands. */
const maxNodes = 1 << 18
/** Characters of a printed condition. */
const maxLength = 100

/** Conditions over the symbols of two models; one that is a tristate in any of them counts as one, and one that none defines as a bool. */
export function createTristates(models: readonly KconfigModel[]): TristateConditions {
  const isBool = (name: string): boolean =>
    models.every(({ symbols }) => (symbols.get(name)?.type ?? 'bool') === 'bool')
  const conditions = createConditions({ maxNodes, typeOf: (name) => (isBool(name) ? 'bool' : 'tristate') })
  const isText = (name: string): boolean =>
    models.some(({ symbols }) => ['string', 'int', 'hex'].includes(symbols.get(name)?.type ?? ''))
  const known = new Map<KconfigExpr, Tristate>()
  const texts = new Map<KconfigExpr, string>()
  const of = (condition: Condition): Tristate => {
    if (condition === null) return yes
    let found = known.get(condition)
    if (found === undefined) {
      found = tristateOf({ conditions, isText, of }, condition)
      known.set(condition, found)
    }
    return found
  }
  const text = (condition: Condition): string => {
    if (condition === null) return 'y'
    let found = texts.get(condition)
    if (found === undefined) {
      found = printCondition(condition)
      texts.set(condition, found)
    }
    return found
  }
  const isSame = (left: Condition, right: Condition): boolean => {
    if (left === right || text(left) === text(right)) return true
    const [one, other] = [of(left), of(right)]
    return one.atLeastM === other.atLeastM && one.y === other.y
  }
  const print = (atLeastM: Cond, given: Cond = always): string =>
    withoutCommands(printCond(conditions, atLeastM, { care: given, prefix: '', maxLength }))
  return { conditions, of, isSame, text, print }
}

const yes: Tristate = { atLeastM: always, y: always }
const modular: Tristate = { atLeastM: always, y: never }
const no: Tristate = { atLeastM: never, y: never }

type Scope = Pick<TristateConditions, 'conditions' | 'of'> & { readonly isText: (name: string) => boolean }

function tristateOf(scope: Scope, expr: KconfigExpr): Tristate {
  const { conditions, of } = scope
  switch (expr.kind) {
    case 'symbol':
      return symbolOf(scope, expr.operand)
    case 'compare':
      return twoValued(comparison(scope, expr))
    case 'not': {
      const { atLeastM, y } = of(expr.operand)
      return { atLeastM: conditions.not(y), y: conditions.not(atLeastM) }
    }
    case 'and':
    case 'or': {
      const join = expr.kind === 'and' ? conditions.and : conditions.or
      const parts = expr.operands.map(of)
      const first = expr.kind === 'and' ? yes : no
      return parts.reduce(
        (sum, part) => ({ atLeastM: join(sum.atLeastM, part.atLeastM), y: join(sum.y, part.y) }),
        first,
      )
    }
  }
}

function symbolOf({ conditions, isText }: Scope, { name, constant }: Operand): Tristate {
  if (constant) return name === 'y' ? yes : name === 'm' ? modular : no
  if (isText(name)) return no
  return { atLeastM: conditions.isSet(name), y: conditions.symbolIs(name, 'y') }
}

const twoValued = (cond: Cond): Tristate => ({ atLeastM: cond, y: cond })

function comparison({ conditions, isText }: Scope, { left, op, right }: KconfigExpr & { kind: 'compare' }): Cond {
  const isValue = right.constant && (right.name === 'y' || right.name === 'm' || right.name === 'n')
  if (!left.constant && !isText(left.name) && isValue && (op === '=' || op === '!=')) {
    const cond = conditions.symbolIs(left.name, right.name === 'y' ? 'y' : right.name === 'm' ? 'm' : 'n')
    return op === '=' ? cond : conditions.not(cond)
  }
  const [positive, negative, isNegative] = opposites[op]
  const key = `${operandText(left)} ${positive} ${operandText(right)}`
  const negated = `${operandText(left)} ${negative} ${operandText(right)}`
  const atom = conditions.atom({ kind: 'value', key, negated })
  return isNegative ? conditions.not(atom) : atom
}

/** Each comparison with the one that holds where it does not; true for the second of both. */
const opposites = {
  '=': ['=', '!=', false],
  '!=': ['=', '!=', true],
  '<': ['<', '>=', false],
  '>=': ['<', '>=', true],
  '>': ['>', '<=', false],
  '<=': ['>', '<=', true],
} as const

const operandText = ({ name, constant }: Operand): string =>
  constant && !/^[ymn]$/.test(name) ? JSON.stringify(name) : name
