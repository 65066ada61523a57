import { applyEdits, inOrder, suggestedEdits, type Edit } from '../review/apply-edits.ts'
import type { Finding } from '../review/finding.ts'

/** Lines around a change, as `git diff` shows them. */
const context = 3

/**
 * The suggestions of findings as a diff that `git apply` takes, files in the order of their names; empty where none has an edit. `read`
 * gives the text of the tree that the findings are of; a file that it does not have is left out.
 */
export function renderSuggestions(
  findings: readonly Pick<Finding, 'suggestion'>[],
  read: (path: string) => string | null,
): string {
  const files = [...suggestedEdits(findings)].sort(([a], [b]) => (a < b ? -1 : 1))
  return files
    .map(([path, edits]) => {
      const text = read(path)
      return text === null ? '' : diffOf(path, text, edits)
    })
    .join('')
}

/** Lines `[first, last)` of a text, from 0, and what they become. */
type Region = { readonly first: number; readonly last: number; readonly lines: readonly string[] }

function diffOf(path: string, text: string, edits: readonly Edit[]): string {
  const old = linesOf(text)
  const regions = regionsOf(old, edits)
  const hunks = hunksOf(regions, old)
  return hunks === '' ? '' : `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks}`
}

/** With their newlines; the last may have none. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/)
}

/** The lines that edits touch, each run of them once. */
function regionsOf(old: readonly string[], edits: readonly Edit[]): readonly Region[] {
  const starts: number[] = []
  let offset = 0
  for (const line of old) {
    starts.push(offset)
    offset += line.length
  }
  const lineOf = (at: number): number =>
    Math.max(
      0,
      starts.findLastIndex((start) => start <= at),
    )
  const groups: { first: number; last: number; edits: Edit[] }[] = []
  for (const edit of inOrder(edits) ?? []) {
    const first = lineOf(edit.at.start)
    const last = lineOf(Math.max(edit.at.start, edit.at.end - 1)) + 1
    const group = groups.at(-1)
    if (group === undefined || first >= group.last) groups.push({ first, last, edits: [edit] })
    else {
      group.last = Math.max(group.last, last)
      group.edits.push(edit)
    }
  }
  return groups.map((group) => {
    const base = starts[group.first] ?? 0
    const moved = group.edits.map(({ at, text }) => ({
      at: { ...at, start: at.start - base, end: at.end - base },
      text,
    }))
    const lines = linesOf(applyEdits(old.slice(group.first, group.last).join(''), moved) ?? '')
    return trimmed({ first: group.first, last: group.last, lines }, old)
  })
}

/** Without the lines at its start and end that stay as they are. */
function trimmed({ first, last, lines }: Region, old: readonly string[]): Region {
  let [top, bottom] = [0, 0]
  const length = Math.min(last - first, lines.length)
  while (top < length && old[first + top] === lines[top]) top++
  while (bottom < length - top && old[last - 1 - bottom] === lines[lines.length - 1 - bottom]) bottom++
  return { first: first + top, last: last - bottom, lines: lines.slice(top, lines.length - bottom) }
}

function hunksOf(all: readonly Region[], old: readonly string[]): string {
  const regions = all.filter(({ first, last, lines }) => last > first || lines.length > 0)
  const groups: Region[][] = []
  for (const region of regions) {
    const group = groups.at(-1)
    if (group === undefined || region.first - (group.at(-1)?.last ?? 0) > 2 * context) groups.push([region])
    else group.push(region)
  }
  let shift = 0
  return groups
    .map((group) => {
      const from = Math.max(0, (group[0]?.first ?? 0) - context)
      const to = Math.min(old.length, (group.at(-1)?.last ?? 0) + context)
      const { body, added } = bodyOf(group, old, { from, to })
      const header = `@@ -${rangeText(from, to - from)} +${rangeText(from + shift, to - from + added)} @@\n`
      shift += added
      return header + body
    })
    .join('')
}

/** A side that has no lines is said to be behind the line above it. */
function rangeText(from: number, count: number): string {
  return count === 0 ? `${from},0` : `${from + 1},${count}`
}

function bodyOf(
  group: readonly Region[],
  old: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): { readonly body: string; readonly added: number } {
  const parts: string[] = []
  let at = from
  let added = 0
  const push = (mark: string, lines: readonly string[]): void => {
    for (const line of lines)
      parts.push(line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`)
  }
  for (const { first, last, lines } of group) {
    push(' ', old.slice(at, first))
    push('-', old.slice(first, last))
    push('+', lines)
    added += lines.length - (last - first)
    at = last
  }
  push(' ', old.slice(at, to))
  return { body: parts.join(''), added }
}
