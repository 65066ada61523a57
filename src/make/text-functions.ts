/** The functions that change words one by one (GNU make manual 8.2 and 8.3): linear in the number of words. */
import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { exceptWhere, mapWords, overTexts, wordList } from './lists.ts'
import type { Machine } from './machine.ts'
import { fillPattern, matchPattern, parsePattern } from './pattern.ts'
import type { Pattern } from './pattern.ts'
import { spend } from './scope.ts'
import { substitute } from './substitution.ts'
import type { Item, Value } from './value.ts'
import { emptyValue } from './value.ts'
import { wordsOf } from './guarded-words.ts'
import type { Word } from './guarded-words.ts'

/** A function of texts: its arguments expanded. */
export type TextFunction = (machine: Machine, args: readonly Value[]) => Value

const argument = (args: readonly Value[], index: number): Value => args[index] ?? emptyValue

export const textFunctions: Readonly<Record<string, TextFunction>> = {
  strip: (machine, args) => wordList(wordsOf(machine.values, argument(args, 0))),
  sort: (machine, args) => sortWords(machine, argument(args, 0)),
  filter: (machine, args) => filterWords(machine, args, 'matching'),
  'filter-out': (machine, args) => filterWords(machine, args, 'others'),
  patsubst: (machine, args) =>
    patternSubstitution(machine, {
      from: argument(args, 0),
      to: argument(args, 1),
      value: argument(args, 2),
      isSuffix: false,
    }),
  subst: (machine, args) =>
    overTexts(machine, [argument(args, 0), argument(args, 1)], ([from = '', to = '']) =>
      substitute(machine, { from, to, what: 'text' }, argument(args, 2)),
    ),
  addprefix: (machine, args) => withAffix(machine, args, (affix, word) => affix + word),
  addsuffix: (machine, args) => withAffix(machine, args, (affix, word) => word + affix),
  notdir: (machine, args) => mapNames(machine, args, (path) => path.slice(path.lastIndexOf('/') + 1)),
  dir: (machine, args) => mapNames(machine, args, directoryOf),
  basename: (machine, args) => mapNames(machine, args, (path) => path.slice(0, path.length - suffixOf(path).length)),
  suffix: (machine, args) =>
    mapWords(machine, argument(args, 0), (path) => ({ text: suffixOf(path), counts: 'nonempty' })),
}

/** Every word counts, even one that becomes empty: `$(notdir drivers/)` of two words leaves a blank (function.c func_notdir_suffix()). */
function mapNames(machine: Machine, args: readonly Value[], change: (path: string) => string): Value {
  return mapWords(machine, argument(args, 0), (path) => ({ text: change(path), counts: 'always' }))
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? './' : path.slice(0, slash + 1)
}

/** The suffix from the last dot behind the last slash, or ''. */
function suffixOf(path: string): string {
  const dot = path.lastIndexOf('.')
  return dot === -1 || dot < path.lastIndexOf('/') ? '' : path.slice(dot)
}

function withAffix(machine: Machine, args: readonly Value[], join: (affix: string, word: string) => string): Value {
  return overTexts(machine, [argument(args, 0)], ([affix = '']) =>
    mapWords(machine, argument(args, 1), (word) => ({ text: join(affix, word), counts: 'nonempty' })),
  )
}

/** In the order of bytes, without repetitions (function.c func_sort()); equal words are one word with both conditions. */
function sortWords(machine: Machine, value: Value): Value {
  const { words, unknown } = wordsOf(machine.values, value)
  spend(machine.values.budget, words.length)
  const byText = new Map<string, Word>()
  for (const word of words) {
    const same = byText.get(word.text)
    byText.set(word.text, same === undefined ? word : { ...same, when: machine.conditions.or(same.when, word.when) })
  }
  const sorted = [...byText.values()].sort((a, b) => Buffer.compare(Buffer.from(a.text), Buffer.from(b.text)))
  return wordList({ words: sorted, unknown })
}

/** What patterns a word can match, and under which conditions they stand in the list. */
type PatternSet = {
  readonly literal: ReadonlyMap<string, Cond>
  readonly open: readonly { readonly pattern: Pattern; readonly when: Cond }[]
}

function patternSet(machine: Machine, words: readonly Word[]): PatternSet {
  const literal = new Map<string, Cond>()
  const open: { readonly pattern: Pattern; readonly when: Cond }[] = []
  for (const { text, when } of words) {
    const pattern = parsePattern(text)
    if (pattern.suffix !== null) open.push({ pattern, when })
    else literal.set(pattern.prefix, machine.conditions.or(literal.get(pattern.prefix) ?? never, when))
  }
  return { literal, open }
}

function matchCond(machine: Machine, { literal, open }: PatternSet, text: string): Cond {
  let cond: Cond = literal.get(text) ?? never
  for (const { pattern, when } of open) {
    if (matchPattern(pattern, text) !== null) cond = machine.conditions.or(cond, when)
  }
  return cond
}

function filterWords(machine: Machine, args: readonly Value[], keep: 'matching' | 'others'): Value {
  const patterns = wordsOf(machine.values, argument(args, 0))
  const { words, unknown } = wordsOf(machine.values, argument(args, 1))
  const set = patternSet(machine, patterns.words)
  spend(machine.values.budget, words.length * (1 + set.open.length))
  const kept = words.flatMap((word) => {
    const matches = matchCond(machine, set, word.text)
    const when =
      keep === 'matching' ? machine.conditions.and(word.when, matches) : machine.conditions.without(word.when, matches)
    return when === never ? [] : [{ ...word, when }]
  })
  const value = wordList({ words: kept, unknown })
  return patterns.unknown.length === 0 ? value : exceptWhere(machine, patterns.unknown, value)
}

/** `$(patsubst from,to,value)`, and `$(value:from=to)`, where `from` is a suffix unless it has a `%`. */
export function patternSubstitution(
  machine: Machine,
  {
    from,
    to,
    value,
    isSuffix,
  }: { readonly from: Value; readonly to: Value; readonly value: Value; readonly isSuffix: boolean },
): Value {
  return overTexts(machine, [from, to], ([fromText = '', toText = '']) => {
    const asked = parsePattern(fromText)
    const isWholeSuffix = isSuffix && asked.suffix === null
    if (asked.suffix === null && !isSuffix) {
      return substitute(machine, { from: asked.prefix, to: toText, what: 'word' }, value)
    }
    const pattern = isWholeSuffix ? { prefix: '', suffix: asked.prefix } : asked
    const replacement = isWholeSuffix ? { prefix: '', suffix: toText } : parsePattern(toText)
    return mapWords(machine, value, (word) => substituteWord(word, pattern, replacement))
  })
}

/** A word replaced by nothing does not count, unless the `%` stood for something (function.c patsubst_expand_pat()). */
function substituteWord(
  word: string,
  pattern: Pattern,
  replacement: Pattern,
): { readonly text: string; readonly counts: Item['counts'] } {
  const stem = matchPattern(pattern, word)
  if (stem === null) return { text: word, counts: 'always' }
  const counts = replacement.prefix !== '' || replacement.suffix !== null ? 'always' : 'nonempty'
  return { text: fillPattern(replacement, stem), counts }
}
