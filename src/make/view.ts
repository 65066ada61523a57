import type { Range } from './cst.ts'
import { backslashesBefore, DOLLAR, skipReference } from './chars.ts'

/**
 * A stretch of a makefile as make sees it at some stage (continuations joined, comments cut), with the way back to the file:
 * every character knows the range of the file's text that it stands for.
 */
export type View = {
  readonly text: string
  /** The offset of the first character, where each character stands for itself. */
  readonly base: number
  /** Null where each character stands for itself. */
  readonly map: ViewMap | null
}

/** Where characters were replaced or dropped: the range of each; `starts` has one more entry, the end of the view. */
export type ViewMap = { readonly starts: Int32Array; readonly ends: Int32Array }

/** A replacement of `[start, end)` of a view by `text`; all of `text` then stands for the whole range. */
export type Edit = { readonly start: number; readonly end: number; readonly text: string }

/** The view of a range of the file in which nothing is replaced. */
export function plainView(text: string, range: Range): View {
  return { text: text.slice(range.start, range.end), base: range.start, map: null }
}

/** The offset in the file at which the character at `index` starts; for the end of the view, the end of its text. */
export function offsetOf(view: View, index: number): number {
  return view.map === null ? view.base + index : (view.map.starts[index] ?? view.base)
}

/** The range of the file behind `[start, end)` of a view. */
export function rangeOf(view: View, start: number, end: number): Range {
  if (view.map === null) return { start: view.base + start, end: view.base + end }
  const first = offsetOf(view, start)
  return { start: first, end: end > start ? (view.map.ends[end - 1] ?? first) : first }
}

/** The view with `edits` made, which are sorted and do not overlap. */
export function editView(view: View, edits: readonly Edit[]): View {
  if (edits.length === 0) return view
  const length = edits.reduce((sum, { start, end, text }) => sum + text.length - (end - start), view.text.length)
  const starts = new Int32Array(length + 1)
  const ends = new Int32Array(length)
  const pieces: string[] = []
  let at = 0
  let to = 0
  const copyUntil = (end: number): void => {
    pieces.push(view.text.slice(at, end))
    copyMap(view, { start: at, end }, { starts, ends, to })
    to += end - at
  }
  for (const edit of edits) {
    copyUntil(edit.start)
    const range = rangeOf(view, edit.start, edit.end)
    starts.fill(range.start, to, to + edit.text.length)
    ends.fill(range.end, to, to + edit.text.length)
    pieces.push(edit.text)
    to += edit.text.length
    at = edit.end
  }
  copyUntil(view.text.length)
  starts[length] = offsetOf(view, view.text.length)
  return { text: pieces.join(''), base: view.base, map: { starts, ends } }
}

type MapTarget = { readonly starts: Int32Array; readonly ends: Int32Array; readonly to: number }

/** Writes the ranges of the characters of a view at `to`. */
function copyMap(view: View, { start, end }: Range, { starts, ends, to }: MapTarget): void {
  if (view.map !== null) {
    starts.set(view.map.starts.subarray(start, end), to)
    ends.set(view.map.ends.subarray(start, end), to)
    return
  }
  for (let index = start; index < end; index++) {
    starts[to + index - start] = view.base + index
    ends[to + index - start] = view.base + index + 1
  }
}

/** The first `length` characters of a view. */
export function headOfView(view: View, length: number): View {
  if (length >= view.text.length) return view
  if (view.map === null) return { ...view, text: view.text.slice(0, length) }
  const { starts, ends } = view.map
  return {
    ...view,
    text: view.text.slice(0, length),
    map: { starts: starts.subarray(0, length + 1), ends: ends.subarray(0, length) },
  }
}

/** A view without its first `index` characters. */
export function viewFrom(view: View, index: number): View {
  if (view.map === null) return { ...view, text: view.text.slice(index), base: view.base + index }
  const { starts, ends } = view.map
  return { ...view, text: view.text.slice(index), map: { starts: starts.subarray(index), ends: ends.subarray(index) } }
}

/** Views one after the other as one; `base` is where it starts if there are none. */
export function joinViews(views: readonly View[], base: number): View {
  const text = views.map((view) => view.text).join('')
  const first = views[0]?.base ?? base
  let end = first
  const isPlain = views.every((view) => {
    const follows = view.map === null && view.base === end
    end += view.text.length
    return follows
  })
  if (isPlain) return { text, base: first, map: null }
  const starts = new Int32Array(text.length + 1)
  const ends = new Int32Array(text.length)
  let to = 0
  for (const view of views) {
    copyMap(view, { start: 0, end: view.text.length }, { starts, ends, to })
    to += view.text.length
  }
  const last = views.at(-1)
  starts[text.length] = last === undefined ? base : offsetOf(last, last.text.length)
  return { text, base: first, map: { starts, ends } }
}

/** What `findUnquoted` found: the view with the quoting backslashes taken out up to there, and where the character is in it; -1 if nowhere. */
export type Unquoted = { readonly view: View; readonly index: number }

/**
 * Searches for the first of `stops` outside references that no backslash quotes. Backslashes before any of them are halved,
 * as in read.c find_map_unquote(): `\#` is a hash, `\\#` a backslash and a comment.
 */
export function findUnquoted(view: View, stops: string, from = 0): Unquoted {
  const text = view.text
  const start = firstStop(text, stops, from)
  if (start === -1) return { view, index: -1 }
  const edits: Edit[] = []
  let dropped = 0
  for (let at = start; at < text.length; at++) {
    if (text.charCodeAt(at) === DOLLAR) at = skipReference(text, at, text.length) - 1
    else if (stops.includes(text.charAt(at))) {
      const backslashes = backslashesBefore(text, at, from)
      if (backslashes === 0) return { view: editView(view, edits), index: at - dropped }
      const isQuoted = backslashes % 2 === 1
      // One by one: `$\\\#` is a reference to `\`, and a hash.
      for (let pair = at - backslashes; pair < at - 1; pair += 2) edits.push({ start: pair, end: pair + 2, text: '\\' })
      if (isQuoted) edits.push({ start: at - 1, end: at + 1, text: text.charAt(at) })
      dropped += (backslashes + 1) >> 1
      if (!isQuoted) return { view: editView(view, edits), index: at - dropped }
    }
  }
  return { view: editView(view, edits), index: -1 }
}

/** Where the first of `stops` may stand: there, or at the first reference before it; -1 where there is none. Lines can be 100 kB long. */
function firstStop(text: string, stops: string, from: number): number {
  let first = -1
  for (const stop of stops) {
    const at = text.indexOf(stop, from)
    if (at !== -1 && (first === -1 || at < first)) first = at
  }
  const dollar = first === -1 ? -1 : text.indexOf('$', from)
  return dollar === -1 || dollar > first ? first : dollar
}
