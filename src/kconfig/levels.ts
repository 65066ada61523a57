import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import { printCondition } from './condition.ts'
import { isUnanswered } from './expand.ts'
import type { Answers } from './hunt.ts'
import type { Condition, KconfigExpr, KconfigModel, Operand } from './model.ts'

/** A three-valued expression as two conditions: it is m or y; it is y. `y` never holds without `m`. */
export type Levels = { readonly m: Cond; readonly y: Cond }

/** Expressions of a model as conditions over its bools and tristates. */
export type Leveller = {
  readonly conditions: Conditions
  readonly of: (condition: Condition) => Levels
  readonly and: (left: Levels, right: Levels) => Levels
  readonly or: (left: Levels, right: Levels) => Levels
  readonly not: (of: Levels) => Levels
}

export const yesLevels: Levels = { m: always, y: always }
export const noLevels: Levels = { m: never, y: never }

/**
 * A symbol that is neither bool nor tristate, or that nothing defines, is n (expr.c `expr_calc_value()`); a comparison that is not one of a
 * bool or tristate with y, m or n is a fact of its own, true or false independent of all else; and so is what a command answers, where
 * `answers` leaves that open, but for questions that have one answer alone: `test "..." = GCC`, `test "..." = Clang`.
 */
export function createLeveller(model: KconfigModel, conditions: Conditions, answers: Answers): Leveller {
  const { and, or, not } = conditions
  const known = new Map<KconfigExpr, Levels>()
  const both = (left: Levels, right: Levels): Levels => ({ m: and(left.m, right.m), y: and(left.y, right.y) })
  const either = (left: Levels, right: Levels): Levels => ({ m: or(left.m, right.m), y: or(left.y, right.y) })
  const opposite = ({ m, y }: Levels): Levels => ({ m: not(y), y: not(m) })
  const asked = new Map<string, Set<string>>()
  const answered = new Map<string, Levels>()
  const remembered = (command: string): Levels => {
    const found = answered.get(command)
    if (found !== undefined) return found
    const made = answer(command)
    answered.set(command, made)
    return made
  }
  const answer = (command: string): Levels => {
    const question = command.replace(/(" = )\w+(?=;)/, '$1')
    const others = asked.get(question) ?? new Set<string>()
    const excluded = [...others].filter((other) => other !== command).map((other) => conditions.isSet(other))
    asked.set(question, others.add(command))
    const yes = excluded.reduce((all, other) => and(all, not(other)), conditions.isSet(command))
    return { m: yes, y: yes }
  }
  const operand = ({ name, constant }: Operand): Levels => {
    if (constant) return { m: name === 'y' || name === 'm' ? always : never, y: name === 'y' ? always : never }
    if (answers === 'any' && isUnanswered(name)) return remembered(name)
    // Members of a recorded choice depend on it: whether it is seen is for trying it out.
    if (model.choices.has(name)) return yesLevels
    const type = model.symbols.get(name)?.type
    if (type !== 'bool' && type !== 'tristate') return noLevels
    return { m: conditions.isSet(name), y: conditions.symbolIs(name, 'y') }
  }
  const compare = (expr: Extract<KconfigExpr, { kind: 'compare' }>): Levels => {
    const { op, left, right } = expr
    const value = valueNamed(right)
    const type = left.constant ? undefined : model.symbols.get(left.name)?.type
    if ((op !== '=' && op !== '!=') || value === null || (type !== 'bool' && type !== 'tristate')) {
      const fact = conditions.atom({ kind: 'value', key: printCondition(expr) })
      return { m: fact, y: fact }
    }
    const equal = conditions.symbolIs(left.name, value)
    const holds = op === '=' ? equal : not(equal)
    return { m: holds, y: holds }
  }
  const levels = (expr: KconfigExpr): Levels => {
    switch (expr.kind) {
      case 'symbol':
        return operand(expr.operand)
      case 'compare':
        return compare(expr)
      case 'not':
        return opposite(of(expr.operand))
      case 'and':
        return expr.operands.map(of).reduce(both, yesLevels)
      case 'or':
        return expr.operands.map(of).reduce(either, noLevels)
    }
  }
  const of = (condition: Condition): Levels => {
    if (condition === null) return yesLevels
    const found = known.get(condition)
    if (found !== undefined) return found
    const made = levels(condition)
    known.set(condition, made)
    return made
  }
  return { conditions, of, and: both, or: either, not: opposite }
}

function valueNamed({ name, constant }: Operand): 'n' | 'm' | 'y' | null {
  return constant && (name === 'n' || name === 'm' || name === 'y') ? name : null
}
