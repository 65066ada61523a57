import type { Assignment, Atom, Cond, Conditions, Tristate } from '../../../src/cond/conditions.ts'
import { fc } from '../../support/random.ts'

/** A formula as a tree, judged by its definition: what conditions are compared with. */
export type Formula =
  | { readonly kind: 'is'; readonly symbol: string; readonly value: Tristate }
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly left: Formula; readonly right: Formula }

export const symbols = ['USB', 'PCI', 'SMP'] as const
/** A bool: never m. */
export const bool = 'SMP'
export const typeOf = (name: string): 'bool' | 'tristate' => (name === bool ? 'bool' : 'tristate')
export const probe: Atom = { kind: 'probe', key: 'cc-option(-Wvla)' }

const values: readonly Tristate[] = ['n', 'm', 'y']

/** Every assignment of the symbols and the probe. */
export const assignments: readonly Assignment[] = values.flatMap((usb) =>
  values.flatMap((pci) =>
    (['n', 'y'] as const).flatMap((smp) =>
      [true, false].map((answer) => ({
        symbol: (name: string): Tristate => (name === 'USB' ? usb : name === 'PCI' ? pci : smp),
        atom: () => answer,
      })),
    ),
  ),
)

export function evaluate(formula: Formula, under: Assignment): boolean {
  switch (formula.kind) {
    case 'is':
      return under.symbol(formula.symbol) === formula.value
    case 'atom':
      return under.atom(formula.atom)
    case 'not':
      return !evaluate(formula.of, under)
    case 'and':
      return evaluate(formula.left, under) && evaluate(formula.right, under)
    case 'or':
      return evaluate(formula.left, under) || evaluate(formula.right, under)
  }
}

export const truthTable = (formula: Formula): readonly boolean[] => assignments.map((each) => evaluate(formula, each))

export function toCond(conditions: Conditions, formula: Formula): Cond {
  switch (formula.kind) {
    case 'is':
      return conditions.symbolIs(formula.symbol, formula.value)
    case 'atom':
      return conditions.atom(formula.atom)
    case 'not':
      return conditions.not(toCond(conditions, formula.of))
    case 'and':
      return conditions.and(toCond(conditions, formula.left), toCond(conditions, formula.right))
    case 'or':
      return conditions.or(toCond(conditions, formula.left), toCond(conditions, formula.right))
  }
}

export const anyFormula: fc.Arbitrary<Formula> = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({
      kind: fc.constant('is' as const),
      symbol: fc.constantFrom(...symbols),
      value: fc.constantFrom(...values),
    }),
    fc.constant({ kind: 'atom' as const, atom: probe }),
    fc.record({ kind: fc.constant('not' as const), of: tie('formula') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('formula'), right: tie('formula') }),
  ),
})).formula

/** Reads what `printCond` writes; throws on anything else. */
export function parsePrinted(text: string): Formula {
  const tokens = text.match(/\(|\)|&&|\|\||!=|=|!|cc-option\(-Wvla\)|\w+/g) ?? []
  let at = 0
  const take = (): string => tokens[at++] ?? ''
  const literal = (): Formula => {
    const token = take()
    if (token === '(') {
      const inner = sum()
      if (take() !== ')') throw new Error(`unbalanced: ${text}`)
      return inner
    }
    if (token === '!') return { kind: 'not', of: literal() }
    if (token === probe.key) return { kind: 'atom', atom: probe }
    if (!token.startsWith('CONFIG_')) throw new Error(`unexpected '${token}' in: ${text}`)
    return comparison(token.slice('CONFIG_'.length))
  }
  const comparison = (symbol: string): Formula => {
    const operator = tokens[at]
    if (operator !== '=' && operator !== '!=') return { kind: 'not', of: { kind: 'is', symbol, value: 'n' } }
    take()
    const value = values.find((each) => each === tokens[at])
    take()
    if (value === undefined) throw new Error(`no value after ${symbol}: ${text}`)
    const is: Formula = { kind: 'is', symbol, value }
    return operator === '=' ? is : { kind: 'not', of: is }
  }
  const chain = (operator: '&&' | '||', next: () => Formula): Formula => {
    let left = next()
    while (tokens[at] === operator) {
      take()
      left = { kind: operator === '&&' ? 'and' : 'or', left, right: next() }
    }
    return left
  }
  const product = (): Formula => chain('&&', literal)
  const sum = (): Formula => chain('||', product)
  const result = sum()
  if (at !== tokens.length) throw new Error(`more after the end: ${text}`)
  return result
}
