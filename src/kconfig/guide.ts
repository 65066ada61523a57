import type { Tristate } from './cells.ts'
import { both, symbolExpr } from './condition.ts'
import { isUnanswered } from './expand.ts'
import type { Answers, Hunt } from './hunt.ts'
import type { Condition, KconfigExpr, KconfigModel, KconfigSymbol } from './model.ts'

/** Values that an allnoconfig is to be given; null where this way leads nowhere. */
export type Guidance = ReadonlyMap<string, Tristate> | null

/** Symbols one behind the other that lead to a value: the longest chains of Linux 6.12 have some 20. */
const maxDepth = 40
/** Symbols that are looked at for one answer. */
const maxVisits = 600
/** Of what may raise a symbol, how much is tried. */
const maxAlternatives = 6

type Walk = {
  readonly model: KconfigModel
  readonly except: string | null
  /** Which of several alternatives comes first. */
  readonly turn: number
  readonly answers: Answers
  visits: number
  /** What each symbol is led to, and what of that somebody has to be told. */
  readonly goals: Map<string, Tristate>
  readonly settings: Map<string, Tristate>
  /** What a symbol must not be above. */
  readonly limits: Map<string, Tristate>
  /** What was written into these, in order, so that it can be taken back. */
  readonly written: Written[]
}

/** A value that was written, and what was there before. */
type Written = { readonly into: Map<string, Tristate>; readonly name: string; readonly before: Tristate | undefined }

function write(walk: Walk, into: 'goals' | 'settings' | 'limits', [name, value]: readonly [string, Tristate]): void {
  const values = walk[into]
  walk.written.push({ into: values, name, before: values.get(name) })
  values.set(name, value)
}

/** Takes back all but the first `left` that were written. */
function takeBack({ written }: Walk, left: number): void {
  for (const { into, name, before } of written.splice(left).reverse()) {
    if (before === undefined) into.delete(name)
    else into.set(name, before)
  }
}

/**
 * Goes from what is wanted to what it takes, as a person does who wants a driver: answers its question, then what the question depends
 * on; of a symbol that nobody is asked about, looks for a default or for one that selects it. Of alternatives it takes the first that leads
 * somewhere, another first at each `turn`. What comes back is a guess: that it does what is wanted is for trying it out to say.
 */
export function guideTo(
  { wanted, except }: Hunt,
  model: KconfigModel,
  way: { readonly turn: number; readonly answers: Answers },
): Guidance {
  const values = { goals: new Map(), settings: new Map(), limits: new Map(), written: [] }
  const walk: Walk = { model, except, ...way, visits: 0, ...values }
  for (const { condition, most } of wanted) if (most < 2) lower(walk, condition, most)
  const isLed = wanted.every(({ condition, least }) => least === 0 || raise(walk, condition, { to: least, depth: 0 }))
  return isLed ? walk.settings : null
}

type Aim = { readonly to: Tristate; readonly depth: number }

/** Whether a condition can be led to a value, as far as this can tell. */
function raise(walk: Walk, condition: Condition, aim: Aim): boolean {
  if (condition === null) return true
  switch (condition.kind) {
    case 'symbol': {
      const { name, constant } = condition.operand
      return constant ? constantOf(name) >= aim.to : raiseSymbol(walk, name, aim)
    }
    case 'and':
      return condition.operands.every((each) => raise(walk, each, aim))
    case 'or':
      return tryEach(walk, inTurn(walk, condition.operands, aim), (each) => raise(walk, each, aim))
    case 'not':
      return lower(walk, condition.operand, aim.to === 2 ? 0 : 1)
    case 'compare':
      return raiseComparison(walk, condition, aim)
  }
}

type Comparison = Extract<KconfigExpr, { kind: 'compare' }>

/** What is no comparison of a symbol with y, m or n is taken to hold. */
function raiseComparison(walk: Walk, { op, left, right }: Comparison, aim: Aim): boolean {
  if (left.constant || !right.constant || !/^[ymn]$/.test(right.name)) return true
  const symbol = symbolExpr(left.name)
  const value = constantOf(right.name)
  if (op === '=')
    return lower(walk, symbol, value) && (value === 0 || raise(walk, symbol, { to: value, depth: aim.depth }))
  if (op !== '!=') return true
  return value === 0 ? raise(walk, symbol, { to: 1, depth: aim.depth }) : lower(walk, symbol, value === 2 ? 1 : 0)
}

/** Keeps a condition from being above a value: only what is named in it itself, as all else is n unless it is asked for. */
function lower(walk: Walk, condition: Condition, to: Tristate): boolean {
  if (condition === null) return to === 2
  switch (condition.kind) {
    case 'symbol': {
      const { name, constant } = condition.operand
      if (constant) return constantOf(name) <= to
      const limit = walk.limits.get(name)
      if (limit === undefined || to < limit) write(walk, 'limits', [name, to])
      return (walk.goals.get(name) ?? 0) <= to
    }
    case 'or':
      return condition.operands.every((each) => lower(walk, each, to))
    case 'and':
      return (
        condition.operands.some((each) => isBelow(walk, each, to)) || lower(walk, condition.operands[0] ?? null, to)
      )
    case 'not':
    case 'compare':
      return true
  }
}

/** Whether a symbol that has to be no higher is so already. */
function isBelow({ goals }: Walk, expr: KconfigExpr, to: Tristate): boolean {
  return expr.kind === 'symbol' && !expr.operand.constant && (goals.get(expr.operand.name) ?? 0) <= to
}

function raiseSymbol(walk: Walk, name: string, { to, depth }: Aim): boolean {
  const { model, goals, limits } = walk
  if (walk.answers === 'any' && isUnanswered(name)) {
    write(walk, 'settings', [name, 2])
    return (limits.get(name) ?? 2) === 2
  }
  // A choice is what its members are, where it is seen.
  const choice = model.choices.get(name)
  if (choice !== undefined && depth <= maxDepth) return raise(walk, choice.dependency, { to, depth: depth + 1 })
  const symbol = model.symbols.get(name)
  if (symbol === undefined || depth > maxDepth || ++walk.visits > maxVisits) return false
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return false
  const goal = symbol.type === 'bool' ? 2 : to
  if ((limits.get(name) ?? 2) < goal) return false
  if ((goals.get(name) ?? 0) >= goal) return true
  write(walk, 'goals', [name, goal])
  if (goal === 1 && model.modules !== null && !raiseSymbol(walk, model.modules, { to: 2, depth: depth + 1 }))
    return false
  // What a bool rests on may be m.
  const rest: Aim = { to: symbol.type === 'bool' ? 1 : to, depth: depth + 1 }
  return tryEach(walk, waysTo(symbol, walk), ({ isAsked, needed }) => {
    if (isAsked) write(walk, 'settings', [name, goal])
    return raise(walk, needed, rest) && symbol.selects.every((each) => raiseSelected(walk, each, rest))
  })
}

/** What a symbol selects has dependencies of its own. */
function raiseSelected(walk: Walk, { target, condition }: KconfigSymbol['selects'][number], aim: Aim): boolean {
  const isMeant = condition?.kind === 'symbol' && !condition.operand.constant
  if (condition !== null && !(isMeant && walk.goals.has(condition.operand.name))) return true
  const symbol = walk.model.symbols.get(target)
  if (symbol === undefined || target === walk.except || walk.goals.has(target)) return true
  write(walk, 'goals', [target, aim.to])
  return raise(walk, symbol.dependency, aim)
}

type Way = { readonly isAsked: boolean; readonly needed: Condition }

/** What leads to a symbol: somebody is asked, a default, or what selects it; first what excludes nothing. */
function waysTo(symbol: KconfigSymbol, walk: Walk): readonly Way[] {
  const asked = symbol.prompts.map(({ condition }): Way => ({ isAsked: true, needed: condition }))
  const preset = symbol.defaults.map(({ condition, value }): Way => ({
    isAsked: false,
    needed: both(value, condition),
  }))
  const selected = symbol.selectedBy.map(({ from, condition }): Way => ({
    isAsked: false,
    needed: both(both(symbolExpr(from), condition), symbol.dependency),
  }))
  const ways = rotated([...asked, ...preset, ...selected], walk.turn).slice(0, maxAlternatives)
  return [...ways.filter(({ needed }) => !excludes(needed)), ...ways.filter(({ needed }) => excludes(needed))]
}

/** Whether a condition asks for something not to be there: what may be wanted by another. */
function excludes(condition: Condition): boolean {
  if (condition === null) return false
  switch (condition.kind) {
    case 'symbol':
      return false
    case 'and':
    case 'or':
      return condition.operands.some(excludes)
    case 'not':
    case 'compare':
      return true
  }
}

/** Of alternatives first those that hold already. */
function inTurn(walk: Walk, operands: readonly KconfigExpr[], { to }: Aim): readonly KconfigExpr[] {
  const holds = (each: KconfigExpr): boolean =>
    each.kind === 'symbol' && !each.operand.constant && (walk.goals.get(each.operand.name) ?? 0) >= to
  const held = operands.filter(holds)
  return held.length > 0 ? held : rotated(operands, walk.turn).slice(0, maxAlternatives)
}

/** The first alternative that leads somewhere; what the others had begun is taken back. */
function tryEach<Each>(walk: Walk, alternatives: readonly Each[], attempt: (each: Each) => boolean): boolean {
  const left = walk.written.length
  for (const each of alternatives) {
    if (attempt(each)) return true
    takeBack(walk, left)
  }
  return false
}

function rotated<Each>(items: readonly Each[], turn: number): readonly Each[] {
  const by = items.length === 0 ? 0 : turn % items.length
  return [...items.slice(by), ...items.slice(0, by)]
}

function constantOf(name: string): Tristate {
  return name === 'y' ? 2 : name === 'm' ? 1 : 0
}
