/** What references to variables stand for. */
import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { lookUp } from './environment.ts'
import type { Definition, Variable } from './environment.ts'
import type { Machine } from './machine.ts'
import type { Item, Value } from './value.ts'
import { emptyValue, listValue, unknownValue } from './value.ts'

/** A variable that is asked for by what is being done. */
export function askFor({ reads, environment }: Machine, name: string): Variable {
  reads.note(name)
  return lookUp(environment, name)
}

/** What `$(name)` stands for: the innermost binding, else the definitions in force. */
export function variableValue(machine: Machine, name: string, guard: Cond): Value {
  const bound = boundValue(machine, name)
  if (bound !== null) return bound
  return definitionsValue(machine, askFor(machine, name), guard)
}

/** The value that a `foreach` or `call` gives a name; null where none does. */
export function boundValue(machine: Machine, name: string): Value | null {
  const isArgument = /^[0-9]+$/.test(name)
  for (let index = machine.bindings.length - 1; index >= 0; index--) {
    const bindings = machine.bindings[index]
    const value = bindings?.values.get(name)
    if (value !== undefined) return value
    if (isArgument && bindings?.isCall === true) return emptyValue
  }
  return null
}

/** The definitions of a variable, each where it is in force. */
export function definitionsValue(machine: Machine, variable: Variable, guard: Cond): Value {
  const { expanding, environment, reads } = machine
  const isPlain = variable.definitions.every((definition) => definition.body.kind === 'value')
  if (isPlain) return listValue(variable.definitions.map((definition) => itemOf(machine, definition, guard)))
  const memo = machine.bindings.length === 0 ? machine.memo.get(variable) : undefined
  if (memo?.version === environment.version) return memo.value
  const isNested = expanding.has(variable.name)
  if (isNested && !machine.called.has(variable.name)) {
    const reason = `\`${variable.name}\` refers to itself`
    return unknownValue({ kind: 'error', reason, key: `$(${variable.name})` }, null)
  }
  const uses = machine.guardUses
  expanding.add(variable.name)
  try {
    // As of the variable itself: who finds the value kept asks for nothing but that.
    const { value, asked } = reads.apart(() =>
      listValue(variable.definitions.map((definition) => itemOf(machine, definition, guard))),
    )
    reads.giveTo(variable.name, asked)
    const isSame = machine.guardUses === uses && machine.bindings.length === 0
    if (isSame) machine.memo.set(variable, { version: environment.version, value })
    return value
  } finally {
    if (!isNested) expanding.delete(variable.name)
  }
}

function itemOf(machine: Machine, { body, when }: Definition, guard: Cond): Item {
  if (body.kind === 'value') return { value: body.value, when, counts: 'nonempty' }
  const inForce = machine.conditions.and(when, guard)
  if (inForce === never && guard !== always) {
    machine.guardUses++
    return { value: emptyValue, when: never, counts: 'nonempty' }
  }
  const counts = body.expr.parts.length > 0 ? 'always' : 'nonempty'
  return { value: machine.expand(body.expr, body.script, inForce), when, counts }
}

/** Runs `work` while some variables have other values. */
export function withBindings(machine: Machine, bindings: Machine['bindings'][number], work: () => Value): Value {
  machine.bindings.push(bindings)
  try {
    return work()
  } finally {
    machine.bindings.pop()
  }
}
