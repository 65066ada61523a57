import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Machine } from './machine.ts'
import { spend } from './scope.ts'
import type { Item, Option, Unknown, Value } from './value.ts'
import { choiceValue, listValue, textValue, unknownValue } from './value.ts'
import { wordsOf } from './guarded-words.ts'
import type { UnknownWords, Word, Words } from './guarded-words.ts'
import { worldsOf } from './worlds.ts'

/** Words as a value: one space between each two that are there. */
export function wordList({ words, unknown }: Words, counts: Item['counts'] = 'nonempty'): Value {
  return listValue([
    ...words.map(({ text, when, origin }) => ({ value: textValue(text, origin), when, counts })),
    ...unknown.map((each) => unknownItem(each)),
  ])
}

function unknownItem({ when, unknown, origin }: UnknownWords): Item {
  return { value: unknownValue(unknown, origin), when, counts: 'nonempty' }
}

/** Each word through `change`, in linear time. Words that become empty keep their separators where `counts` is `always`. */
export function mapWords(
  machine: Machine,
  value: Value,
  change: (text: string) => { readonly text: string; readonly counts: Item['counts'] },
): Value {
  const { words, unknown } = wordsOf(machine.values, value)
  spend(machine.values.budget, words.length)
  return listValue([
    ...words.map(({ text, when, origin }) => {
      const changed = change(text)
      return { value: textValue(changed.text, origin), when, counts: changed.counts }
    }),
    ...unknown.map((each) => unknownItem(each)),
  ])
}

/** The words of a value where all of them are known; where some are not, the result is not known either. */
export function overKnownWords(machine: Machine, value: Value, give: (words: readonly Word[]) => Value): Value {
  const { words, unknown } = wordsOf(machine.values, value)
  spend(machine.values.budget, words.length)
  const [first] = unknown
  return first === undefined ? give(words) : exceptWhere(machine, unknown, give(words))
}

/** A value, but unknown where any of these unknowns holds. */
export function exceptWhere(machine: Machine, unknown: readonly UnknownWords[], value: Value): Value {
  const { conditions } = machine
  let rest: Cond = always
  const options: Option[] = []
  for (const each of unknown) {
    const when = conditions.and(rest, each.when)
    rest = conditions.without(rest, each.when)
    options.push({ when, value: unknownValue(each.unknown, each.origin) })
  }
  return choiceValue([...options, { when: rest, value }])
}

/** What `give` makes of each combination of the strings that some values can be; for the arguments that are short texts. */
export function overTexts(
  machine: Machine,
  values: readonly Value[],
  give: (texts: readonly string[], when: Cond) => Value,
): Value {
  type Case = { readonly when: Cond; readonly texts: readonly string[]; readonly unknown: Unknown | null }
  let cases: readonly Case[] = [{ when: always, texts: [], unknown: null }]
  for (const value of values) {
    const worlds = worldsOf(machine.values, value)
    spend(machine.values.budget, cases.length * worlds.length)
    cases = cases.flatMap((before) =>
      worlds.flatMap((world) => {
        const when = machine.conditions.and(before.when, world.when)
        if (when === never) return []
        return [{ when, texts: [...before.texts, world.text], unknown: before.unknown ?? world.unknown }]
      }),
    )
  }
  return choiceValue(
    cases.map(({ when, texts, unknown }) => ({
      when,
      value: unknown === null ? give(texts, when) : unknownValue(unknown, null),
    })),
  )
}

/** A number as make reads it: decimal digits, blanks around them; null for anything else. */
export function parseNumber(text: string): number | null {
  const match = /^[ \t\n]*([0-9]{1,15})[ \t\n]*$/.exec(text)
  return match === null ? null : Number(match[1])
}

/** What make stops with as a value. */
export function errorValue(reason: string, key: string): Value {
  return unknownValue({ kind: 'error', reason, key }, null)
}
