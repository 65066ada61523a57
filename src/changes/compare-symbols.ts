/** What two definitions of one Kconfig symbol mean otherwise, whatever they are written in and wherever. */
import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { printCondition } from '../kconfig/condition.ts'
import type { Bounds, Condition, Default, KconfigSymbol, Operand, Prompt, Selection } from '../kconfig/model.ts'
import { withoutCommands } from './print-words.ts'
import type { Tristate, TristateConditions } from './tristate-conditions.ts'

/** What is otherwise, a few words each: `also depends on PCI`, `default y -> n`; empty where they mean the same. */
export function compareSymbols(
  tristates: TristateConditions,
  old: KconfigSymbol,
  young: KconfigSymbol,
): readonly string[] {
  const scope: Scope = { tristates, keepsDependency: tristates.isSame(old.dependency, young.dependency) }
  return [
    ...(old.type === young.type ? [] : [`${old.type} -> ${young.type}`]),
    ...(scope.keepsDependency ? [] : [dependencyText(tristates, old.dependency, young.dependency)]),
    ...promptTexts(scope, old.prompts, young.prompts),
    ...defaultTexts(scope, old, young),
    ...selectionTexts(scope, 'select', { old: old.selects, young: young.selects }),
    ...selectionTexts(scope, 'imply', { old: old.implies, young: young.implies }),
    ...rangeTexts(scope, old.ranges, young.ranges),
    ...choiceTexts(old, young),
    ...(old.transitional === young.transitional
      ? []
      : [young.transitional ? 'transitional now' : 'no longer transitional']),
  ]
}

type Scope = { readonly tristates: TristateConditions; readonly keepsDependency: boolean }

/** Characters of a list of defaults. */
const maxText = 80

function dependencyText(tristates: TristateConditions, old: Condition, young: Condition): string {
  const words = {
    more: old === null ? 'depends on' : 'also depends on',
    less: 'no longer depends on',
    other: 'depends on',
  }
  return narrowed(tristates, { old, young, words })
}

type Narrowing = {
  readonly old: Condition
  readonly young: Condition
  readonly words: { readonly more: string; readonly less: string; readonly other: string }
}

/** How a condition changed: by what it has more, or less, where that has nothing to do with the rest, else both. */
function narrowed(tristates: TristateConditions, { old, young, words }: Narrowing): string {
  const { conditions, of, print, text } = tristates
  const [was, is] = [of(old).atLeastM, of(young).atLeastM]
  if (was === is) return `${words.other} ${clip(text(old))} -> ${clip(text(young))}`
  const isApart = (part: Cond, rest: Cond): boolean => {
    const names = new Set(conditions.support(conditions.restrict(part, rest)))
    return conditions.support(rest).every((variable) => !names.has(variable))
  }
  if (conditions.implies(is, was) && isApart(is, was)) return `${words.more} ${print(is, was)}`
  if (conditions.implies(was, is) && isApart(was, is)) return `${words.less} ${print(was, is)}`
  return `${words.other} ${print(was)} -> ${print(is)}`
}

function clip(whole: string): string {
  const text = withoutCommands(whole)
  return text.length <= maxText ? text : `${text.slice(0, maxText - 3)}...`
}

type Line = { readonly condition: Condition; readonly own: Condition }

/**
 * Whether two lines hold alike: with all that encloses them, or by themselves where the dependency of the symbol has changed, which is told
 * already.
 */
function areAlike({ tristates, keepsDependency }: Scope, old: Line, young: Line): boolean {
  if (tristates.isSame(old.condition, young.condition)) return true
  return !keepsDependency && tristates.isSame(old.own, young.own)
}

function promptTexts(scope: Scope, old: readonly Prompt[], young: readonly Prompt[]): readonly string[] {
  const [was, is] = [old[0], young[0]]
  if (was === undefined) return is === undefined ? [] : [`has a prompt now, "${is.text}"`]
  if (is === undefined) return [`no longer has a prompt (was "${was.text}")`]
  if (was.text !== is.text) return [`prompt "${was.text}" -> "${is.text}"`]
  if (old.length !== young.length) return []
  const other = old.find((prompt, index) => {
    const counterpart = young[index]
    return counterpart !== undefined && !areAlike(scope, prompt, counterpart)
  })
  if (other === undefined) return []
  const counterpart = young[old.indexOf(other)] ?? is
  const words = { more: 'prompt also needs', less: 'prompt no longer needs', other: 'prompt if' }
  const [from, to] = scope.keepsDependency ? [other.condition, counterpart.condition] : [other.own, counterpart.own]
  return [narrowed(scope.tristates, { old: from, young: to, words })]
}

type Typed = Pick<KconfigSymbol, 'type' | 'defaults'>

function defaultTexts(scope: Scope, old: Typed, young: Typed): readonly string[] {
  const sameBy = (pick: (line: Default) => Condition): boolean =>
    isSameMap(winners(scope, old, pick), winners(scope, young, pick))
  if (sameBy((line) => line.condition) || (!scope.keepsDependency && sameBy((line) => line.own))) return []
  return [`default ${defaultsText(old.defaults)} -> ${defaultsText(young.defaults)}`]
}

/** For each value where it is the one that counts: the first whose condition is not n. `n` is what a symbol is without a default. */
function winners(
  { tristates }: Scope,
  { type, defaults }: Typed,
  pick: (line: Default) => Condition,
): ReadonlyMap<string, Tristate> {
  const { conditions, of, text } = tristates
  const values = new Map<string, Tristate>()
  let rest: Cond = conditions.not(never)
  for (const line of defaults) {
    const { atLeastM, y } = of(pick(line))
    const value = text(line.value)
    const known = values.get(value) ?? { atLeastM: never, y: never }
    const own = { atLeastM: conditions.and(atLeastM, rest), y: conditions.and(y, rest) }
    const isNothing = value === 'n' && (type === 'bool' || type === 'tristate')
    const sum = { atLeastM: conditions.or(known.atLeastM, own.atLeastM), y: conditions.or(known.y, own.y) }
    if (!isNothing && own.atLeastM !== never) values.set(value, sum)
    rest = conditions.without(rest, atLeastM)
  }
  return values
}

function isSameMap(left: ReadonlyMap<string, Tristate>, right: ReadonlyMap<string, Tristate>): boolean {
  if (left.size !== right.size) return false
  return [...left].every(([key, { atLeastM, y }]) => {
    const other = right.get(key)
    return other?.atLeastM === atLeastM && other.y === y
  })
}

function defaultsText(defaults: readonly Default[]): string {
  if (defaults.length === 0) return '(none)'
  return clip(defaults.map(({ value, own }) => printCondition(value) + ifText(own)).join(', '))
}

const ifText = (own: Condition): string => (own === null ? '' : ` if ${printCondition(own)}`)

type Selections = { readonly old: readonly Selection[]; readonly young: readonly Selection[] }

function selectionTexts(scope: Scope, verb: 'select' | 'imply', { old, young }: Selections): readonly string[] {
  const { tristates } = scope
  const named = verb === 'select' ? 'selects' : 'implies'
  const targets = [...new Set([...old, ...young].map(({ target }) => target))].sort()
  return targets.flatMap((target) => {
    const [was, is] = [old, young].map((lines) => lines.filter((line) => line.target === target))
    if (was === undefined || is === undefined) return []
    if (was.length === 0) return [`${named} ${target}${clip(ifText(is[0]?.own ?? null))}`]
    if (is.length === 0) return [`no longer ${named} ${target}`]
    const sameBy = (pick: (line: Selection) => Condition): boolean =>
      isSameTristate(anyOf(tristates, was.map(pick)), anyOf(tristates, is.map(pick)))
    if (sameBy((line) => line.condition) || (!scope.keepsDependency && sameBy((line) => line.own))) return []
    const text = (lines: readonly Selection[]): string => {
      const owns = lines.map(({ own }) => own)
      return owns.includes(null) ? 'always' : `if ${clip(owns.map(printCondition).join(' or if '))}`
    }
    return [`${named} ${target} ${text(was)} -> ${text(is)}`]
  })
}

function anyOf({ conditions, of }: TristateConditions, lines: readonly Condition[]): Tristate {
  return lines
    .map(of)
    .reduce(
      (sum, { atLeastM, y }) => ({ atLeastM: conditions.or(sum.atLeastM, atLeastM), y: conditions.or(sum.y, y) }),
      { atLeastM: never, y: never },
    )
}

const isSameTristate = (left: Tristate, right: Tristate): boolean =>
  left.atLeastM === right.atLeastM && left.y === right.y

function rangeTexts(scope: Scope, old: readonly Bounds[], young: readonly Bounds[]): readonly string[] {
  const isSame =
    old.length === young.length &&
    old.every((range, index) => {
      const other = young[index]
      return other !== undefined && boundsText(range) === boundsText(other) && areAlike(scope, range, other)
    })
  if (isSame) return []
  const text = (ranges: readonly Bounds[]): string =>
    ranges.length === 0 ? '(none)' : clip(ranges.map((range) => boundsText(range) + ifText(range.own)).join(', '))
  return [`range ${text(old)} -> ${text(young)}`]
}

const operandText = ({ name }: Operand): string => name
const boundsText = ({ low, high }: Bounds): string => `${operandText(low)} ${operandText(high)}`

function choiceTexts(old: KconfigSymbol, young: KconfigSymbol): readonly string[] {
  if ((old.choice === null) === (young.choice === null)) return []
  return [young.choice === null ? 'no longer a member of a choice' : 'a member of a choice now']
}

/** What a symbol is, for one that is new: `tristate, default y, depends on PCI`. */
export function describeSymbol(tristates: TristateConditions, symbol: KconfigSymbol): string {
  const { type, defaults, dependency } = symbol
  const { atLeastM } = tristates.of(dependency)
  const isPlain = dependency === null || tristates.conditions.not(atLeastM) === never
  return [
    type,
    ...(defaults.length === 0 ? [] : [`default ${defaultsText(defaults)}`]),
    ...(isPlain ? [] : [`depends on ${tristates.print(atLeastM)}`]),
  ].join(', ')
}
