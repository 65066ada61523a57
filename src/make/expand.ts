import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Expr, Part } from './cst.ts'
import { callFunction } from './functions.ts'
import { variableValue } from './lookup.ts'
import { limitReached, maxDepth } from './machine.ts'
import type { Machine } from './machine.ts'
import { patternSubstitution } from './text-functions.ts'
import { spend } from './scope.ts'
import { sourceText, spanIn, unexpandedText } from './script.ts'
import type { Script } from './script.ts'
import type { Option, Value } from './value.ts'
import { choiceValue, concatValues, depthOf, emptyValue, textValue, unknownValue } from './value.ts'
import { literalText } from './expr-text.ts'
import { worldsOf } from './worlds.ts'

/** The value of an expression under a condition; what it is elsewhere does not matter. */
export function expand(machine: Machine, expr: Expr, script: Script, guard: Cond): Value {
  spend(machine.values.budget, 1 + expr.parts.length)
  const [first] = expr.parts
  if (first === undefined) return emptyValue
  if (machine.depth >= maxDepth) return unknownValue(limitReached('references'), spanIn(script, expr.range))
  machine.depth++
  try {
    if (expr.parts.length === 1) return bounded(expandPart(machine, first, script, guard), script, expr)
    const items = expr.parts.map((part) => ({
      value: expandPart(machine, part, script, guard),
      site: spanIn(script, part.range),
    }))
    return bounded(concatValues(items), script, expr)
  } finally {
    machine.depth--
  }
}

/** Values inside values, as `x := $(x) more` makes them; what reads them recurses. */
const maxValueDepth = 1000

function bounded(value: Value, script: Script, expr: Expr): Value {
  return depthOf(value) <= maxValueDepth ? value : unknownValue(limitReached('values'), spanIn(script, expr.range))
}

function expandPart(machine: Machine, part: Part, script: Script, guard: Cond): Value {
  const site = spanIn(script, part.range)
  switch (part.kind) {
    case 'literal':
      return textValue(part.cooked ?? sourceText(script, part.range), site)
    case 'variable':
      return withName(machine, part.name, { script, guard }, (name, when) => variableValue(machine, name, when))
    case 'substitution': {
      const value = withName(machine, part.name, { script, guard }, (name, when) => variableValue(machine, name, when))
      const from = machine.expand(part.from, script, guard)
      const to = machine.expand(part.to, script, guard)
      return patternSubstitution(machine, { from, to, value, isSuffix: true })
    }
    case 'call':
      return callFunction(machine, { fn: part.fn, args: part.args, script, site, guard })
    case 'bad':
      return unknownValue({ kind: 'error', reason: part.message, key: sourceText(script, part.range) }, site)
  }
}

/** What a name gives that is itself an expression: the value for each of its alternatives. */
export function withName(
  machine: Machine,
  expr: Expr,
  { script, guard }: { readonly script: Script; readonly guard: Cond },
  give: (name: string, when: Cond) => Value,
): Value {
  const literal = literalText(script.makefile.text, expr)
  if (literal !== null) return give(literal, guard)
  const options: Option[] = []
  for (const world of worldsOf(machine.values, machine.expand(expr, script, guard))) {
    const when = machine.conditions.and(world.when, guard)
    if (when === never) {
      machine.guardUses++
      continue
    }
    if (world.unknown === null) options.push({ when: world.when, value: give(world.text, when) })
    else {
      const key = `$(${unexpandedText(script, expr)})`
      options.push({ when: world.when, value: unknownValue({ ...world.unknown, key }, spanIn(script, expr.range)) })
    }
  }
  return choiceValue(options)
}
