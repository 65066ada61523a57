import type { Bounds } from './bounds.ts'
import { opposite, type Tristate } from './cells.ts'
import { raisingOf, type SymbolTerms } from './symbol-terms.ts'
import type { Term } from './terms.ts'

/** What a term is to come to. */
export type Demand = { readonly term: Term; readonly least: Tristate; readonly most: Tristate }

/** Hears of a place where one of several demands has to be met. */
export type SplitVisitor = (ways: readonly Demand[]) => void

/** Calls `visit` for each place of a demand where one of several has to be so, with those that may. */
export function visitSplits({ term, least, most }: Demand, bounds: Bounds, visit: SplitVisitor): void {
  switch (term.kind) {
    case 'not':
      visitSplits({ term: term.operand, least: opposite(most), most: opposite(least) }, bounds, visit)
      return
    case 'and': {
      for (const each of least > 0 ? term.operands : []) visitSplits({ term: each, least, most: 2 }, bounds, visit)
      if (most === 2 || bounds.high(term) <= most) return
      const left = term.operands.filter((each) => bounds.low(each) <= most)
      visitOneOf(
        left.map((each) => ({ term: each, least: 0, most })),
        bounds,
        visit,
      )
      return
    }
    case 'or': {
      for (const each of most < 2 ? term.operands : []) visitSplits({ term: each, least: 0, most }, bounds, visit)
      if (least === 0 || bounds.low(term) >= least) return
      const left = term.operands.filter((each) => bounds.high(each) >= least)
      visitOneOf(
        left.map((each) => ({ term: each, least, most: 2 })),
        bounds,
        visit,
      )
      return
    }
    case 'constant':
    case 'open':
    case 'symbol':
    case 'is':
  }
}

function visitOneOf(ways: readonly Demand[], bounds: Bounds, visit: SplitVisitor): void {
  const [only] = ways
  if (only !== undefined && ways.length === 1) visitSplits(only, bounds, visit)
  else visit(ways)
}

/** The same for the ways in which a symbol is more than n, unless one is sure or there are more than `limit`. */
export function visitWays(
  { ways, way }: SymbolTerms,
  bounds: Bounds,
  { visit, limit }: { readonly visit: SplitVisitor; readonly limit: number },
): void {
  const left: Demand[] = []
  for (let index = 0; index < (ways ?? 0); index++) {
    const term = way(index)
    if (bounds.high(term) === 0) continue
    if (bounds.low(term) > 0 || left.length === limit) return
    left.push({ term, least: 1, most: 2 })
  }
  if (ways !== null) visitOneOf(left, bounds, visit)
}

/** The same for what raises a symbol that is no more than `most`. */
export function visitRaising(
  lines: SymbolTerms,
  { most, bounds, visit }: { readonly most: Tristate; readonly bounds: Bounds; readonly visit: SplitVisitor },
): void {
  if (most === 2) return
  for (const term of raisingOf(lines)) visitSplits({ term, least: 0, most }, bounds, visit)
}
