/**
 * Conditions over configuration symbols and over what cannot be known before a build.
 *
 * A symbol takes one of n, m and y. It is kept as two variables, `set` (not n) and, right below it, `module` (m). Every
 * condition is built from `n = !set`, `m = set & module`, `y = set & !module`, so that none depends on `module` where
 * `set` is false; with that the diagram stays canonical over three values: equal conditions are equal numbers.
 */
import { createBdd, falseNode, trueNode } from './bdd.ts'
import type { Bounds, NodeId } from './bdd.ts'

/** A condition of one `Conditions`: equal conditions are equal numbers. Meaningless to another `Conditions`. */
export type Cond = NodeId

/** Holds never, in every `Conditions`. */
export const never: Cond = falseNode
/** Holds always, in every `Conditions`. */
export const always: Cond = trueNode

export type Tristate = 'n' | 'm' | 'y'

/**
 * A fact that is no symbol's y, m or n.
 * - probe: what a tool can do (`cc-option -Wfoo`); its answer changes flags, never what is built.
 * - value: a symbol of another type has that value (`NR_CPUS="64"`); a configuration decides it.
 * - undecided: what makefiles ask of things that are not known here (`$(shell uname -m)` is `x86_64`).
 */
export type AtomKind = 'probe' | 'value' | 'undecided'
export type Atom = {
  readonly kind: AtomKind
  /** What is asked, as people read it. The same key is the same atom. */
  readonly key: string
  /** How people write that it is not so; `!` in front of the key where this is left out. */
  readonly negated?: string
}

/** What a condition depends on. */
export type Variable =
  | { readonly kind: 'symbol'; readonly name: string; readonly type: 'bool' | 'tristate' }
  | { readonly kind: 'atom'; readonly atom: Atom }

/** The values of everything: a configuration and the answers to what is no symbol. */
export type Assignment = {
  symbol(name: string): Tristate
  atom(atom: Atom): boolean
}

/** Some values; null where a value stays open. */
export type PartialAssignment = {
  symbol(name: string): Tristate | null
  atom(atom: Atom): boolean | null
}

/** The conditions of one evaluation, or of one tree; symbols are named without `CONFIG_`. */
export type Conditions = {
  /** The symbol has this value; `never` for m of a bool. */
  readonly symbolIs: (name: string, value: Tristate) => Cond
  /** The symbol is y or m. */
  readonly isSet: (name: string) => Cond
  readonly atom: (atom: Atom) => Cond
  readonly and: (left: Cond, right: Cond) => Cond
  readonly or: (left: Cond, right: Cond) => Cond
  readonly not: (of: Cond) => Cond
  /** `left` and not `right`. */
  readonly without: (left: Cond, right: Cond) => Cond
  /** Whether `left` never holds without `right`. */
  readonly implies: (left: Cond, right: Cond) => boolean
  /** Whether both never hold together. */
  readonly excludes: (left: Cond, right: Cond) => boolean
  /** Whether it holds when everything has these values. */
  readonly holds: (of: Cond, under: Assignment) => boolean
  /** What remains of it when some values are known. */
  readonly specialise: (of: Cond, under: PartialAssignment) => Cond
  /** A condition, often smaller, that is the same as `of` wherever `care` holds; `never` where `care` is that. */
  readonly restrict: (of: Cond, care: Cond) => Cond
  /** What it depends on, in the order of first mention. */
  readonly support: (of: Cond) => readonly Variable[]
  /** Whether it depends on an atom of this kind. */
  readonly hangsOn: (of: Cond, kind: AtomKind) => boolean
  /** One level of it: the variable it splits on first and what remains for each value, or null for `never` and `always`. */
  readonly split: (of: Cond) => Split | null
  /** The inverse of `split`: what holds for each value of a variable. Cheap where that hangs on later variables alone. */
  readonly choose: (variable: Variable, of: Pick<Split, 'low' | 'module' | 'yes'>) => Cond
  /** How many nodes there are: a measure of the memory spent. */
  readonly size: () => number
  /** All that there is, as plain data. */
  readonly dump: () => DumpedConditions
  /**
   * Takes over, while nothing is in it, what `dump` gave: then every condition has the number that it had there. False for what
   * is no such thing, and then this set is of no use.
   */
  readonly restore: (dumped: DumpedConditions) => boolean
  /**
   * Does some work within bounds, and throws `DiagramTooLarge` past them, so that one input cannot use up all. Bounds can be set
   * within bounds: then the inner work counts in the outer.
   */
  readonly bounded: <Result>(bounds: Bounds, work: () => Result) => Result
  /** How many steps the work within the innermost bounds may still take; infinite without bounds. */
  readonly stepsLeft: () => number
  /** Counts other work in the bounds that hold, a step being some 50 ns. It never throws; the next operation does. */
  readonly charge: (steps: number) => void
}

/** Conditions as a store keeps them. */
export type DumpedConditions = {
  /** In the order of first mention. */
  readonly variables: readonly Variable[]
  /** Three numbers a node. */
  readonly nodes: Int32Array
}

/** `low` where the symbol is n (or the atom false), `yes` where it is y (the atom true), `module` where it is m. */
export type Split = {
  readonly variable: Variable
  /** The place of the variable in the order of first mention. */
  readonly index: number
  readonly low: Cond
  readonly module: Cond
  readonly yes: Cond
}

export type ConditionsOptions = {
  /** The types of symbols, where they are known; a symbol is a tristate otherwise. */
  readonly typeOf?: (name: string) => 'bool' | 'tristate'
  /** How many nodes may be made before `DiagramTooLarge` is thrown; 24 bytes each. */
  readonly maxNodes?: number
}

const atomMarks: Readonly<Record<AtomKind, number>> = { probe: 1, value: 2, undecided: 4 }

/** 2^22 nodes, about 100 MB: the conditions of all makefiles of Linux 6.12 need 2^17. */
const defaultMaxNodes = 1 << 22

/** `restrict` recurses by variable; a larger condition is left as it is. */
const maxRestrictSupport = 500

/** Makes an empty set of conditions. Numbers of conditions from different sets must not be mixed. */
export function createConditions(options: ConditionsOptions = {}): Conditions {
  const typeOf = options.typeOf ?? (() => 'tristate' as const)
  /** By level / 2. */
  const variables: Variable[] = []
  const symbolLevels = new Map<string, number>()
  const atomLevels = new Map<string, number>()

  const add = (variable: Variable): number => {
    variables.push(variable)
    return (variables.length - 1) * 2
  }
  const levelOfSymbol = (name: string): number => {
    const known = symbolLevels.get(name)
    if (known !== undefined) return known
    const level = add({ kind: 'symbol', name, type: typeOf(name) })
    symbolLevels.set(name, level)
    return level
  }
  const variableAt = (level: number): Variable => {
    const variable = variables[level >> 1]
    if (variable === undefined) throw new Error(`a condition of another set: level ${level}`)
    return variable
  }

  const bdd = createBdd(options.maxNodes ?? defaultMaxNodes, (level) => {
    const variable = variableAt(level)
    return variable.kind === 'atom' ? atomMarks[variable.atom.kind] : 0
  })
  const { and, or, not, node, low, high } = bdd
  const isSet = (name: string): Cond => node(levelOfSymbol(name), falseNode, trueNode)

  const symbolIs = (name: string, value: Tristate): Cond => {
    const level = levelOfSymbol(name)
    if (value === 'n') return node(level, trueNode, falseNode)
    const variable = variableAt(level)
    const isBool = variable.kind === 'symbol' && variable.type === 'bool'
    if (isBool) return value === 'm' ? never : isSet(name)
    const module = value === 'm' ? node(level + 1, falseNode, trueNode) : node(level + 1, trueNode, falseNode)
    return node(level, falseNode, module)
  }

  const levelOfAtom = (of: Atom): number => {
    const known = atomLevels.get(of.key)
    if (known !== undefined) return known
    const level = add({ kind: 'atom', atom: of })
    atomLevels.set(of.key, level)
    return level
  }
  const atom = (of: Atom): Cond => node(levelOfAtom(of), falseNode, trueNode)

  /** The nodes that `of` consists of, each after its children: a node is always made after them. */
  const bottomUp = (of: Cond): readonly Cond[] => {
    const seen = new Set<Cond>()
    const open = [of]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next <= trueNode || seen.has(next)) continue
      seen.add(next)
      open.push(low(next), high(next))
    }
    return [...seen].sort((a, b) => a - b)
  }

  const holds = (of: Cond, under: Assignment): boolean => {
    let at = of
    while (at > trueNode) {
      const level = bdd.level(at)
      const variable = variableAt(level)
      at = isHigh(variable, level, under) ? high(at) : low(at)
    }
    return at === always
  }

  const specialise = (of: Cond, under: PartialAssignment): Cond => {
    const results = new Map<Cond, Cond>([
      [never, never],
      [always, always],
    ])
    for (const each of bottomUp(of)) {
      const level = bdd.level(each)
      const below = results.get(low(each)) ?? never
      const above = results.get(high(each)) ?? never
      const decided = decide(variableAt(level), level, under)
      results.set(each, decided === null ? node(level, below, above) : decided ? above : below)
    }
    return results.get(of) ?? never
  }

  const split = (of: Cond): Split | null => {
    if (of <= trueNode) return null
    const level = bdd.level(of)
    const above = high(of)
    const onModule = bdd.level(above) === level + 1
    return {
      variable: variableAt(level),
      index: level >> 1,
      low: low(of),
      module: onModule ? high(above) : above,
      yes: onModule ? low(above) : above,
    }
  }

  const join = (level: number, of: Pick<Split, 'low' | 'module' | 'yes'>): Cond =>
    node(level, of.low, node(level + 1, of.yes, of.module))

  const choose = (
    asked: Variable,
    { low: none, module: asModule, yes }: Pick<Split, 'low' | 'module' | 'yes'>,
  ): Cond => {
    const level = asked.kind === 'symbol' ? levelOfSymbol(asked.name) : levelOfAtom(asked.atom)
    const variable = variableAt(level)
    const module = variable.kind === 'symbol' && variable.type === 'tristate' ? asModule : yes
    const isBelow = (part: Cond): boolean => bdd.level(part) > level + 1
    if (isBelow(none) && isBelow(module) && isBelow(yes)) return join(level, { low: none, module, yes })
    const set = node(level, falseNode, trueNode)
    const asSet = node(level + 1, falseNode, trueNode)
    const present = or(and(asSet, module), and(not(asSet), yes))
    return or(and(not(set), none), and(set, present))
  }

  /** Coudert and Madre's restrict, over the three values of a symbol at once: a value that `care` excludes takes over a neighbour. */
  const restrictStep = (of: Cond, care: Cond, step: (of: Cond, care: Cond) => Cond): Cond => {
    const level = Math.min(bdd.level(of), bdd.level(care))
    const careSplit = bdd.level(care) === level ? split(care) : null
    if (careSplit === null) {
      const ofSplit = split(of)
      if (ofSplit === null) return of
      return join(level, {
        low: step(ofSplit.low, care),
        module: step(ofSplit.module, care),
        yes: step(ofSplit.yes, care),
      })
    }
    if (bdd.level(of) !== level) return step(of, or(careSplit.low, or(careSplit.module, careSplit.yes)))
    const ofSplit = split(of) ?? careSplit
    const parts = {
      low: careSplit.low === never ? null : step(ofSplit.low, careSplit.low),
      module: careSplit.module === never ? null : step(ofSplit.module, careSplit.module),
      yes: careSplit.yes === never ? null : step(ofSplit.yes, careSplit.yes),
    }
    const yes = parts.yes ?? parts.module ?? parts.low ?? never
    return join(level, { low: parts.low ?? yes, module: parts.module ?? yes, yes })
  }

  const restrict = (of: Cond, care: Cond): Cond => {
    if (care === never) return never
    if (support(of).length + support(care).length > maxRestrictSupport) return of
    const memo = new Map<string, Cond>()
    const step = (inner: Cond, innerCare: Cond): Cond => {
      if (inner <= trueNode || innerCare === always) return inner
      const key = `${inner},${innerCare}`
      const known = memo.get(key)
      if (known !== undefined) return known
      const result = restrictStep(inner, innerCare, step)
      memo.set(key, result)
      return result
    }
    return step(of, care)
  }

  const support = (of: Cond): readonly Variable[] => {
    const indexes = new Set(bottomUp(of).map((each) => bdd.level(each) >> 1))
    return [...indexes].sort((a, b) => a - b).map((index) => variableAt(index * 2))
  }

  const restore = (dumped: DumpedConditions): boolean => {
    if (variables.length > 0) return false
    for (const variable of dumped.variables) {
      const level = add(variable)
      if (variable.kind === 'symbol') symbolLevels.set(variable.name, level)
      else atomLevels.set(variable.atom.key, level)
    }
    const hasDistinct = symbolLevels.size + atomLevels.size === variables.length
    return (
      hasDistinct &&
      dumped.nodes.every((part, at) => at % 3 > 0 || isLevelOf(variables, part)) &&
      bdd.restore(dumped.nodes)
    )
  }

  const without = (left: Cond, right: Cond): Cond => and(left, not(right))
  return {
    symbolIs,
    isSet,
    atom,
    and,
    or,
    not,
    without,
    implies: (left, right) => without(left, right) === never,
    excludes: (left, right) => and(left, right) === never,
    holds,
    specialise,
    restrict,
    support,
    hangsOn: (of, kind) => (bdd.marks(of) & atomMarks[kind]) !== 0,
    split,
    choose,
    size: bdd.size,
    dump: () => ({ variables: [...variables], nodes: bdd.dump() }),
    restore,
    bounded: bdd.bounded,
    stepsLeft: bdd.stepsLeft,
    charge: bdd.charge,
  }
}

/** Whether variables have this level: the odd ones are those of tristates. */
function isLevelOf(variables: readonly Variable[], level: number): boolean {
  const variable = variables[level >> 1]
  if (variable === undefined || level % 2 === 0) return variable !== undefined
  return variable.kind === 'symbol' && variable.type === 'tristate'
}

/** Whether the variable of a level is true: even levels ask `set` (or the atom), odd ones `module`. */
function isHigh(variable: Variable, level: number, under: Assignment): boolean {
  if (variable.kind === 'atom') return under.atom(variable.atom)
  const value = under.symbol(variable.name)
  return level % 2 === 0 ? value !== 'n' : value === 'm'
}

function decide(variable: Variable, level: number, under: PartialAssignment): boolean | null {
  if (variable.kind === 'atom') return under.atom(variable.atom)
  const value = under.symbol(variable.name)
  if (value === null) return null
  return level % 2 === 0 ? value !== 'n' : value === 'm'
}
