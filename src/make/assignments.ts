/** Assignments under conditions (GNU make variable.c do_variable_definition()). */
import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Assignment, AssignmentOp, Define, Expr, Modifier, Range, Undefine } from './cst.ts'
import { defineValue } from './define.ts'
import { append, assign, definedCond, lookUp, undefine } from './environment.ts'
import type { Body, Change } from './environment.ts'
import { askFor } from './lookup.ts'
import type { Machine } from './machine.ts'
import { sourceText, spanIn, unexpandedText } from './script.ts'
import type { Script } from './script.ts'
import type { Apart } from './reads.ts'
import type { Value } from './value.ts'
import { unknownValue } from './value.ts'
import { literalText } from './expr-text.ts'
import { worldsOf } from './worlds.ts'

/** What an assignment gives: an expression to expand at each use, and its value now, the same for each name of the left side. */
type Bodies = { readonly deferred: Extract<Body, { kind: 'deferred' }>; readonly expanded: () => Value }

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
  const { settings, exports } = machine.findings
  const isOverride = modifiers.includes('override')
  const span = spanIn(script, range)
  const nameSpan = spanIn(script, statement.name.range)
  const valueSpan = spanIn(script, statement.valueRange)
  const modifier = modifiers.find((each) => each === 'export' || each === 'unexport')
  let given: Apart<Value> | null = null
  const bodies: Bodies = {
    deferred: { kind: 'deferred', expr: statement.value, script },
    expanded: () => (given ??= machine.reads.apart(() => machine.expand(statement.value, script, guard))).value,
  }
  forEachName(machine, statement, { script, guard }, (name, when) => {
    settings.push({ name, op, modifiers, when, span, nameSpan, valueSpan })
    if (modifier === 'export' || modifier === 'unexport') {
      exports.push({ modifier, names: [{ text: name, when, origin: nameSpan }], when, origin: span })
    }
    setVariable(machine, name, { op, bodies }, { when, span: valueSpan, isOverride })
    machine.reads.giveTo(name, given?.asked ?? [])
  })
}

function setVariable(
  machine: Machine,
  name: string,
  { op, bodies }: { readonly op: AssignmentOp; readonly bodies: Bodies },
  change: Change,
): void {
  const { environment } = machine
  const { deferred, expanded } = bodies
  switch (op) {
    case '=':
      assign(environment, name, deferred, { ...change, flavour: 'recursive' })
      return
    case ':=':
    case '::=':
    case ':::=':
      assign(environment, name, { kind: 'value', value: expanded() }, { ...change, flavour: 'simple' })
      return
    case '+=':
      append(environment, name, bodies, change)
      return
    case '?=': {
      const defined = definedCond(environment, lookUp(environment, name))
      const when = machine.conditions.without(change.when, defined)
      if (when !== never) assign(environment, name, deferred, { ...change, when, flavour: 'recursive' })
      return
    }
    case '!=': {
      const key = `$(shell ${unexpandedText(deferred.script, deferred.expr)})`
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
  if (forEachChoice(machine, statement.name, { script, guard }, act)) return
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

/**
 * `obj-$(CONFIG_USB)`, the name of four lines in five: literals around one variable of a few texts. A short cut that gives what
 * the general way gives; false where the name is another.
 */
function forEachChoice(
  machine: Machine,
  name: Expr,
  { script, guard }: { readonly script: Script; readonly guard: Cond },
  act: (name: string, when: Cond) => void,
): boolean {
  const [before, reference, after] = name.parts
  if (name.parts.length > 3 || before?.kind !== 'literal' || reference?.kind !== 'variable') return false
  if (after !== undefined && after.kind !== 'literal') return false
  const [inner] = reference.name.parts
  if (reference.name.parts.length !== 1 || inner?.kind !== 'literal' || machine.bindings.length > 0) return false
  const written = (part: typeof before): string => part.cooked ?? sourceText(script, part.range)
  const [definition, other] = askFor(machine, written(inner)).definitions
  if (definition?.body.kind !== 'value' || definition.body.value.kind !== 'choice' || other !== undefined) return false
  const options = definition.body.value.options.flatMap(({ when, value }) =>
    value.kind === 'text' ? [{ when, text: value.text }] : [],
  )
  if (options.length < definition.body.value.options.length) return false
  const [prefix, suffix] = [written(before), after === undefined ? '' : written(after)]
  const { conditions } = machine
  let rest = guard
  for (const { when, text } of options) {
    const reached = conditions.and(guard, conditions.and(definition.when, when))
    rest = conditions.without(rest, reached)
    if (reached !== never) act(prefix + text + suffix, reached)
  }
  if (rest !== never) act(prefix + suffix, rest)
  return true
}
