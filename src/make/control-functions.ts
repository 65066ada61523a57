/** The functions that decide which of their arguments are expanded, how often, or with which variables (GNU make manual 8.4 to 8.12). */
import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { definedCond } from './environment.ts'
import type { Expr } from './cst.ts'
import { overTexts, parseNumber } from './lists.ts'
import { askFor, boundValue, withBindings } from './lookup.ts'
import type { Call, Machine } from './machine.ts'
import { trimExpr, unexpandedText } from './script.ts'
import { nonEmptyCond } from './tests.ts'
import type { Item, Option, Value } from './value.ts'
import { choiceValue, emptyValue, listValue, textValue, unknownValue } from './value.ts'
import { wordsOf } from './guarded-words.ts'

/** A function that expands its arguments itself. */
export type ControlFunction = (machine: Machine, call: Call) => Value

export const controlFunctions: Readonly<Record<string, ControlFunction>> = {
  if: ifFunction,
  or: orFunction,
  and: andFunction,
  foreach: foreachFunction,
  let: letFunction,
  intcmp: intcmpFunction,
  origin: (machine, call) => overName(machine, call, (name) => originOf(machine, name)),
  flavor: (machine, call) => overName(machine, call, (name) => flavorOf(machine, name)),
  value: (machine, call) => overName(machine, call, (name) => rawValue(machine, name)),
  info: () => emptyValue,
  warning: () => emptyValue,
  error: errorFunction,
}

/** Expands an argument where a condition holds; nothing where it never does. */
function expandWhen(machine: Machine, expr: Expr | undefined, { script, guard }: Call, when: Cond): Value {
  if (expr === undefined) return emptyValue
  const both = machine.conditions.and(guard, when)
  if (both !== never) return machine.expand(expr, script, both)
  machine.guardUses++
  return emptyValue
}

function expandTrimmed(machine: Machine, expr: Expr, call: Call, when: Cond): Value {
  return expandWhen(machine, trimExpr(call.script, expr), call, when)
}

function ifFunction(machine: Machine, call: Call): Value {
  const [test, yes, no] = call.args
  if (test === undefined) return emptyValue
  const when = nonEmptyCond(machine.values, expandTrimmed(machine, test, call, always))
  const otherwise = machine.conditions.not(when)
  return choiceValue([
    { when, value: when === never ? emptyValue : expandWhen(machine, yes, call, when) },
    { when: otherwise, value: otherwise === never ? emptyValue : expandWhen(machine, no, call, otherwise) },
  ])
}

function orFunction(machine: Machine, call: Call): Value {
  const options: Option[] = []
  let rest: Cond = always
  for (const arg of call.args) {
    const value = expandTrimmed(machine, arg, call, rest)
    const nonEmpty = nonEmptyCond(machine.values, value)
    options.push({ when: machine.conditions.and(rest, nonEmpty), value })
    rest = machine.conditions.without(rest, nonEmpty)
    if (rest === never) break
  }
  return choiceValue(options)
}

function andFunction(machine: Machine, call: Call): Value {
  let when: Cond = always
  let value: Value = emptyValue
  for (const arg of call.args) {
    value = expandTrimmed(machine, arg, call, when)
    when = machine.conditions.and(when, nonEmptyCond(machine.values, value))
    if (when === never) return emptyValue
  }
  return choiceValue([{ when, value }])
}

function foreachFunction(machine: Machine, call: Call): Value {
  const [nameExpr, listExpr, body] = call.args
  if (nameExpr === undefined || listExpr === undefined || body === undefined) return emptyValue
  const list = expandWhen(machine, listExpr, call, always)
  return overTexts(machine, [expandWhen(machine, nameExpr, call, always)], ([name = '']) => {
    const { words, unknown } = wordsOf(machine.values, list)
    const items: Item[] = words.flatMap(({ text, when, origin }) => {
      if (machine.conditions.excludes(when, call.guard)) return []
      const values = new Map([[name.trim(), textValue(text, origin)]])
      const value = withBindings(machine, { values, isCall: false }, () => expandWhen(machine, body, call, when))
      return [{ value, when, counts: 'always' as const }]
    })
    const unknownItems = unknown.map((each): Item => ({
      value: unknownValue(each.unknown, each.origin),
      when: each.when,
      counts: 'nonempty',
    }))
    return listValue([...items, ...unknownItems])
  })
}

/** `$(let names,list,text)`: a word for each name, the rest for the last. */
function letFunction(machine: Machine, call: Call): Value {
  const [namesExpr, listExpr, body] = call.args
  if (namesExpr === undefined || listExpr === undefined || body === undefined) return emptyValue
  const values = [namesExpr, listExpr].map((expr) => expandWhen(machine, expr, call, always))
  return overTexts(machine, values, ([names = '', list = ''], when) => {
    let rest = list.trimStart()
    const all = names.split(/\s+/).filter((name) => name !== '')
    const bound = new Map<string, Value>()
    for (const [index, name] of all.entries()) {
      const word = /^\S*/.exec(rest)?.[0] ?? ''
      bound.set(name, textValue(index === all.length - 1 ? rest.trimEnd() : word, null))
      rest = rest.slice(word.length).trimStart()
    }
    return withBindings(machine, { values: bound, isCall: false }, () => expandWhen(machine, body, call, when))
  })
}

/** `$(intcmp a,b[,less[,equal[,greater]]])` of GNU make 4.4. */
function intcmpFunction(machine: Machine, call: Call): Value {
  const [leftExpr, rightExpr, less, equal, greater] = call.args
  const values = [leftExpr, rightExpr].map((expr) => expandWhen(machine, expr, call, always))
  return overTexts(machine, values, ([left = '', right = ''], when) => {
    const [a, b] = [parseNumber(left), parseNumber(right)]
    if (a === null || b === null) {
      const key = `$(intcmp ${left},${right},...)`
      return unknownValue({ kind: 'error', reason: 'non-numeric argument to `intcmp`', key }, call.site)
    }
    if (less === undefined) return a === b ? textValue(String(a), call.site) : emptyValue
    const chosen = a < b ? less : a === b ? equal : (greater ?? equal)
    return expandWhen(machine, chosen, call, when)
  })
}

function overName(machine: Machine, call: Call, give: (name: string) => Value): Value {
  const [expr] = call.args
  return overTexts(machine, [expandWhen(machine, expr, call, always)], ([name = '']) => give(name.trim()))
}

function originOf(machine: Machine, name: string): Value {
  if (boundValue(machine, name) !== null) return textValue('automatic', null)
  const { conditions } = machine
  const options: Option[] = []
  let rest: Cond = always
  for (const { when, origin } of [...askFor(machine, name).definitions].reverse()) {
    options.push({ when: conditions.and(rest, when), value: textValue(origin, null) })
    rest = conditions.without(rest, when)
  }
  return choiceValue([...options, { when: rest, value: textValue('undefined', null) }])
}

function flavorOf(machine: Machine, name: string): Value {
  if (boundValue(machine, name) !== null) return textValue('simple', null)
  const variable = askFor(machine, name)
  const { conditions } = machine
  const defined = definedCond(machine.environment, variable)
  return choiceValue([
    { when: conditions.and(defined, variable.simple), value: textValue('simple', null) },
    { when: conditions.without(defined, variable.simple), value: textValue('recursive', null) },
    { when: conditions.not(defined), value: textValue('undefined', null) },
  ])
}

/** What a variable was given, unexpanded. */
function rawValue(machine: Machine, name: string): Value {
  const bound = boundValue(machine, name)
  if (bound !== null) return bound
  const { definitions } = askFor(machine, name)
  return listValue(
    definitions.map(({ body, when }) => ({
      value: body.kind === 'value' ? body.value : textValue(unexpandedText(body.script, body.expr), null),
      when,
      counts: 'nonempty',
    })),
  )
}

/** make stops here: what follows happens only elsewhere. */
function errorFunction(machine: Machine, call: Call): Value {
  const [expr] = call.args
  const message = expr === undefined ? '' : unexpandedText(call.script, expr)
  if (!machine.isDone) machine.findings.stops.push({ when: call.guard, message, origin: call.site })
  machine.guardUses++
  return emptyValue
}
