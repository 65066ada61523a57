import { isSpace } from './chars.ts'
import { overTexts } from './lists.ts'
import type { Machine } from './machine.ts'
import { spend, spendOnText } from './scope.ts'
import type { Piece, Text, Value } from './value.ts'
import { choiceValue, concatValues, listValue, textValue, unknownValue } from './value.ts'

/** What to replace: any occurrence, or one that is a whole word. */
export type Substitution = { readonly from: string; readonly to: string; readonly what: 'text' | 'word' }

/**
 * `$(subst from,to,value)` and, by word, `$(patsubst from,to,value)` without a `%`: white space stays as it is (function.c
 * subst_expand()). A value is changed part by part where no match can reach over the parts, so that long lists stay linear;
 * else string by string.
 */
export function substitute(machine: Machine, substitution: Substitution, value: Value): Value {
  spend(machine.values.budget, 1)
  const { from, to, what } = substitution
  if (from === '' && what === 'text') return concatWith(value, to)
  if (from === '') return byWorlds(machine, substitution, value)
  if (hasSpace(from)) return byWorlds(machine, substitution, value)
  switch (value.kind) {
    case 'text':
      return replaced(machine, substitution, value)
    case 'choice':
      return choiceValue(
        value.options.map((option) => ({ ...option, value: substitute(machine, substitution, option.value) })),
      )
    case 'list':
      return listValue(value.items.map((item) => ({ ...item, value: substitute(machine, substitution, item.value) })))
    case 'concat':
      return inSegments(machine, substitution, value.items)
    case 'unknown':
      return value
  }
}

const nowhere = { file: '', start: 0, end: 0 }

/** An empty text is found once, at the end; as a word it is found only behind white space. */
function concatWith(value: Value, text: string): Value {
  return concatValues([
    { value, site: nowhere },
    { value: textValue(text, null), site: nowhere },
  ])
}

const hasSpace = (text: string): boolean => /[ \t\n\v\f\r]/.test(text)

function byWorlds(machine: Machine, substitution: Substitution, value: Value): Value {
  return overTexts(machine, [value], ([text = '']) => {
    return replaced(machine, substitution, { text, origin: null })
  })
}

/** In characters: a text that grows past this at one step is not followed. */
const maxText = 1 << 20

function replaced(
  machine: Machine,
  substitution: Substitution,
  { text, origin }: Pick<Text, 'text' | 'origin'>,
): Value {
  const result = replaceIn(text, substitution)
  spendOnText(machine.values.budget, result)
  if (result.length <= maxText) return textValue(result, origin)
  return unknownValue({ kind: 'limit', reason: 'text too long', key: `${result.slice(0, 40)}...` }, origin)
}

function replaceIn(text: string, { from, to, what }: Substitution): string {
  if (what === 'text') return text.split(from).join(to)
  if (from === '') return /[^ \t\n\v\f\r]$/.test(text) ? text : text + to
  let result = ''
  let at = 0
  for (let found = text.indexOf(from); found !== -1; found = text.indexOf(from, at)) {
    const end = found + from.length
    const isWord = isBoundary(text, found - 1) && isBoundary(text, end)
    result += text.slice(at, found) + (isWord ? to : from)
    at = end
  }
  return result + text.slice(at)
}

/** Whether white space stands there, or nothing. */
function isBoundary(text: string, at: number): boolean {
  return at < 0 || at >= text.length || isSpace(text.charCodeAt(at))
}

/** Parts between white space: one part alone is changed by itself, several that touch as one string. */
function inSegments(machine: Machine, substitution: Substitution, items: readonly Piece[]): Value {
  const results: Piece[] = []
  let segment: Piece[] = []
  const flush = (): void => {
    const [first] = segment
    if (first === undefined) return
    const isIndependent = segment.length === 1 || (substitution.from.length === 1 && substitution.what === 'text')
    if (isIndependent) {
      for (const { value, site } of segment) results.push({ value: substitute(machine, substitution, value), site })
    } else {
      const last = segment.at(-1) ?? first
      const site = { ...first.site, end: Math.max(first.site.end, last.site.end) }
      results.push({ value: byWorlds(machine, substitution, concatValues(segment)), site })
    }
    segment = []
  }
  for (const item of items) {
    if (item.value.kind !== 'text') {
      segment.push(item)
      continue
    }
    for (const piece of splitAtSpace(item.value, item)) {
      if (!isBlankText(piece.value)) {
        segment.push(piece)
        continue
      }
      flush()
      results.push(piece)
    }
  }
  flush()
  return concatValues(results)
}

const isBlankText = (value: Value): boolean => value.kind === 'text' && isSpace(value.text.charCodeAt(0))

/** A literal as stretches of white space and of everything else. */
function splitAtSpace({ text, origin }: Text, { site }: Piece): readonly Piece[] {
  const isExact = origin !== null && origin.end - origin.start === text.length
  const pieces: Piece[] = []
  let at = 0
  while (at < text.length) {
    const start = at
    const isBlank = isSpace(text.charCodeAt(at))
    while (at < text.length && isSpace(text.charCodeAt(at)) === isBlank) at++
    const place = isExact ? { file: origin.file, start: origin.start + start, end: origin.start + at } : origin
    pieces.push({ value: textValue(text.slice(start, at), place), site: place ?? site })
  }
  return pieces
}
