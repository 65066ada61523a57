import { oncePer } from '../text/once-per.ts'
import { isUnanswered } from './expand.ts'
import type { Condition, KconfigExpr, KconfigModel, KconfigSymbol, Selection } from './model.ts'

/** Whether some configuration may have a symbol at m or y; where it may not, the symbol is n in each. */
export type Settable = (symbol: string) => boolean

/**
 * The symbols that may be m or y. Only what hangs on a symbol that is not defined, or that is n itself, is looked at: conditions that exclude
 * each other are not, so that more are named here than can be set. Texts and numbers that are defined are always among them. A command may
 * answer y. Worked out as far as it is asked for, and kept.
 */
export const settableSymbols: (model: KconfigModel) => Settable = oncePer(({ symbols, choices }) => {
  const search: Search = { symbols, choices, states: new Map(), doubtful: new Set(), doubts: 0, depth: 0 }
  return (name) => {
    const state = lookAt(search, name)
    if (state === 'no' || state === 'yes') return state === 'yes'
    settleDoubts(search)
    return search.states.get(name) === 'yes'
  }
})

/** How many symbols are followed from one to the next: each by some calls, and memory for those is limited. */
const maxDepth = 20

/**
 * `doubtful` is what is not found to be settable as long as others are not that are themselves being looked at, or that were not looked at
 * any more; `open` is what is being looked at.
 */
type State = 'yes' | 'no' | 'open' | 'doubtful'

type Search = Pick<KconfigModel, 'symbols' | 'choices'> & {
  readonly states: Map<string, State>
  /** Those of this state. */
  readonly doubtful: Set<KconfigSymbol>
  /** Grows with each doubt that is met. */
  doubts: number
  depth: number
}

/** Looks at doubtful symbols until nothing comes to light any more: those that are left then have but each other to be set by. */
function settleDoubts(search: Search): void {
  const { states, doubtful } = search
  let found = 0
  for (let before = -1; states.size + found > before;) {
    before = states.size + found
    for (const symbol of doubtful) {
      if (!maySet(search, symbol)) continue
      states.set(symbol.name, 'yes')
      doubtful.delete(symbol)
      found++
    }
  }
  for (const { name } of doubtful) states.set(name, 'no')
  doubtful.clear()
}

/** What mostly decides comes first, and nothing is made for it: symbols are many. */
function maySet(search: Search, symbol: KconfigSymbol): boolean {
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return true
  const { dependency } = symbol
  return (mayHold(search, dependency) && maySetItself(search, symbol)) || mayRaise(search, symbol.selectedBy)
}

/** Whether a symbol may be set where what it depends on may hold. */
function maySetItself(search: Search, { dependency, prompts, defaults, impliedBy }: KconfigSymbol): boolean {
  for (const { condition } of prompts) if (mayHold(search, condition, dependency)) return true
  for (const { value, condition } of defaults)
    if (mayHold(search, condition, dependency) && mayHold(search, value)) return true
  return mayRaise(search, impliedBy)
}

function mayRaise(search: Search, selections: readonly Selection[]): boolean {
  for (const { from, condition } of selections) if (mayBeSet(search, from) && mayHold(search, condition)) return true
  return false
}

/** `given` is a part of it that may. */
function mayHold(search: Search, condition: Condition, given: Condition = null): boolean {
  let rest = condition
  // Conditions that enclose each other are nested to the left, as deep as a file has it.
  while (rest !== given && rest?.kind === 'and') {
    const { operands } = rest
    for (let at = 1; at < operands.length; at++) if (!mayHold(search, operands[at] ?? null)) return false
    rest = operands[0] ?? null
  }
  if (rest === null || rest === given) return true
  switch (rest.kind) {
    case 'symbol':
      return mayOperand(search, rest)
    case 'or':
      return rest.operands.some((each) => mayHold(search, each))
    case 'and':
    case 'not':
    case 'compare':
      return true
  }
}

function mayOperand(search: Search, { operand }: Extract<KconfigExpr, { kind: 'symbol' }>): boolean {
  return operand.constant ? operand.name === 'y' || operand.name === 'm' : mayBeSet(search, operand.name)
}

function mayBeSet(search: Search, name: string): boolean {
  return lookAt(search, name) === 'yes' || isUnanswered(name)
}

function lookAt(search: Search, name: string): State {
  const { symbols, choices, states } = search
  const known = states.get(name)
  if (known === 'open' || known === 'doubtful') search.doubts++
  if (known !== undefined) return known
  const symbol = symbols.get(name)
  if (symbol === undefined) return choices.has(name) ? 'yes' : 'no'
  if (search.depth < maxDepth) return lookThrough(search, symbol)
  search.doubts++
  return 'doubtful'
}

/** Looks at a symbol, and at those that it hangs on as far as they decide. */
function lookThrough(search: Search, symbol: KconfigSymbol): State {
  const { states, doubtful } = search
  const { name } = symbol
  const before = search.doubts
  states.set(name, 'open')
  search.depth++
  const found = maySet(search, symbol)
  search.depth--
  const state = found ? 'yes' : search.doubts > before ? 'doubtful' : 'no'
  if (found) search.doubts = before
  if (state === 'doubtful') doubtful.add(symbol)
  states.set(name, state)
  return state
}
