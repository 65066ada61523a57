import type { Span } from '../text/span.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A further place that explains a finding. */
export type Related = { readonly at: Span; readonly message: string }

/** A change that mends a finding: replacements in one file, in the text after the patch. */
export type Suggestion = {
  readonly message: string
  readonly edits: readonly { readonly at: Span; readonly text: string }[]
}

/** What a rule reports, before the engine places it. */
export type Report = {
  readonly at: Span
  /** One line: what is wrong, the thing named in backticks. */
  readonly message: string
  /** Where it differs from that of the rule: a `$(error)` is worse than a `$(shell)`. */
  readonly severity?: Severity
  /** Lines of evidence: what was evaluated, what was tried. */
  readonly evidence?: readonly string[]
  readonly related?: readonly Related[]
  readonly suggestion?: Suggestion
  /** A presence condition, printed as Kconfig. */
  readonly when?: string
  /** What makes this finding the same one in another version of the file, where message and place do not say it. */
  readonly subject?: string
  /** How to see it with make itself: shell lines that work as pasted in the tree. */
  readonly reproduce?: readonly string[]
  /** It is so, and nobody is told: a change that only brings it to light, by splitting a line, has not brought it. */
  readonly untold?: true
}

/**
 * A span as people and tools without the tree need it. Lines and columns are 1-based, the end is exclusive.
 * The path is one of the tree after the patch (before it, where the patch deletes the file), `patchTextPath` or `buildPath`.
 */
export type Place = {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  /** The text of `line`, without its newline: for carets and quotes. */
  readonly source: string
}

/** The last line that a place reaches into: an end at the start of a line belongs to the line before. */
export function lastLineOf(place: Omit<Place, 'source'>): number {
  return place.endLine > place.line && place.endColumn === 1 ? place.endLine - 1 : place.endLine
}

/** The path of places in the patch's own text, lines counted in `Patch.text`. Paths of a tree never begin with a slash. */
export const patchTextPath = '/patch'

/** The path of what is told of a build and of no line of the tree: its only place is line 1, column 1, without a text. */
export const buildPath = '/build'

/** A related place, found in its file. */
export type LocatedRelated = Related & Place

/** An edit with the lines and columns that it replaces. */
export type LocatedEdit = { readonly at: Span; readonly text: string } & Place
export type LocatedSuggestion = { readonly message: string; readonly edits: readonly LocatedEdit[] }

/** A report whose places are found. */
export type Located = Omit<Report, 'related' | 'suggestion'> &
  Place & {
    readonly rule: string
    readonly severity: Severity
    readonly related?: readonly LocatedRelated[]
    readonly suggestion?: LocatedSuggestion
  }

/** A fact about a patch, with a place, evidence and an identity that survives a rebase. */
export type Finding = Located & {
  /** The index of the patch that introduced it; null outside a series (lint). */
  readonly patch: number | null
  /** Rule, path and what it is about, hashed: no line number, no offset. */
  readonly key: string
}

/** What a rule could not decide, and why: counted, shown by --explain, never mailed. */
export type Unsure = Place & {
  readonly rule: string
  readonly at: Span
  readonly because: string
  readonly patch: number | null
}

/** Where a finding is told: on its line of the mail, on the nearest hunk of its file, or in the summary. */
export type Placement =
  | { readonly kind: 'line'; readonly mailLine: number }
  | { readonly kind: 'hunk'; readonly mailLine: number }
  | { readonly kind: 'summary' }

export type Placed = Finding & { readonly placement: Placement }

/** A part of a review that did not happen. */
export type Skipped = { readonly what: string; readonly why: string }
