import { always, never, type Cond, type Conditions } from '../cond/conditions.ts'
import { createFinder, type Search } from '../kconfig/find-configuration.ts'
import { isUnanswered } from '../kconfig/expand.ts'
import type { Wanted } from '../kconfig/hunt.ts'
import { createCeilings, type Ceilings } from '../kconfig/ceilings.ts'
import type { KconfigExpr, KconfigModel } from '../kconfig/model.ts'
import { settableSymbols } from '../kconfig/settable-symbols.ts'

/** Ways to make a condition hold that are tried. */
const maxWays = 12
/** A condition of more symbols is left open. */
export const maxSymbols = 10

/** Looks for a configuration in which a condition holds. */
export type WitnessSearch = (conditions: Conditions, of: Cond) => Search

/**
 * A search for configurations of a kernel in which a condition over its symbols holds: what it asks of each symbol, as far as Kconfig lets
 * it, on a machine whose compilers and tools answer as it takes: that is not among the settings. `unknown` where it hangs on something else than the y, m and n of symbols, or has too many ways to hold.
 */
export function createWitnessSearch(kconfig: KconfigModel): WitnessSearch {
  const { find } = createFinder(kconfig, 'any')
  const ceilings = createCeilings(kconfig)
  return (conditions, of) => {
    if (conditions.support(of).length > maxSymbols) return { kind: 'unknown' }
    let isOpen = false
    let tried = 0
    for (const way of waysOf(conditions, of)) {
      if (way !== null && (isRuledOut(way, ceilings) || asksTooMuch(way, kconfig))) continue
      if (tried++ >= maxWays) return { kind: 'unknown' }
      const found = way === null ? ({ kind: 'unknown' } as const) : find({ wanted: way.map(wantedOf), except: null })
      if (found.kind === 'found') return { ...found, settings: withoutAnswers(found.settings) }
      isOpen ||= found.kind === 'unknown'
    }
    return { kind: isOpen ? 'unknown' : 'impossible' }
  }
}

function withoutAnswers<Value>(settings: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...settings].filter(([name]) => !isUnanswered(name)))
}

/** A symbol's value, from n (0) to y (2). */
type Asked = { readonly name: string; readonly least: 0 | 1 | 2; readonly most: 0 | 1 | 2 }
type Way = readonly Asked[]
type Step = { readonly at: Cond; readonly way: Way | null }

/** The paths of a condition's diagram to `always`, each as what it asks of symbols; null where it asks for something else. */
export function* waysOf(conditions: Conditions, of: Cond): Generator<Way | null> {
  const open: Step[] = [{ at: of, way: [] }]
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { at, way } = step
    if (at === never) continue
    if (at === always) {
      yield way
      continue
    }
    const split = conditions.split(at)
    if (split === null) continue
    const { variable, low, module, yes } = split
    if (variable.kind === 'atom') {
      // What a tool can do changes no object; anything else is not for Kconfig to say.
      const next = variable.atom.kind === 'probe' ? way : null
      open.push({ at: low, way: next }, { at: yes, way: next })
      continue
    }
    const asks = (least: 0 | 1 | 2, most: 0 | 1 | 2): Way | null =>
      way && [...way, { name: variable.name, least, most }]
    if (module === yes) open.push({ at: low, way: asks(0, 0) }, { at: yes, way: asks(1, 2) })
    else open.push({ at: low, way: asks(0, 0) }, { at: module, way: asks(1, 1) }, { at: yes, way: asks(2, 2) })
  }
}

function wantedOf({ name, least, most }: Asked): Wanted {
  const condition: KconfigExpr = { kind: 'symbol', operand: { name, constant: false } }
  return { condition, least, most }
}

/** Whether a symbol is to be above one that bounds it. */
export function isRuledOut(way: Way, ceilings: Ceilings): boolean {
  return way.some(({ name, least }) => {
    if (least === 0) return false
    const above = ceilings(name)
    return way.some((other) => other.most < least && above.has(other.name))
  })
}

/** Whether a symbol is to be set that no configuration sets: of another architecture, or gone. */
function asksTooMuch(way: Way, kconfig: KconfigModel): boolean {
  const isSettable = settableSymbols(kconfig)
  return way.some(({ name, least }) => least > 0 && !isSettable(name))
}
