import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { spend, spendOnText } from './scope.ts'
import type { ValueScope } from './scope.ts'
import type { Item, Unknown, Value, World, Worlds } from './value.ts'

/** Marks strings of a list in which an element has counted: no value holds a NUL. */
const mark = '\0'

/** Alternatives of a whole string that are kept apart: `$(CONFIG_A)$(CONFIG_B)$(CONFIG_C)` has 27. */
const maxWorlds = 64
/** In characters: a whole string longer than this is no name, word or argument. */
const maxText = 1 << 20

/** The strings that a value can be; one world that is unknown where there are more than 64. */
export function worldsOf(scope: ValueScope, value: Value): Worlds {
  if (value.kind === 'text') return [{ when: always, text: value.text, unknown: null }]
  const known = scope.worlds.get(value)
  if (known !== undefined) return known
  const worlds = limited(compute(scope, value))
  scope.worlds.set(value, worlds)
  return worlds
}

function compute(scope: ValueScope, value: Exclude<Value, { kind: 'text' }>): Worlds {
  switch (value.kind) {
    case 'concat': {
      let worlds: Worlds = nothing
      for (const { value: item } of value.items) worlds = append(scope, worlds, worldsOf(scope, item))
      return worlds
    }
    case 'list':
      return listWorlds(scope, value.items)
    case 'choice': {
      const { conditions } = scope
      let rest: Cond = always
      const worlds: World[] = []
      for (const { when, value: option } of value.options) {
        rest = conditions.without(rest, when)
        for (const world of worldsOf(scope, option)) worlds.push({ ...world, when: conditions.and(world.when, when) })
      }
      return merge(scope, [...worlds, { when: rest, text: '', unknown: null }])
    }
    case 'unknown':
      return [{ when: always, text: value.unknown.key, unknown: value.unknown }]
  }
}

const nothing: Worlds = [{ when: always, text: '', unknown: null }]

/** Every string of one followed by every string of the other that is possible at the same time. */
function append(scope: ValueScope, left: Worlds, right: Worlds): Worlds {
  return combine(scope, { left, right }, (before, after) => before + after)
}

function combine(
  scope: ValueScope,
  { left, right }: { readonly left: Worlds; readonly right: Worlds },
  join: (before: string, after: string) => string,
): Worlds {
  spend(scope.budget, left.length * right.length)
  const tooMuch = left.find(isTooMuch) ?? right.find(isTooMuch)
  if (tooMuch !== undefined) return withoutLimit([...left, ...right], tooMuch.unknown?.reason ?? '')
  const [only] = right
  if (right.length === 1 && only?.unknown === null) {
    return left.map((before) => ({ ...before, text: join(before.text, only.text) }))
  }
  const worlds: World[] = []
  for (const before of left) {
    for (const after of right) {
      const when = scope.conditions.and(before.when, after.when)
      if (when === never) continue
      worlds.push({ when, text: join(before.text, after.text), unknown: worse(before.unknown, after.unknown) })
    }
  }
  return merge(scope, worlds)
}

const isTooMuch = ({ unknown }: World): boolean => unknown?.kind === 'limit'

/** Of two reasons the one that says more against the text as it is called. */
function worse(left: Unknown | null, right: Unknown | null): Unknown | null {
  if (left === null || right === null) return left ?? right
  return isReadable(left) ? right : left
}

/** Whether the key of what is not known is an expression that gives it again: `$(CC)`, `$(shell uname -m)`. */
export function isReadable({ kind, key }: Unknown): boolean {
  return (kind === 'external' || kind === 'shell' || kind === 'function') && key.startsWith('$(') && key.endsWith(')')
}

/** Equal strings once, impossible ones dropped, and what is too much made unknown. */
function merge(scope: ValueScope, worlds: readonly World[]): Worlds {
  const byText = new Map<string, World>()
  for (const world of worlds) {
    if (world.when === never) continue
    spendOnText(scope.budget, world.text)
    const key = world.unknown === null ? `=${world.text}` : `?${world.text}`
    const same = byText.get(key)
    byText.set(key, same === undefined ? world : { ...same, when: scope.conditions.or(same.when, world.when) })
  }
  return limited([...byText.values()])
}

/** Too much of it made unknown. */
function limited(merged: Worlds): Worlds {
  const isTooLong = merged.some((world) => world.text.length > maxText)
  if (merged.length <= maxWorlds && !isTooLong) return merged
  return withoutLimit(merged, isTooLong ? 'text too long' : 'too many alternatives')
}

/** One world that stands for more than are kept; what is put behind it makes it another one. */
function withoutLimit(worlds: Worlds, reason: string): Worlds {
  const [start = ''] = (worlds[0]?.text ?? '').replace(mark, '').slice(0, maxUnknownText).split('... #')
  const text = `${start}... #${fingerprint(worlds)}`
  return [{ when: always, text, unknown: { kind: 'limit', reason, key: text } }]
}

/** In characters, of the name of what is not known. */
const maxUnknownText = 100

/** Tells values with too many alternatives apart: the same for the same strings under the same conditions (FNV-1a). */
function fingerprint(worlds: Worlds): string {
  let hash = 0x811c9dc5
  const take = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193)
  }
  for (const { when, text } of worlds) {
    take(when)
    take(text.length)
    for (let at = 0; at < text.length; at++) take(text.charCodeAt(at))
  }
  return (hash >>> 0).toString(16)
}

/** The strings of a list: each is followed by whether an element has counted, so that a separator is put where make does. */
function listWorlds(scope: ValueScope, items: readonly Item[]): Worlds {
  let worlds: Worlds = nothing
  for (const item of items) {
    worlds = combine(scope, { left: worlds, right: itemWorlds(scope, item) }, (before, after) => {
      if (!after.startsWith(mark)) return before
      return before === '' ? after : `${before} ${after.slice(mark.length)}`
    })
  }
  return worlds.map((world) => ({ ...world, text: world.text.replace(mark, '') }))
}

/** The strings of an element, with the mark in front where it counts. */
function itemWorlds(scope: ValueScope, item: Item): Worlds {
  const { conditions } = scope
  if (item.when === always && item.counts === 'always' && item.value.kind === 'text') {
    return [{ when: always, text: mark + item.value.text, unknown: null }]
  }
  const present = worldsOf(scope, item.value).map((world) => {
    const counts = item.counts === 'always' || world.text !== ''
    return { ...world, when: conditions.and(world.when, item.when), text: counts ? mark + world.text : '' }
  })
  return merge(scope, [...present, { when: conditions.not(item.when), text: '', unknown: null }])
}
