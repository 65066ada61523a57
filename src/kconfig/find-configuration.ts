import { DiagramTooLarge } from '../cond/bdd.ts'
import { always, createConditions, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Tristate } from './cells.ts'
import { conjuncts } from './condition.ts'
import { isUnanswered } from './expand.ts'
import { constraintOf, limitOf } from './constraints.ts'
import { createLeveller } from './levels.ts'
import type { Leveller } from './levels.ts'
import { guideTo } from './guide.ts'
import type { Answers, Hunt, Wanted } from './hunt.ts'
import type { KconfigExpr, KconfigModel } from './model.ts'
import { createRefuter } from './refute.ts'
import { createTryOut } from './what-if.ts'
import type { TryOut, WhatIf } from './what-if.ts'

/**
 * A configuration that does what is wanted: `settings` are the lines that lead an allnoconfig to it, none without need. `unmet` are the
 * parts of the conditions that are wanted low, and that are lower than y there. `impossible`: none does. `unknown`: it was not found out
 * within bounds.
 */
export type Search =
  | { readonly kind: 'found'; readonly settings: ReadonlyMap<string, Tristate>; readonly unmet: readonly KconfigExpr[] }
  | { readonly kind: 'impossible' }
  | { readonly kind: 'unknown' }

/** A diagram of this many nodes, and steps: some 10 ms. */
const maxNodes = 8_000
const maxSteps = 20_000
/** Attempts at a configuration; each that fails teaches what some symbols rest on. */
const maxAttempts = 8
/** Ways that are tried where the constraints are too many. */
const maxTurns = 6
/** Choices between several that are tried before a search, one within the other. */
const maxTries = 2
/** Symbols whose constraints are taken in. */
const maxSymbols = 400

/** Looks for configurations of one model. */
export type Finder = {
  readonly find: (hunt: Hunt) => Search
  /** Whether it is seen at once that there is none; no search is made, so that there may be none all the same. */
  readonly refutes: (hunt: Hunt) => boolean
}

/**
 * A finder of configurations in which all that is wanted is so. What symbols rest on is taken in bit by bit: a configuration that fits
 * what is known is tried out on the model itself, and where it comes out otherwise, the symbols that did are looked at. So what is
 * found is real, and what is impossible by a part of the constraints is impossible by all. `answers`: of commands such as the probes of a
 * compiler; what they are to answer is among the settings by their text.
 */
export function createFinder(model: KconfigModel, answers: Answers = 'n'): Finder {
  const tryOut = createTryOut(model)
  const refuter = createRefuter(model, answers)
  const look = (hunt: Hunt): Outcome => {
    if (refuter(hunt, maxTries)) return { kind: 'impossible' }
    const task = { model, tryOut, answers, ...hunt }
    const outcome = findWithin(task)
    return outcome.kind === 'unknown' ? findGuided(task) : outcome
  }
  const find = (hunt: Hunt): Search => {
    const outcome = look(hunt)
    return outcome.kind === 'found' ? foundWith(outcome.settings, hunt.wanted, tryOut) : outcome
  }
  return { find, refutes: (hunt) => refuter(hunt, 0) }
}

/** What a person would try, where the constraints are too many to look at together: platforms that some hundred symbols select. */
function findGuided({ model, tryOut, answers, wanted, except }: Task): Outcome {
  for (let turn = 0; turn < maxTurns; turn++) {
    const settings = guideTo({ wanted, except }, model, { turn, answers })
    if (settings === null) continue
    const outcome = tryOut(settings)
    const isAll = wanted.every((each) => isSo(each, outcome))
    if (isAll && areMet(settings, { model, outcome, except })) return { kind: 'found', settings }
  }
  return { kind: 'unknown' }
}

type Trial = { readonly model: KconfigModel; readonly outcome: WhatIf; readonly except: string | null }

/** Whether no symbol that was set selects one whose dependencies are not met, but for the one that is left out. */
function areMet(settings: Settings, { model, outcome, except }: Trial): boolean {
  const open = [...settings.keys()]
  const seen = new Set(open)
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const symbol = model.symbols.get(name)
    if (symbol === undefined || outcome.value(name) === 0) continue
    const least = symbol.type === 'bool' ? 1 : outcome.value(name)
    if (name !== except && outcome.test(symbol.dependency) < least) return false
    for (const { target } of symbol.selects) {
      if (seen.has(target)) continue
      seen.add(target)
      open.push(target)
    }
  }
  return true
}

/** The settings may be more than it takes. */
type Outcome = { readonly kind: 'found'; readonly settings: Settings } | Exclude<Search, { readonly kind: 'found' }>

type Task = Hunt & { readonly model: KconfigModel; readonly tryOut: TryOut; readonly answers: Answers }

function findWithin(task: Task): Outcome {
  const { model } = task
  const conditions = createConditions({
    typeOf: (name) => (model.symbols.get(name)?.type === 'bool' || isUnanswered(name) ? 'bool' : 'tristate'),
    maxNodes,
  })
  try {
    return conditions.bounded({ nodes: maxNodes, steps: maxSteps }, () => search(task, conditions))
  } catch (error) {
    if (error instanceof DiagramTooLarge) return { kind: 'unknown' }
    throw error
  }
}

function search(task: Task, conditions: Conditions): Outcome {
  const { wanted, tryOut } = task
  const guess = createGuess(task, conditions)
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const settings = guess.settle()
    if (settings === 'none') return { kind: 'impossible' }
    if (settings === 'too many') return { kind: 'unknown' }
    const outcome = tryOut(settings)
    if (wanted.every((each) => isSo(each, outcome))) return { kind: 'found', settings }
    if (!guess.learn(settings, outcome)) return { kind: 'unknown' }
  }
  return { kind: 'unknown' }
}

type Settings = ReadonlyMap<string, Tristate>

/** A guess at a configuration that gets better. */
type Guess = {
  /** Values that fit all that is known of what is set in them; `none` where nothing fits. */
  readonly settle: () => Settings | 'none' | 'too many'
  /** Takes in what is known of the symbols that came out otherwise than guessed; whether there was anything new. */
  readonly learn: (settings: Settings, outcome: WhatIf) => boolean
}

function createGuess({ model, answers, wanted, except }: Task, conditions: Conditions): Guess {
  const leveller = createLeveller(model, conditions, answers)
  const taken = new Set(except === null ? [] : [`own ${except}`, `limit ${except}`])
  let known = wanted.reduce((all, each) => conditions.and(all, levelOf(each, leveller)), always)
  const takeIn = (names: readonly string[], kind: 'own' | 'limit'): boolean => {
    const fresh = names.flatMap((name) => (taken.has(`${kind} ${name}`) ? [] : (model.symbols.get(name) ?? [])))
    for (const symbol of fresh) {
      taken.add(`${kind} ${symbol.name}`)
      const constraint = kind === 'own' ? constraintOf : limitOf
      known = conditions.and(known, constraint(symbol, model, leveller))
    }
    return fresh.length > 0
  }
  const settle = (): Settings | 'none' | 'too many' => {
    for (;;) {
      const settings = settingsOf(known, conditions)
      if (settings === null) return 'none'
      if (taken.size >= maxSymbols) return 'too many'
      if (!takeIn(nextIn(settings, taken, model), 'own')) return settings
    }
  }
  const learn = (settings: Settings, { value }: WhatIf): boolean => {
    const surplus = (name: string): number => value(name) - (settings.get(name) ?? 0)
    const wrong = symbolsOf(known, conditions).filter((name) => surplus(name) !== 0)
    const raised = wrong.filter((name) => surplus(name) > 0)
    const selecting = raised.flatMap((name) => (model.symbols.get(name)?.selectedBy ?? []).map(({ from }) => from))
    const isNew = takeIn([...wrong, ...selecting.filter((name) => value(name) > 0)], 'own')
    const missing = wrong.filter((name) => surplus(name) < 0)
    return takeIn(firstLimits(missing, taken, model), 'limit') || isNew
  }
  return { settle, learn }
}

/** Drops the settings that are not needed, the last found first. */
function foundWith(settings: Settings, wanted: readonly Wanted[], tryOut: TryOut): Search {
  const needed = new Map([...settings].filter(([, value]) => value > 0))
  for (const [name, value] of [...needed].reverse()) {
    needed.delete(name)
    const outcome = tryOut(needed)
    if (!wanted.every((each) => isSo(each, outcome))) needed.set(name, value)
  }
  const outcome = tryOut(needed)
  const low = wanted.filter(({ most }) => most < 2).flatMap(({ condition }) => conjuncts(condition))
  const unmet = low.filter((each) => outcome.test(each) < 2)
  const inOrder = [...settings.keys()].flatMap((name) => {
    const value = needed.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { kind: 'found', settings: new Map(inOrder), unmet }
}

function isSo({ condition, least, most }: Wanted, outcome: WhatIf): boolean {
  const value = outcome.test(condition)
  return value >= least && value <= most
}

function levelOf({ condition, least, most }: Wanted, { conditions, of }: Leveller): Cond {
  const { m, y } = of(condition)
  const low = least === 0 ? always : least === 1 ? m : y
  const high = most === 2 ? always : conditions.not(most === 1 ? y : m)
  return conditions.and(low, high)
}

function symbolsOf(of: Cond, conditions: Conditions): readonly string[] {
  return conditions.support(of).flatMap((variable) => (variable.kind === 'symbol' ? [variable.name] : []))
}

/** The first symbol that is set and has not been looked at: one at a time, for what comes first often decides. */
function nextIn(
  settings: ReadonlyMap<string, Tristate>,
  taken: ReadonlySet<string>,
  model: KconfigModel,
): readonly string[] {
  for (const [name, value] of settings) {
    if (value > 0 && !taken.has(`own ${name}`) && model.symbols.has(name)) return [name]
  }
  return []
}

/** The missing symbols that somebody is asked about, and one of the others: what selects those is many things. */
function firstLimits(missing: readonly string[], taken: ReadonlySet<string>, model: KconfigModel): readonly string[] {
  const fresh = missing.filter((name) => !taken.has(`limit ${name}`))
  const isAsked = (name: string): boolean => (model.symbols.get(name)?.prompts.length ?? 0) > 0
  return [...fresh.filter(isAsked), ...fresh.filter((name) => !isAsked(name)).slice(0, 1)]
}

/** Values under which a condition holds, as many of them n as its order allows; null where it never does. */
function settingsOf(of: Cond, conditions: Conditions): ReadonlyMap<string, Tristate> | null {
  if (of === never) return null
  const settings = new Map<string, Tristate>()
  let at = of
  for (let split = conditions.split(at); split !== null; split = conditions.split(at)) {
    const { variable, low, yes, module } = split
    const value: Tristate = low !== never ? 0 : yes !== never ? 2 : 1
    if (variable.kind === 'symbol') settings.set(variable.name, value)
    at = value === 0 ? low : value === 2 ? yes : module
  }
  return settings
}
