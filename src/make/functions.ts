import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { controlFunctions } from './control-functions.ts'
import { countingFunctions } from './counting-functions.ts'
import { definedCond } from './environment.ts'
import { KNOWN_FUNCTIONS } from './known-functions.ts'
import { askFor, definitionsValue, variableValue, withBindings } from './lookup.ts'
import { limitReached, maxDepth } from './machine.ts'
import type { Call, Machine } from './machine.ts'
import { parseMakefile } from './parse.ts'
import { abspath, pathFunctions, realpath } from './path-functions.ts'
import { probeValue } from './probes.ts'
import { parseText, unexpandedText } from './script.ts'
import { textFunctions } from './text-functions.ts'
import type { TextFunction } from './text-functions.ts'
import type { Option, Unknown, Value } from './value.ts'
import { choiceValue, emptyValue, textValue, unknownValue } from './value.ts'
import { isReadable, worldsOf } from './worlds.ts'

/** The value of `$(fn args...)`: a function of GNU make; unknown, with the reason, where it would run or read something. */
export function callFunction(machine: Machine, call: Call): Value {
  const control = controlFunctions[call.fn]
  if (control !== undefined) return control(machine, call)
  const args = call.args.map((arg) => machine.expand(arg, call.script, call.guard))
  const [first = emptyValue] = args
  const text: TextFunction | undefined = textFunctions[call.fn] ?? countingFunctions[call.fn]
  if (text !== undefined) return text(machine, args)
  const path = pathFunctions[call.fn]
  if (path !== undefined) return path(machine, args, sourcePrefix(machine))
  switch (call.fn) {
    case 'call':
      return callUser(machine, call, { name: first, args: args.slice(1) })
    case 'eval':
      return evalText(machine, call, first)
    case 'abspath':
      return abspath(machine, args)
    case 'realpath':
      return machine.surroundings.directory === null ? effectValue(machine, call, first) : realpath(machine, args)
    case 'shell':
      return shellOutput(machine, call, first)
    default:
      return effectValue(machine, call, first)
  }
}

/** What `$(srctree)` is, where it is one text: the top of the tree in the spelling of this makefile. */
function sourcePrefix(machine: Machine): string {
  const [world, other] = worldsOf(machine.values, variableValue(machine, 'srctree', always))
  return world === undefined || other !== undefined || world.unknown !== null ? '' : world.text
}

/** What a command prints, with its newlines as make gives them (function.c fold_newlines()); unknown where the caller does not know. */
function shellOutput(machine: Machine, call: Call, command: Value): Value {
  const answers = worldsOf(machine.values, command).map(({ when, text, unknown }) => {
    const output = unknown === null ? machine.surroundings.shell(text) : null
    return { when, output }
  })
  if (answers.every(({ output }) => output === null)) return effectValue(machine, call, command)
  return choiceValue(
    answers.map(({ when, output }) => ({
      when,
      value:
        output === null
          ? effectValue(machine, call, command)
          : textValue(output.replace(/[\r\n]+$/, '').replace(/\r?\n/g, ' '), call.site),
    })),
  )
}

/** `shell`, `file`, `realpath`, `guile`: their results come from outside. */
function effectValue(machine: Machine, call: Call, first: Value): Value {
  const [world, other] = worldsOf(machine.values, first)
  const isOne = world !== undefined && other === undefined
  const args = call.args.map((arg) => unexpandedText(call.script, arg)).join(',')
  const key = `$(${call.fn} ${isOne ? world.text : args})`
  const kind = call.fn === 'shell' ? 'shell' : 'function'
  const reason = kind === 'shell' ? 'a command is run' : `\`${call.fn}\` reads files`
  return unknownValue({ kind, reason, key }, call.site)
}

type UserCall = { readonly name: Value; readonly args: readonly Value[] }

/** `$(call name,args...)`: a variable as a function, a built-in function, or a question about tools. */
function callUser(machine: Machine, call: Call, { name, args }: UserCall): Value {
  const options: Option[] = []
  for (const world of worldsOf(machine.values, name)) {
    const guard = machine.conditions.and(world.when, call.guard)
    if (guard === never) {
      machine.guardUses++
      continue
    }
    const value =
      world.unknown === null
        ? callNamed(machine, { ...call, guard }, { name: world.text.trim(), args })
        : unknownValue(world.unknown, call.site)
    options.push({ when: world.when, value })
  }
  return choiceValue(options)
}

type NamedCall = { readonly name: string; readonly args: readonly Value[] }

function callNamed(machine: Machine, call: Call, { name, args }: NamedCall): Value {
  if (machine.depth >= maxDepth) return unknownValue(limitReached('calls'), call.site)
  const probe = probeValue(machine, name, args)
  if (probe !== null) return probe
  const values = new Map([textValue(name, null), ...args].map((value, index) => [String(index), value]))
  const bindings = { values, isCall: true }
  if (KNOWN_FUNCTIONS.has(name)) {
    const references = args.map((_, index) => `$(${index + 1})`).join(',')
    const { script, expr } = parseText(`$(${name} ${references})`, call.script.file, call.site)
    return withBindings(machine, bindings, () => machine.expand(expr, script, call.guard))
  }
  const variable = askFor(machine, name)
  const defined = definedCond(machine.environment, variable)
  const isCalled = machine.called.has(name)
  machine.called.add(name)
  try {
    const value = withBindings(machine, bindings, () => definitionsValue(machine, variable, call.guard))
    if (defined === always) return value
    const unknown = unknownValue(undefinedFunction(machine, call, name), call.site)
    return choiceValue([
      { when: defined, value },
      { when: machine.conditions.not(defined), value: unknown },
    ])
  } finally {
    if (!isCalled) machine.called.delete(name)
  }
}

function undefinedFunction(machine: Machine, call: Call, name: string): Unknown {
  const key = `$(call ${call.args.map((arg) => unexpandedText(call.script, arg)).join(',')})`
  machine.guardUses++
  return { kind: 'function', reason: `\`${name}\` is not defined in sight`, key }
}

/**
 * Whether a text can be read as a makefile though a part of it is not known: that part stands there as the reference that it came
 * from, within a line or in a recipe, so that only the value or command around it is not known.
 */
function isReadableText(text: string, unknown: Unknown): boolean {
  return (
    isReadable(unknown) &&
    !text.split('\n').some((line) => !line.startsWith('\t') && line.trimStart().startsWith(unknown.key))
  )
}

/** `$(eval text)`: the text is a makefile, read under the conditions under which it is that text. */
function evalText(machine: Machine, call: Call, value: Value): Value {
  if (machine.isDone) return emptyValue
  machine.guardUses++
  for (const { when, text, unknown } of worldsOf(machine.values, value)) {
    const guard: Cond = machine.conditions.and(when, call.guard)
    if (guard === never) continue
    if (unknown !== null && !isReadableText(text, unknown)) {
      const names = { prefix: '', suffix: '' }
      machine.findings.unknownEffects.push({ when: guard, unknown, origin: call.site, names })
    } else if (machine.depth < maxDepth) {
      const script = { file: call.script.file, makefile: parseMakefile(text), site: call.site }
      machine.depth++
      machine.run(script.makefile.nodes, script, guard)
      machine.depth--
    }
  }
  return emptyValue
}
