/** The functions that count words (GNU make manual 8.2): exact under all configurations, while the positions asked for are few. */
import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { errorValue, overKnownWords, overTexts, parseNumber, wordList } from './lists.ts'
import type { Machine } from './machine.ts'
import { spend } from './scope.ts'
import type { TextFunction } from './text-functions.ts'
import type { Option, Value } from './value.ts'
import { choiceValue, emptyValue, textValue, unknownValue } from './value.ts'
import { wordsOf } from './guarded-words.ts'
import type { Word } from './guarded-words.ts'
import { worldsOf } from './worlds.ts'

const argument = (args: readonly Value[], index: number): Value => args[index] ?? emptyValue

export const countingFunctions: Readonly<Record<string, TextFunction>> = {
  firstword: (machine, args) => overKnownWords(machine, argument(args, 0), (words) => firstOf(machine, words)),
  lastword: (machine, args) =>
    overKnownWords(machine, argument(args, 0), (words) => firstOf(machine, [...words].reverse())),
  words: (machine, args) => overKnownWords(machine, argument(args, 0), (words) => countOf(machine, words)),
  word: (machine, args) =>
    overTexts(machine, [argument(args, 0)], ([text = '']) => {
      const position = parseNumber(text)
      if (position === null || position === 0)
        return errorValue('invalid first argument to `word`', `$(word ${text},...)`)
      return slice(machine, argument(args, 1), { from: position, to: position })
    }),
  wordlist: (machine, args) =>
    overTexts(machine, [argument(args, 0), argument(args, 1)], ([start = '', stop = '']) => {
      const [from, to] = [parseNumber(start), parseNumber(stop)]
      if (from === null || to === null || from === 0) {
        return errorValue('invalid argument to `wordlist`', `$(wordlist ${start},${stop},...)`)
      }
      return from > to ? emptyValue : wordlist(machine, argument(args, 2), { from, to })
    }),
  join: (machine, args) =>
    overTexts(machine, [argument(args, 0), argument(args, 1)], ([left = '', right = '']) => joinTexts(left, right)),
  findstring: (machine, args) =>
    overTexts(machine, [argument(args, 0)], ([sought = '']) => findString(machine, sought, argument(args, 1))),
}

/** The first word that is there: the first, or the second where the first is not, and so on. */
function firstOf({ conditions }: Machine, words: readonly Word[]): Value {
  const options: Option[] = []
  let rest: Cond = always
  for (const { text, when, origin } of words) {
    options.push({ when: conditions.and(rest, when), value: textValue(text, origin) })
    rest = conditions.without(rest, when)
    if (rest === never) break
  }
  return choiceValue(options)
}

/** Different numbers of words that are kept apart. */
const maxCounts = 64

function countOf(machine: Machine, words: readonly Word[]): Value {
  const { conditions } = machine
  const certain = words.filter((word) => word.when === always).length
  let counts: Cond[] = [always]
  for (const { when } of words) {
    if (when === always) continue
    spend(machine.values.budget, counts.length)
    counts = [...counts, never].map((stays, index) =>
      conditions.or(conditions.without(stays, when), conditions.and(counts[index - 1] ?? never, when)),
    )
    if (counts.length > maxCounts) {
      return unknownValue({ kind: 'limit', reason: 'too many alternatives', key: '$(words ...)' }, null)
    }
  }
  return choiceValue(counts.map((when, index) => ({ when, value: textValue(String(certain + index), null) })))
}

/** The text from one word to another, with the blanks between as they are; of a list with too many alternatives, its words. */
function wordlist(machine: Machine, value: Value, range: { readonly from: number; readonly to: number }): Value {
  const isShort = worldsOf(machine.values, value).every(({ unknown }) => unknown?.kind !== 'limit')
  if (!isShort) return slice(machine, value, range)
  return overTexts(machine, [value], ([text = '']) => {
    const words = [...text.matchAll(/[^ \t\n\v\f\r]+/g)].slice(range.from - 1, range.to)
    const [first] = words
    const last = words.at(-1)
    if (first === undefined || last === undefined) return emptyValue
    return textValue(text.slice(first.index, last.index + last[0].length), null)
  })
}

/** The words at some positions, the first being 1. */
function slice(machine: Machine, value: Value, { from, to }: { readonly from: number; readonly to: number }): Value {
  const { conditions } = machine
  return overKnownWords(machine, value, (words) => {
    const kept: Word[] = []
    /** By index: the condition under which as many words have passed; what passed `to` is of no interest. */
    let passed: Cond[] = [always]
    for (const word of words) {
      spend(machine.values.budget, passed.length)
      const inRange = passed.slice(from - 1, to).reduce<Cond>((sum, cond) => conditions.or(sum, cond), never)
      const when = conditions.and(word.when, inRange)
      if (when !== never) kept.push({ ...word, when })
      const before = passed
      const length = Math.min(before.length + 1, to)
      passed = Array.from({ length }, (_, index) =>
        conditions.or(
          conditions.without(before[index] ?? never, word.when),
          conditions.and(before[index - 1] ?? never, word.when),
        ),
      )
      if (passed.every((cond) => cond === never)) break
    }
    return wordList({ words: kept, unknown: [] })
  })
}

const splitWords = (text: string): readonly string[] => text.split(/[ \t\n\v\f\r]+/).filter((word) => word !== '')

function joinTexts(left: string, right: string): Value {
  const [heads, tails] = [splitWords(left), splitWords(right)]
  const length = Math.max(heads.length, tails.length)
  const joined = Array.from({ length }, (_, index) => (heads[index] ?? '') + (tails[index] ?? ''))
  return textValue(joined.join(' '), null)
}

/** A text without white space can only be found within a word. */
function findString(machine: Machine, sought: string, value: Value): Value {
  const found = textValue(sought, null)
  if (sought === '') return emptyValue
  if (/[ \t\n\v\f\r]/.test(sought)) {
    return overTexts(machine, [value], ([text = '']) => (text.includes(sought) ? found : emptyValue))
  }
  const { words, unknown } = wordsOf(machine.values, value)
  const { conditions } = machine
  const when = words
    .filter((word) => word.text.includes(sought))
    .reduceRight<Cond>((sum, word) => conditions.or(word.when, sum), never)
  const known = choiceValue([{ when, value: found }])
  const [first] = unknown
  if (first === undefined) return known
  const undecided = unknown.reduce<Cond>((sum, each) => conditions.or(sum, each.when), never)
  return choiceValue([
    { when, value: found },
    { when: conditions.without(undecided, when), value: unknownValue(first.unknown, first.origin) },
  ])
}
