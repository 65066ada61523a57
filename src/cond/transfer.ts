import { always, never } from './conditions.ts'
import type { Cond, Conditions, Split, Variable } from './conditions.ts'

/** The same condition in another set of conditions, whose order of variables may differ. */
export function transfer(from: Conditions, of: Cond, to: Conditions): Cond {
  declare(to, from.support(of))
  const done = new Map<Cond, Cond>([
    [never, never],
    [always, always],
  ])
  const open: Cond[] = [of]
  for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
    const split = done.has(next) ? null : from.split(next)
    const missing = split === null ? [] : childrenOf(split).filter((child) => !done.has(child))
    if (missing.length > 0) {
      open.push(...missing)
      continue
    }
    if (split !== null)
      done.set(
        next,
        rejoin(to, split, (child) => done.get(child) ?? never),
      )
    open.pop()
  }
  return done.get(of) ?? never
}

/**
 * Mentions variables in an order, so that a set of conditions that does not know them keeps that order: in another one a
 * condition could grow, and putting it together bottom up would copy its lower part at each step.
 */
function declare(to: Conditions, variables: readonly Variable[]): void {
  for (const variable of variables) {
    if (variable.kind === 'symbol') to.symbolIs(variable.name, 'y')
    else to.atom(variable.atom)
  }
}

const childrenOf = (split: Split): readonly Cond[] => [split.low, split.module, split.yes]

function rejoin(
  to: Conditions,
  { variable, low, module, yes }: Omit<Split, 'index'>,
  childOf: (child: Cond) => Cond,
): Cond {
  return to.choose(variable, { low: childOf(low), module: childOf(module), yes: childOf(yes) })
}

/** Conditions as plain data, fit for JSON: what a store keeps of them. */
export type StoredConds = {
  readonly variables: readonly Variable[]
  /** Each node: its variable's place above, and what remains for n, m, y: 0 is never, 1 always, else a node's place here + 2. */
  readonly nodes: readonly (readonly [variable: number, low: number, module: number, yes: number])[]
  readonly roots: readonly number[]
}

/** Conditions to be kept; `loadConds` gives them back, in the same order, in any set of conditions. */
export function storeConds(from: Conditions, roots: readonly Cond[]): StoredConds {
  const used = new Map<number, Variable>()
  const nodes: (readonly [index: number, low: number, module: number, yes: number])[] = []
  const places = new Map<Cond, number>([
    [never, 0],
    [always, 1],
  ])
  const open: Cond[] = [...roots]
  for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
    const split = places.has(next) ? null : from.split(next)
    const missing = split === null ? [] : childrenOf(split).filter((child) => !places.has(child))
    if (missing.length > 0) {
      open.push(...missing)
      continue
    }
    if (split !== null) {
      const [low, module, yes] = [split.low, split.module, split.yes].map((child) => places.get(child) ?? 0)
      places.set(next, nodes.length + 2)
      used.set(split.index, split.variable)
      nodes.push([split.index, low ?? 0, module ?? 0, yes ?? 0])
    }
    open.pop()
  }
  const indexes = [...used.keys()].sort((a, b) => a - b)
  const placeOf = new Map(indexes.map((index, place) => [index, place]))
  return {
    variables: indexes.flatMap((index) => used.get(index) ?? []),
    nodes: nodes.map(([index, ...children]) => [placeOf.get(index) ?? 0, ...children]),
    roots: roots.map((root) => places.get(root) ?? 0),
  }
}

/** The conditions that were kept, in `to`. */
export function loadConds(to: Conditions, stored: StoredConds): readonly Cond[] {
  declare(to, stored.variables)
  const conds: Cond[] = [never, always]
  for (const [place, low, module, yes] of stored.nodes) {
    const variable = stored.variables[place]
    if (variable === undefined) throw new Error(`stored conditions mention variable ${place}, which they do not list`)
    conds.push(rejoin(to, { variable, low, module, yes }, (child) => conds[child] ?? never))
  }
  return stored.roots.map((root) => conds[root] ?? never)
}
