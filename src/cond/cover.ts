/**
 * Conditions as short sums of products: an irredundant cover by Minato's and Morreale's recursion, over the three values of
 * a symbol at once ("Fast generation of prime-irredundant covers from binary decision diagrams", 1993).
 */
import { always, never } from './conditions.ts'
import type { Cond, Conditions, Variable } from './conditions.ts'

/** The values a literal allows, as a sum of bits. An atom is `valueN` or `valueY`. */
export type ValueSet = number
export const valueN: ValueSet = 1
export const valueM: ValueSet = 2
export const valueY: ValueSet = 4

/** Values of one variable, by its place in the order of first mention; never all of the variable's values. */
export type Literal = { readonly index: number; readonly values: ValueSet }
/** A product of literals, by index. The empty product holds always. */
export type Cube = readonly Literal[]

/** What a cover has to hold in, and what it may hold in. */
export type Bounds = { readonly lower: Cond; readonly upper: Cond }

/** The proper subsets of a domain by size, so that a larger one is sought only where a smaller one is not needed. */
function literalSets(domain: ValueSet): readonly ValueSet[] {
  return [1, 2, 4, 3, 5, 6].filter((set) => (set & domain) === set && set !== domain)
}

/** The single values of a set. */
function bitsOf(set: ValueSet): readonly ValueSet[] {
  return [valueN, valueM, valueY].filter((bit) => (set & bit) !== 0)
}

/** All values that a variable can take. */
export function domainOf(variable: Variable): ValueSet {
  return variable.kind === 'symbol' && variable.type === 'tristate' ? valueN | valueM | valueY : valueN | valueY
}

/**
 * A sum of products between the bounds, every product prime and none superfluous; null where it needs more than `maxCubes`
 * on the way. `variables` are those that the bounds can mention, by index.
 */
export function coverOf(
  conditions: Conditions,
  bounds: Bounds,
  { variables, maxCubes }: { readonly variables: readonly Variable[]; readonly maxCubes: number },
): readonly Cube[] | null {
  const scope = { conditions, variables, maxCubes }
  const cubes = cover(scope, bounds.lower, bounds.upper)?.cubes
  if (cubes === undefined) return null
  return irredundant(
    scope,
    cubes.map((cube) => expand(scope, cube, bounds.upper)),
    bounds.lower,
  )
}

/** The condition that a cube stands for. */
export function cubeCond(conditions: Conditions, cube: Cube, variables: readonly Variable[]): Cond {
  return cube.reduce((product, literal) => {
    const variable = variables[literal.index]
    return variable === undefined ? product : conditions.and(product, literalCond(conditions, variable, literal.values))
  }, always)
}

/** The condition that a variable has one of these values. */
export function literalCond(conditions: Conditions, variable: Variable, values: ValueSet): Cond {
  if (variable.kind === 'atom') {
    const atom = conditions.atom(variable.atom)
    const whenTrue = (values & valueY) !== 0 ? atom : never
    return (values & valueN) !== 0 ? conditions.or(conditions.not(atom), whenTrue) : whenTrue
  }
  const { name } = variable
  const n = (values & valueN) !== 0 ? conditions.symbolIs(name, 'n') : never
  const m = (values & valueM) !== 0 ? conditions.symbolIs(name, 'm') : never
  const y = (values & valueY) !== 0 ? conditions.symbolIs(name, 'y') : never
  return conditions.or(n, conditions.or(m, y))
}

type Scope = {
  readonly conditions: Conditions
  readonly variables: readonly Variable[]
  readonly maxCubes: number
}
type Covering = { readonly cubes: readonly Cube[]; readonly cond: Cond }

/** What remains of a condition where the variable at `index` has the value `bit`. */
function cofactor(conditions: Conditions, of: Cond, at: { readonly index: number; readonly bit: ValueSet }): Cond {
  const split = conditions.split(of)
  if (split?.index !== at.index) return of
  return at.bit === valueN ? split.low : at.bit === valueM ? split.module : split.yes
}

/** What the bounds say where one variable has one value. */
type ValueBounds = { readonly bit: ValueSet; lower: Cond; readonly upper: Cond }

/** What only the literal `set` can still hold in, and what a product with that literal may hold in. */
function boundsOf(conditions: Conditions, set: ValueSet, values: readonly ValueBounds[]): Bounds {
  const { and, or, without } = conditions
  let lower: Cond = never
  let upper: Cond = always
  let elsewhere: Cond = never
  for (const value of values) {
    if ((set & value.bit) !== 0) {
      lower = or(lower, value.lower)
      upper = and(upper, value.upper)
    } else elsewhere = or(elsewhere, value.upper)
  }
  return { lower: and(without(lower, elsewhere), upper), upper }
}

function cover(scope: Scope, lower: Cond, upper: Cond): Covering | null {
  if (lower === never) return { cubes: [], cond: never }
  if (upper === always) return { cubes: [[]], cond: always }
  const { conditions, variables, maxCubes } = scope
  const index = Math.min(conditions.split(lower)?.index ?? Infinity, conditions.split(upper)?.index ?? Infinity)
  const variable = variables[index]
  if (variable === undefined) return null
  const domain = domainOf(variable)
  const values = bitsOf(domain).map((bit) => ({
    bit,
    lower: cofactor(conditions, lower, { index, bit }),
    upper: cofactor(conditions, upper, { index, bit }),
  }))
  const cubes: Cube[] = []
  let cond: Cond = never
  for (const set of [...literalSets(domain), domain]) {
    const bounds = boundsOf(conditions, set, values)
    const part = cover(scope, bounds.lower, bounds.upper)
    if (part === null || cubes.length + part.cubes.length > maxCubes) return null
    const isLiteral = set !== domain
    for (const cube of part.cubes) cubes.push(isLiteral ? [{ index, values: set }, ...cube] : cube)
    for (const value of values) {
      if ((set & value.bit) !== 0) value.lower = conditions.without(value.lower, part.cond)
    }
    const within = isLiteral ? literalCond(conditions, variable, set) : always
    cond = conditions.or(cond, conditions.and(within, part.cond))
  }
  return { cubes, cond }
}

/** The cube with each literal dropped or widened as far as the bound allows, the first ones first. */
function expand({ conditions, variables }: Scope, cube: Cube, upper: Cond): Cube {
  const fits = (candidate: Cube): boolean => conditions.implies(cubeCond(conditions, candidate, variables), upper)
  let best = cube
  for (const { index, values } of cube) {
    const dropped = best.filter((literal) => literal.index !== index)
    if (fits(dropped)) {
      best = dropped
      continue
    }
    const variable = variables[index]
    const wider = literalSets(variable === undefined ? 0 : domainOf(variable))
      .filter((set) => (set & values) === values && set !== values)
      .map((set) => best.map((literal) => (literal.index === index ? { index, values: set } : literal)))
      .find(fits)
    best = wider ?? best
  }
  return best
}

/** The cubes without those that the others cover, the longest dropped first. */
function irredundant({ conditions, variables }: Scope, cubes: readonly Cube[], lower: Cond): readonly Cube[] {
  let kept = [...cubes].sort((a, b) => b.length - a.length)
  for (const cube of [...kept]) {
    const others = kept.filter((other) => other !== cube)
    const sum = others.reduce((total, other) => conditions.or(total, cubeCond(conditions, other, variables)), never)
    if (conditions.without(lower, sum) === never) kept = others
  }
  return kept
}
