import { oncePer } from '../text/once-per.ts'
import { both, symbolExpr } from './condition.ts'
import { isUnanswered } from './expand.ts'
import type { Condition, KconfigExpr, KconfigModel, KconfigSymbol } from './model.ts'

/**
 * The symbols that some configuration may have at m or y: all others are n in each. Only what hangs on a symbol that is not defined, or that
 * is n itself, is looked at: conditions that exclude each other are not, so that more are named here than can be set. Texts and numbers that
 * are defined are always among them. A command may answer y.
 */
export const settableSymbols: (model: KconfigModel) => ReadonlySet<string> = oncePer(({ symbols, choices }) => {
  const settable = new Set(choices.keys())
  let waiting: readonly KconfigSymbol[] = [...symbols.values()]
  for (let before = -1; settable.size > before;) {
    before = settable.size
    waiting = waiting.filter((symbol) => {
      if (!maySet(symbol, settable)) return true
      settable.add(symbol.name)
      return false
    })
  }
  return settable
})

function maySet(symbol: KconfigSymbol, settable: ReadonlySet<string>): boolean {
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return true
  const may = (condition: Condition): boolean => mayHold(condition, settable)
  const isRaised = symbol.selectedBy.some(({ from, condition }) => may(both(symbolExpr(from), condition)))
  if (isRaised || !may(symbol.dependency)) return isRaised
  const isGiven = symbol.impliedBy.some(({ from, condition }) => may(both(symbolExpr(from), condition)))
  return (
    isGiven ||
    symbol.prompts.some(({ condition }) => may(condition)) ||
    symbol.defaults.some(({ value, condition }) => may(both(value, condition)))
  )
}

function mayHold(condition: Condition, settable: ReadonlySet<string>): boolean {
  if (condition === null) return true
  switch (condition.kind) {
    case 'symbol':
      return mayBeSet(condition, settable)
    case 'and':
      return condition.operands.every((each) => mayHold(each, settable))
    case 'or':
      return condition.operands.some((each) => mayHold(each, settable))
    case 'not':
    case 'compare':
      return true
  }
}

function mayBeSet({ operand }: Extract<KconfigExpr, { kind: 'symbol' }>, settable: ReadonlySet<string>): boolean {
  if (operand.constant) return operand.name === 'y' || operand.name === 'm'
  return settable.has(operand.name) || isUnanswered(operand.name)
}
