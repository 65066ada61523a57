import { always, never } from '../cond/conditions.ts'
import type { AtomKind, Cond } from '../cond/conditions.ts'
import { spend } from './scope.ts'
import type { ValueScope } from './scope.ts'
import type { Item, Unknown, Value, World } from './value.ts'
import { worldsOf } from './worlds.ts'

/**
 * The condition under which a value is not the empty string, as `$(if ...)` and `ifdef` ask. Where that hangs on something
 * unknown, the condition has an atom for it.
 */
export function nonEmptyCond(scope: ValueScope, value: Value): Cond {
  if (value.kind === 'text') return value.text === '' ? never : always
  const known = scope.nonEmpty.get(value)
  if (known !== undefined) return known
  const cond = computeNonEmpty(scope, value)
  scope.nonEmpty.set(value, cond)
  return cond
}

function computeNonEmpty(scope: ValueScope, value: Exclude<Value, { kind: 'text' }>): Cond {
  const { conditions, budget } = scope
  const anyOf = (conds: readonly Cond[]): Cond => conds.reduceRight((sum, cond) => conditions.or(cond, sum), never)
  switch (value.kind) {
    case 'concat':
      spend(budget, value.items.length)
      return anyOf(value.items.map((item) => nonEmptyCond(scope, item.value)))
    case 'list':
      spend(budget, value.items.length)
      return conditions.or(
        anyOf(value.items.map((item) => conditions.and(item.when, nonEmptyCond(scope, item.value)))),
        separatorsCond(scope, value.items),
      )
    case 'choice':
      spend(budget, value.options.length)
      return anyOf(value.options.map((option) => conditions.and(option.when, nonEmptyCond(scope, option.value))))
    case 'unknown':
      return conditions.not(isTextCond(scope, value.unknown.key, { text: '', kind: atomKind(value.unknown) }))
  }
}

/** The condition under which a list of empty elements has a separator all the same: two of those that always count are there. */
function separatorsCond({ conditions }: ValueScope, items: readonly Item[]): Cond {
  let one: Cond = never
  let two: Cond = never
  for (const { when, counts, value } of items) {
    const isText = value.kind === 'text' && value.text !== ''
    if (counts === 'nonempty' || isText) continue
    two = conditions.or(two, conditions.and(one, when))
    one = conditions.or(one, when)
  }
  return two
}

const atomKind = (unknown: Unknown): AtomKind => (unknown.kind === 'symbol' ? 'value' : 'undecided')

/** The condition under which two values are the same string, as `ifeq` asks; with an atom where one is not known. */
export function equalCond(scope: ValueScope, left: Value, right: Value): Cond {
  const { conditions } = scope
  const [leftWorlds, rightWorlds] = [worldsOf(scope, left), worldsOf(scope, right)]
  const [onlyLeft, onlyRight] = [onlyText(leftWorlds), onlyText(rightWorlds)]
  if (onlyRight === '' && onlyLeft === null) return conditions.not(nonEmptyCond(scope, left))
  if (onlyLeft === '' && onlyRight === null) return conditions.not(nonEmptyCond(scope, right))
  let equal: Cond = never
  for (const a of leftWorlds) {
    for (const b of rightWorlds) {
      const both = conditions.and(a.when, b.when)
      if (both !== never) equal = conditions.or(equal, conditions.and(both, equalWorlds(scope, a, b)))
    }
  }
  return equal
}

/** The string that the worlds are, where they are only one. */
function onlyText(worlds: readonly World[]): string | null {
  const [world] = worlds
  return worlds.length === 1 && world?.unknown === null ? world.text : null
}

function equalWorlds(scope: ValueScope, a: World, b: World): Cond {
  if (a.unknown === null && b.unknown === null) return a.text === b.text ? always : never
  const [asked, other] = a.unknown === null ? [b, a] : [a, b]
  if (asked.unknown === null) return never
  if (other.unknown !== null && asked.text === other.text) return always
  const isWhole = asked.text === asked.unknown.key
  const kind = isWhole ? atomKind(asked.unknown) : 'undecided'
  return isTextCond(scope, asked.text, { text: other.text, kind })
}

/** The question whether a text that is not known is another: `CONFIG_NAME="omap"`. Whether it is empty is asked the other way round. */
function isTextCond({ conditions }: ValueScope, asked: string, { text, kind }: Question): Cond {
  const quoted = text.startsWith('"') ? text : `"${text}"`
  const [is, isNot] = [`${asked}=${quoted}`, `${asked} != ${quoted}`]
  if (text === '') return conditions.not(conditions.atom({ kind, key: isNot, negated: is }))
  return conditions.atom({ kind, key: is, negated: isNot })
}

type Question = { readonly text: string; readonly kind: AtomKind }
