import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import { selectionExpr, symbolExpr } from './condition.ts'
import { noLevels, yesLevels } from './levels.ts'
import type { Leveller, Levels } from './levels.ts'
import type { KconfigModel, KconfigSymbol, Selection } from './model.ts'

/**
 * What holds of the value of a bool or tristate in every configuration in which its dependencies are met (symbol.c `sym_calc_value()`): it
 * is no more than they are, no less than its default where nobody is asked, and what it selects is no less than it is. One that
 * nothing selects is no more than its prompts, defaults and `imply` give; of a member of a choice no more than that its prompt is visible.
 */
export function constraintOf(symbol: KconfigSymbol, model: KconfigModel, leveller: Leveller): Cond {
  const { conditions, of } = leveller
  const { and, or, not } = conditions
  const own = of(symbolExpr(symbol.name))
  const isWhole = symbol.type === 'bool' ? always : or(modulesOf(model, conditions), not(and(own.m, not(own.y))))
  const raised = symbol.selects.reduce((all, each) => and(all, raisedBy(each, own, leveller)), isWhole)
  const met = and(raised, noMoreThan(of(symbol.dependency), symbol, { model, leveller }))
  if (symbol.choice !== null) return and(met, or(not(own.m), visibilityOf(symbol, leveller).m))
  const preset = defaultOf(symbol, leveller)
  const unasked = not(visibilityOf(symbol, leveller).m)
  const least = { m: and(unasked, preset.m), y: and(unasked, preset.y) }
  const all = and(met, and(or(not(least.m), own.m), or(not(least.y), own.y)))
  return symbol.selectedBy.length > 0 ? all : and(all, limitOf(symbol, model, leveller))
}

/** That a symbol is no more than its prompts, its defaults and `imply` give, or what selects it where nobody is ever asked about it. */
export function limitOf(symbol: KconfigSymbol, model: KconfigModel, leveller: Leveller): Cond {
  const selected = symbol.prompts.length > 0 ? null : selectionExpr(symbol.selectedBy)
  const given = [
    visibilityOf(symbol, leveller),
    defaultOf(symbol, leveller),
    impliedOf(symbol, leveller),
    selected === null ? noLevels : leveller.of(selected),
  ]
  return noMoreThan(given.reduce(leveller.or, noLevels), symbol, { model, leveller })
}

type World = { readonly model: KconfigModel; readonly leveller: Leveller }

/** A bool is y where m is given, and so is a tristate without modules. */
function noMoreThan(given: Levels, symbol: KconfigSymbol, { model, leveller }: World): Cond {
  const { conditions } = leveller
  const { and, or, not } = conditions
  const own = leveller.of(symbolExpr(symbol.name))
  const isWhole = symbol.type === 'bool' ? always : not(modulesOf(model, conditions))
  return and(or(not(own.m), given.m), or(not(own.y), or(given.y, and(given.m, isWhole))))
}

function visibilityOf({ prompts }: KconfigSymbol, { of, or }: Leveller): Levels {
  return prompts.map(({ condition }) => of(condition)).reduce(or, noLevels)
}

function modulesOf({ modules }: KconfigModel, conditions: Conditions): Cond {
  return modules === null ? never : conditions.isSet(modules)
}

/** A symbol that is selected is no less than the one that selects it. */
function raisedBy({ target, condition }: Selection, own: Levels, { conditions, of }: Leveller): Cond {
  const { and, or, not } = conditions
  const levels = of(symbolExpr(target))
  if (levels.m === never) return always
  const when = of(condition)
  const [m, y] = [and(own.m, when.m), and(own.y, when.y)]
  return and(or(not(m), levels.m), or(not(y), levels.y))
}

/** The first default whose condition holds, and no more than that condition. */
function defaultOf(symbol: KconfigSymbol, { of, and, or, not }: Leveller): Levels {
  let open = yesLevels
  let result = noLevels
  for (const { condition, value } of symbol.defaults) {
    const holds = of(condition)
    const reached = { m: open.m, y: open.m }
    result = or(result, and(reached, and(holds, of(value))))
    const missed = not({ m: holds.m, y: holds.m })
    open = and(open, missed)
  }
  return result
}

function impliedOf(symbol: KconfigSymbol, { of, and }: Leveller): Levels {
  const implied = selectionExpr(symbol.impliedBy)
  return implied === null ? noLevels : and(of(implied), of(symbol.dependency))
}
