/** Assignments under conditions (GNU make variable.c do_variable_definition()). */
import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Assignment, AssignmentOp, Define, Expr, Modifier, Range, Undefine } from './cst.ts'
import { defineValue } from './define.ts'
import { append, assign, definedCond, lookUp, undefine } from './environment.ts'
import type { Body } from './environment.ts'
import type { Machine } from './machine.ts'
import { spanIn, unexpandedText } from './script.ts'
import type { Script } from './script.ts'
import { unknownValue } from './value.ts'
import { literalText } from './expr-text.ts'
import { worldsOf } from './worlds.ts'

/** An assignment or a `define`, which is one of several lines. */
type Statement = {
  readonly name: Expr
  readonly op: AssignmentOp
  readonly value: Expr
  readonly modifiers: readonly Modifier[]
  readonly range: Range
  readonly valueRange: Range
}

export function doAssignment(machine: Machine, node: Assignment, script: Script, guard: Cond): void {
  set(machine, { ...node, valueRange: node.value.range }, script, guard)
}

export function doDefine(machine: Machine, node: Define, script: Script, guard: Cond): void {
  const value = defineValue(script.makefile, node)
  set(machine, { ...node, value, valueRange: node.body }, script, guard)
}

export function doUndefine(machine: Machine, node: Undefine, script: Script, guard: Cond): void {
  const isOverride = node.modifiers.includes('override')
  forEachName(machine, node, { script, guard }, (name, when) => {
    undefine(machine.environment, name, { when, span: spanIn(script, node.range), isOverride })
  })
}

function set(machine: Machine, statement: Statement, script: Script, guard: Cond): void {
  const { op, modifiers, range } = statement
  const isOverride = modifiers.includes('override')
  forEachName(machine, statement, { script, guard }, (name, when) => {
    const { settings, exports } = machine.findings
    const nameSpan = spanIn(script, statement.name.range)
    const span = spanIn(script, range)
    settings.push({ name, op, modifiers, when, span, nameSpan, valueSpan: spanIn(script, statement.valueRange) })
    const modifier = modifiers.find((each) => each === 'export' || each === 'unexport')
    if (modifier === 'export' || modifier === 'unexport') {
      exports.push({ modifier, names: [{ text: name, when, origin: nameSpan }], when, origin: span })
    }
    setVariable(machine, name, { statement, script }, { when, span: spanIn(script, statement.valueRange), isOverride })
  })
}

function setVariable(
  machine: Machine,
  name: string,
  { statement, script }: { readonly statement: Statement; readonly script: Script },
  change: Parameters<typeof undefine>[2],
): void {
  const { environment } = machine
  const deferred: Body = { kind: 'deferred', expr: statement.value, script }
  const expanded = (when: Cond) => machine.expand(statement.value, script, when)
  switch (statement.op) {
    case '=':
      assign(environment, name, deferred, { ...change, flavour: 'recursive' })
      return
    case ':=':
    case '::=':
    case ':::=':
      assign(environment, name, { kind: 'value', value: expanded(change.when) }, { ...change, flavour: 'simple' })
      return
    case '+=':
      append(environment, name, { deferred, expanded }, change)
      return
    case '?=': {
      const defined = definedCond(environment, lookUp(environment, name))
      const when = machine.conditions.without(change.when, defined)
      if (when !== never) assign(environment, name, deferred, { ...change, when, flavour: 'recursive' })
      return
    }
    case '!=': {
      const key = `$(shell ${unexpandedText(script, statement.value)})`
      const value = unknownValue({ kind: 'shell', reason: 'a command is run', key }, change.span)
      assign(environment, name, { kind: 'value', value }, { ...change, flavour: 'recursive' })
    }
  }
}

/** Each name that the left side can be. A name that is not known may be any that starts and ends like it. */
function forEachName(
  machine: Machine,
  statement: { readonly name: Expr; readonly range: Range },
  { script, guard }: { readonly script: Script; readonly guard: Cond },
  act: (name: string, when: Cond) => void,
): void {
  const literal = literalText(script.makefile.text, statement.name)
  if (literal !== null) {
    act(literal, guard)
    return
  }
  for (const world of worldsOf(machine.values, machine.expand(statement.name, script, guard))) {
    const when = machine.conditions.and(world.when, guard)
    if (when === never) continue
    const { unknown, text } = world
    if (unknown === null) {
      act(text, when)
      continue
    }
    const at = text.indexOf(unknown.key)
    const names =
      unknown.kind === 'limit' || at === -1
        ? { prefix: '', suffix: '' }
        : { prefix: text.slice(0, at), suffix: text.slice(at + unknown.key.length) }
    machine.findings.unknownEffects.push({ when, unknown, origin: spanIn(script, statement.range), names })
  }
}
