/** The variables of an evaluation: each a list of definitions with the conditions under which they are in force. */
import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'
import type { Expr } from './cst.ts'
import type { Script } from './script.ts'
import type { Value } from './value.ts'

/** What a variable was given: an expression to be expanded at each use, or a value. */
export type Body =
  | { readonly kind: 'deferred'; readonly expr: Expr; readonly script: Script }
  | { readonly kind: 'value'; readonly value: Value }

/** A definition, or a part appended to one. */
export type Definition = {
  readonly body: Body
  /** Where it is in force: later definitions take away from it. */
  readonly when: Cond
  /** The value's place; null for what comes from outside. */
  readonly span: Span | null
  readonly origin: Origin
}

/** Who defined a variable, in the words of `$(origin ...)`. */
export type Origin = 'file' | 'override' | 'command line' | 'environment'

export type Variable = {
  readonly name: string
  readonly definitions: Definition[]
  /** Where it is simply expanded; else it is recursive or undefined. */
  readonly simple: Cond
  /** Where `override` or the command line protects it from ordinary assignments. */
  readonly locked: Cond
}

export type Flavour = 'recursive' | 'simple'

/** A change of a variable under a condition. */
export type Change = { readonly when: Cond; readonly span: Span | null; readonly isOverride: boolean }

export type Environment = {
  readonly conditions: Conditions
  readonly variables: Map<string, Variable>
  /** What a variable is before anything in sight sets it. */
  readonly initial: (name: string) => Variable
  /** Counts changes: what was computed at the same version still holds. */
  version: number
}

/** A variable that nothing has defined. */
export function undefinedVariable(name: string): Variable {
  return { name, definitions: [], simple: never, locked: never }
}

/** A variable with one definition that is in force everywhere. */
export function definedVariable(name: string, body: Body, flavour: Flavour): Variable {
  const simple = flavour === 'simple' ? always : never
  return { ...undefinedVariable(name), definitions: [{ body, when: always, span: null, origin: 'file' }], simple }
}

export function lookUp(environment: Environment, name: string): Variable {
  return environment.variables.get(name) ?? environment.initial(name)
}

/** The condition under which the variable is defined, even as empty. */
export function definedCond({ conditions }: Environment, variable: Variable): Cond {
  let sum: Cond = never
  for (const { when } of variable.definitions) {
    sum = conditions.or(when, sum)
    if (sum === always) break
  }
  return sum
}

/** `=` and `:=`: what was before stays in force elsewhere. */
export function assign(
  environment: Environment,
  name: string,
  body: Body,
  change: Change & { flavour: Flavour },
): void {
  const before = lookUp(environment, name)
  const { conditions } = environment
  const when = effective(environment, before, change)
  if (when === never) return
  const after = narrowed(environment, before, when)
  const simple =
    change.flavour === 'simple' ? conditions.or(before.simple, when) : conditions.without(before.simple, when)
  store(environment, {
    ...after,
    definitions: [...after.definitions, { body, when, ...placeOf(change) }],
    simple,
    locked: change.isOverride ? conditions.or(before.locked, when) : before.locked,
  })
}

/** `+=`: where the variable is simple the value is what `expanded` gives now, elsewhere it is expanded at each use. */
export function append(
  environment: Environment,
  name: string,
  { deferred, expanded }: { readonly deferred: Body; readonly expanded: () => Value },
  change: Change,
): void {
  const { conditions } = environment
  const before = lookUp(environment, name)
  const when = effective(environment, before, change)
  if (when === never) return
  const simple = conditions.and(when, before.simple)
  const recursive = conditions.without(when, before.simple)
  const locked = change.isOverride ? conditions.or(before.locked, when) : before.locked
  /** A list is made of hundreds of these: the definitions of a variable that is kept here are its own. */
  const isKept = environment.variables.has(name)
  const definitions = isKept ? before.definitions : [...before.definitions]
  if (simple !== never) {
    definitions.push({ body: { kind: 'value', value: expanded() }, when: simple, ...placeOf(change) })
  }
  if (recursive !== never) definitions.push({ body: deferred, when: recursive, ...placeOf(change) })
  store(environment, { ...before, definitions, locked })
}

/** `undefine`. */
export function undefine(environment: Environment, name: string, change: Change): void {
  const before = lookUp(environment, name)
  const when = effective(environment, before, change)
  if (when === never) return
  const after = narrowed(environment, before, when)
  store(environment, { ...after, simple: environment.conditions.without(before.simple, when) })
}

function placeOf({ span, isOverride }: Change): Pick<Definition, 'span' | 'origin'> {
  return { span, origin: isOverride ? 'override' : 'file' }
}

/** Where a change takes effect: not where the variable is protected from it. */
function effective({ conditions }: Environment, { locked }: Variable, { when, isOverride }: Change): Cond {
  return isOverride || locked === never ? when : conditions.without(when, locked)
}

/** The variable where `when` does not hold. */
function narrowed({ conditions }: Environment, variable: Variable, when: Cond): Variable {
  if (when === always) return { ...variable, definitions: [] }
  const definitions = variable.definitions.flatMap((definition) => {
    const rest = conditions.without(definition.when, when)
    return rest === never ? [] : [{ ...definition, when: rest }]
  })
  return { ...variable, definitions }
}

function store(environment: Environment, variable: Variable): void {
  environment.variables.set(variable.name, variable)
  environment.version++
}
