/**
 * Values of variables under all configurations at once: a value stands for one string a configuration. It is a graph whose
 * leaves are texts with their origin, so that appending to a list of 403 guarded words is one step and no cross product.
 */
import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'

export type Value =
  | Text
  /** One after the other, with nothing between. */
  | { readonly kind: 'concat'; readonly items: readonly Piece[]; readonly depth: number }
  /** One after the other, with one space between each two that count. */
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly depth: number }
  /** The one of the options whose condition holds, else nothing. At most one condition holds at a time. */
  | { readonly kind: 'choice'; readonly options: readonly Option[]; readonly depth: number }
  | { readonly kind: 'unknown'; readonly unknown: Unknown; readonly origin: Span | null }

export type Text = {
  readonly kind: 'text'
  readonly text: string
  /** Where it is written; where the lengths are equal, character by character. Null for what is written nowhere. */
  readonly origin: Span | null
}

/** A part of an expression: its value, and the reference or literal that it came from. */
export type Piece = { readonly value: Value; readonly site: Span }

/**
 * An element of a list. Separators stand between elements that count: `always` ones count where `when` holds, even when empty
 * (`$(foreach ...)`, `+=` to a recursive variable); `nonempty` ones where their text is not empty (`+=` to a simple variable).
 */
export type Item = { readonly value: Value; readonly when: Cond; readonly counts: 'always' | 'nonempty' }

export type Option = { readonly value: Value; readonly when: Cond }

export type UnknownKind =
  /** The output of a command. */
  | 'shell'
  /** A function that is defined nowhere in sight, or one with effects. */
  | 'function'
  /** A variable that another makefile or the caller sets. */
  | 'external'
  /** A symbol that is neither bool nor tristate. */
  | 'symbol'
  /** A test of something unknown decides whether it is there. */
  | 'test'
  /** What make itself would refuse. */
  | 'error'
  /** Too large, too deep or too many alternatives. */
  | 'limit'

/** Why a value is not known. The same `key` stands for the same value. */
export type Unknown = {
  readonly kind: UnknownKind
  readonly reason: string
  /** The expression that is not known, as people read it: `$(shell uname -m)`. */
  readonly key: string
}

export const emptyValue: Text = { kind: 'text', text: '', origin: null }

export function textValue(text: string, origin: Span | null): Text {
  return text === '' ? emptyValue : { kind: 'text', text, origin }
}

export function unknownValue(unknown: Unknown, origin: Span | null): Value {
  return { kind: 'unknown', unknown, origin }
}

/** How many levels a value has; what walks it recurses that deep. */
export function depthOf(value: Value): number {
  return value.kind === 'text' || value.kind === 'unknown' ? 0 : value.depth
}

const below = (values: readonly { readonly value: Value }[]): number =>
  values.reduce((depth, { value }) => Math.max(depth, depthOf(value)), 0) + 1

export function concatValues(items: readonly Piece[]): Value {
  if (items.length === 0) return emptyValue
  return { kind: 'concat', items, depth: below(items) }
}

/** A list; one element that always holds is that element. */
export function listValue(items: readonly Item[]): Value {
  const [first] = items
  if (first === undefined) return emptyValue
  if (items.length === 1 && first.when === always) return first.value
  return { kind: 'list', items, depth: below(items) }
}

/** The value of the option that holds; empty where none does. */
export function choiceValue(options: readonly Option[]): Value {
  const possible = options.filter((option) => option.when !== never)
  const [first] = possible
  if (first === undefined) return emptyValue
  if (possible.length === 1 && first.when === always) return first.value
  return { kind: 'choice', options: possible, depth: below(possible) }
}

/** The value where a condition holds, else nothing. */
export function valueWhen(when: Cond, value: Value): Value {
  return choiceValue([{ when, value }])
}

/** One string that a value can be. Where `unknown` is set, `text` is only what a person would call it. */
export type World = { readonly when: Cond; readonly text: string; readonly unknown: Unknown | null }

/** All strings that a value can be: their conditions exclude each other and cover everything. */
export type Worlds = readonly World[]
