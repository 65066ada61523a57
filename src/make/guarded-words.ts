import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'
import { isSpace } from './chars.ts'
import { spend, spendOnText } from './scope.ts'
import type { ValueScope } from './scope.ts'
import { nonEmptyCond } from './tests.ts'
import type { Item, Text, Unknown, Value } from './value.ts'

/** A word of a value: it is there exactly where `when` holds. */
export type Word = {
  readonly text: string
  readonly when: Cond
  /** Where the word is written: its own characters, or the references and literals that it is made of. */
  readonly origin: Span
}

/** A place of a value, where `when` holds, at which any number of words may stand. */
export type UnknownWords = { readonly when: Cond; readonly unknown: Unknown; readonly origin: Span }

/** The words of a value, in an order that is make's in every configuration. */
export type Words = { readonly words: readonly Word[]; readonly unknown: readonly UnknownWords[] }

/** The origin of what is written nowhere. */
export const nowhere: Span = { file: '', start: 0, end: 0 }

/** Unfinished words that are kept apart, of which one holds at a time. */
const maxOpen = 64

/** Splits a value at white space, as make does for lists: linear in the number of words, whatever their conditions. */
export function wordsOf(scope: ValueScope, value: Value): Words {
  const splitter = createSplitter(scope.conditions)
  walk(scope, splitter, value, { guard: always, isClosed: true, isEnded: true, frame: null })
  splitter.space(always)
  return splitter.finished()
}

/** Where the walk stands. */
type Place = {
  readonly guard: Cond
  /** Whether white space or the end follows, in every configuration. */
  readonly isClosed: boolean
  /** Whether white space comes next of all, so that a word that is begun and ended here is whole. */
  readonly isEnded: boolean
  readonly frame: Frame | null
}

/** Which part of which expression is being walked; `up` is the expression around. */
type Frame = { readonly owner: object; readonly site: Span; readonly up: Frame | null }

function walk(scope: ValueScope, splitter: Splitter, value: Value, place: Place): void {
  spend(scope.budget, 1)
  switch (value.kind) {
    case 'text':
      spendOnText(scope.budget, value.text)
      feedText(splitter, value, place)
      return
    case 'concat':
      value.items.forEach((item, index) => {
        const next = value.items[index + 1]
        const isClosed = next === undefined ? place.isClosed : startsWithSpace(next.value)
        const frame = { owner: value, site: item.site, up: place.frame }
        walk(scope, splitter, item.value, { guard: place.guard, isClosed, isEnded: false, frame })
      })
      return
    case 'list':
      walkList(scope, splitter, value.items, place)
      return
    case 'choice': {
      const isBetweenSpaces = place.isClosed && splitter.isBetweenWords()
      for (const { when, value: option } of value.options) {
        const guard = scope.conditions.and(place.guard, when)
        if (guard !== never) walk(scope, splitter, option, { ...place, guard, isEnded: isBetweenSpaces })
        if (isBetweenSpaces) splitter.space(always)
      }
      return
    }
    case 'unknown':
      splitter.addUnknown(value.unknown, place.guard, ownFrame(value.origin, place.frame))
  }
}

/**
 * Between spaces the separators always split; glued to other text they do only where make puts them. Where a space or the end follows
 * the list, each element that counts ends what is unfinished: a separator comes next, or that end.
 */
function walkList(scope: ValueScope, splitter: Splitter, items: readonly Item[], place: Place): void {
  const { conditions } = scope
  const isBetweenSpaces = place.isClosed && splitter.isBetweenWords()
  let counted: Cond = never
  items.forEach((item, index) => {
    const guard = conditions.and(place.guard, item.when)
    const isLast = index === items.length - 1
    const isGlued = !isBetweenSpaces && guard !== never
    const counts = item.counts === 'always' || !isGlued ? guard : conditions.and(guard, nonEmptyCond(scope, item.value))
    if (isBetweenSpaces) splitter.space(always)
    else if (!place.isClosed) {
      splitter.space(conditions.and(counted, counts))
      counted = conditions.or(counted, counts)
    }
    const isClosed = isBetweenSpaces || (place.isClosed && (isLast || item.counts === 'always'))
    const isEnded = isBetweenSpaces && (!isLast || place.isEnded)
    if (guard !== never) walk(scope, splitter, item.value, { guard, isClosed, isEnded, frame: place.frame })
    if (isGlued && place.isClosed) splitter.space(counts)
  })
}

const startsWithSpace = (value: Value): boolean => value.kind === 'text' && isSpace(value.text.charCodeAt(0))

function feedText(splitter: Splitter, { text, origin }: Text, { guard, frame, isEnded }: Place): void {
  const isExact = origin !== null && origin.end - origin.start === text.length
  let at = 0
  while (at < text.length) {
    const start = at
    if (isSpace(text.charCodeAt(at))) {
      while (at < text.length && isSpace(text.charCodeAt(at))) at++
      splitter.space(guard)
      continue
    }
    while (at < text.length && !isSpace(text.charCodeAt(at))) at++
    const chunk = at - start === text.length ? text : text.slice(start, at)
    const site = isExact ? { file: origin.file, start: origin.start + start, end: origin.start + at } : origin
    const isWhole = (at < text.length || isEnded) && splitter.isBetweenWords()
    if (isWhole) splitter.word({ text: chunk, when: guard, origin: site ?? frame?.site ?? nowhere })
    else splitter.text(chunk, guard, ownFrame(site, frame))
  }
}

/** The frame of a piece of text: like that of the part it is, but with its own place, if that part is a literal. */
function ownFrame(site: Span | null, frame: Frame | null): Frame {
  if (frame === null) return { owner: nowhere, site: site ?? nowhere, up: null }
  if (site === null) return frame
  const isWithin = site.file === frame.site.file && site.start >= frame.site.start && site.end <= frame.site.end
  return isWithin ? { owner: frame.owner, site, up: frame.up } : { owner: nowhere, site, up: frame }
}

/** A piece of a word. */
type Piece = { readonly text: string; readonly when: Cond; readonly unknown: Unknown | null; readonly frame: Frame }

/**
 * A word that may go on. It becomes one word, however many different pieces follow it: from its first end to its last no other
 * word ends in the configurations in which it is unfinished, so that it can stand where it first ends.
 */
type Partial = Omit<Piece, 'when'> & {
  /** Where it was begun. */
  readonly begun: Cond
  /** Where it is still unfinished. */
  when: Cond
  /** Where it was not finished, but went on as a part of another. */
  continued: Cond
  /** Whether it has its place among the words. */
  isPlaced: boolean
}

const partialOf = ({ when, ...piece }: Piece): Partial => ({
  ...piece,
  ...{ begun: when, when, continued: never, isPlaced: false },
})

/** A word that was never unfinished. */
type Whole = { readonly word: Word }

type Splitter = {
  /** The words that have ended, once nothing is unfinished. */
  readonly finished: () => Words
  /** Whether no word is unfinished in any configuration. */
  readonly isBetweenWords: () => boolean
  /** Adds a word that is unfinished nowhere: between words, with white space behind it. */
  readonly word: (word: Word) => void
  /** Adds characters that are no space. */
  readonly text: (text: string, when: Cond, frame: Frame) => void
  readonly addUnknown: (unknown: Unknown, when: Cond, frame: Frame) => void
  /** White space: what is unfinished is finished where it holds. */
  readonly space: (when: Cond) => void
}

function createSplitter(conditions: Conditions): Splitter {
  const placed: (Partial | Whole)[] = []
  /** Their conditions exclude each other; where none holds, no word is unfinished. */
  let open: Partial[] = []

  const space = (when: Cond): void => {
    if (open.length === 0 || when === never) return
    for (const partial of open) {
      const rest = conditions.without(partial.when, when)
      if (rest !== partial.when && !partial.isPlaced) placed.push(partial)
      partial.isPlaced ||= rest !== partial.when
      partial.when = rest
    }
    open = open.filter((partial) => partial.when !== never)
  }

  /** Lets every unfinished word go on with a piece where it holds, and starts a word elsewhere. */
  const extend = (piece: Piece): void => {
    const next: Partial[] = []
    let fresh = piece.when
    for (const partial of open) {
      const joined = conditions.and(partial.when, piece.when)
      fresh = conditions.without(fresh, partial.when)
      if (joined !== never) next.push(partialOf({ ...joinPieces(partial, piece), when: joined }))
      carryOn(conditions, partial, joined)
      if (partial.when !== never) next.push(partial)
    }
    if (fresh !== never) next.push(partialOf({ ...piece, when: fresh }))
    open = next.length === 1 ? next : capped(conditions, next)
  }

  return {
    finished: () => wordsAmong(conditions, placed),
    isBetweenWords: () => open.length === 0,
    word: (word) => {
      if (word.when !== never) placed.push({ word })
    },
    text: (text, when, frame) => extend({ text, when, unknown: null, frame }),
    addUnknown: (what, when, frame) => extend({ text: what.key, when, unknown: what, frame }),
    space,
  }
}

/** Says of an unfinished word that it is a part of another where this holds. */
function carryOn(conditions: Conditions, partial: Partial, when: Cond): void {
  if (when === never) return
  partial.when = conditions.without(partial.when, when)
  partial.continued = conditions.or(partial.continued, when)
}

/** The words that have a place, where they have not gone on. */
function wordsAmong(conditions: Conditions, placed: readonly (Partial | Whole)[]): Words {
  const words: Word[] = []
  const unknown: UnknownWords[] = []
  for (const each of placed) {
    if ('word' in each) {
      words.push(each.word)
      continue
    }
    const { text, unknown: what, begun, continued, frame } = each
    const when = conditions.without(begun, continued)
    if (what === null) words.push({ text, when, origin: frame.site })
    else unknown.push({ when, unknown: what, origin: frame.site })
  }
  return { words, unknown }
}

function joinPieces(left: Omit<Piece, 'when'>, right: Omit<Piece, 'when'>): Omit<Piece, 'when'> {
  return {
    text: left.text + right.text,
    unknown: left.unknown ?? right.unknown,
    frame: joinFrames(left.frame, right.frame),
  }
}

/** The place of a word of two pieces: from one to the other in the innermost expression that has both. */
function joinFrames(left: Frame, right: Frame): Frame {
  for (let a: Frame | null = left; a !== null; a = a.up) {
    for (let b: Frame | null = right; b !== null; b = b.up) {
      if (a.owner !== b.owner || a.owner === nowhere) continue
      const site = {
        file: a.site.file,
        start: Math.min(a.site.start, b.site.start),
        end: Math.max(a.site.end, b.site.end),
      }
      return { owner: a.owner, site, up: a.up }
    }
  }
  return left
}

/** Equal texts once; one unknown word where there are too many. */
function capped(conditions: Conditions, partials: readonly Partial[]): Partial[] {
  const byText = new Map<string, Partial[]>()
  for (const partial of partials) {
    const key = partial.unknown === null ? `=${partial.text}` : `?${partial.text}`
    const same = byText.get(key)
    if (same === undefined) byText.set(key, [partial])
    else same.push(partial)
  }
  const merged = [...byText.values()].flatMap((same) => joined(conditions, same) ?? [])
  const [first] = merged
  if (first === undefined || merged.length <= maxOpen) return merged
  const unknown: Unknown = { kind: 'limit', reason: 'too many alternatives', key: `${first.text}...` }
  return [{ ...joinedAs(conditions, first, merged), unknown }]
}

/** Unfinished words of the same text as one of them. */
function joined(conditions: Conditions, partials: readonly Partial[]): Partial | undefined {
  const [first] = partials
  return first === undefined || partials.length === 1 ? first : joinedAs(conditions, first, partials)
}

/** An unfinished word that takes the place of several. */
function joinedAs(conditions: Conditions, like: Partial, partials: readonly Partial[]): Partial {
  const when = partials.reduce<Cond>((sum, partial) => conditions.or(sum, partial.when), never)
  for (const partial of partials) carryOn(conditions, partial, partial.when)
  return partialOf({ text: like.text, unknown: like.unknown, frame: like.frame, when })
}
