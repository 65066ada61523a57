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
