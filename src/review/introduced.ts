import type { ChangedLines } from './changed-lines.ts'
import { lastLineOf, type Located } from './finding.ts'
import { fingerprintOf, type Fingerprint } from './key.ts'

/** A located report and what it is about. */
export type Identified = Located & { readonly identity: string }

/** A finding that is new in a tree; `ordinal` is its place, from 0, among those of the same fingerprint in its file. */
export type Introduced = { readonly finding: Identified; readonly ordinal: number }

/** What a patch did to the findings of the tree: those it brought, and the fingerprints of those it took. */
export type Difference = { readonly introduced: readonly Introduced[]; readonly removed: readonly Fingerprint[] }

/**
 * Subtracts the findings before a patch from those after it, as multisets by fingerprint.
 *
 * A finding of a renamed file keeps its identity under the new name. Of several equal ones, those on lines that the patch
 * adds count as the new ones. A statement that the patch moves to another file, out of a deleted line into an added one,
 * takes its old finding along: neither removed nor new. So does a line in which the patch only renames something.
 */
export function subtractFindings(
  before: readonly Identified[],
  after: readonly Identified[],
  changes: ChangedLines,
): Difference {
  const renamed = (finding: Identified): Fingerprint => ({ ...finding, path: changes.renamed(finding.path) })
  const old = Map.groupBy(before, (finding) => fingerprintOf(renamed(finding)))
  const young = Map.groupBy(after, fingerprintOf)
  const introduced: Introduced[] = []
  const removed: Identified[] = []
  for (const [fingerprint, group] of young) {
    const surplus = group.length - (old.get(fingerprint)?.length ?? 0)
    introduced.push(...newest(group, surplus, changes))
  }
  for (const [fingerprint, group] of old) {
    const surplus = group.length - (young.get(fingerprint)?.length ?? 0)
    const isDeleted = ({ path, line }: Identified): boolean => changes.isDeleted(path, line)
    removed.push(...first(group, isDeleted).slice(0, Math.max(0, surplus)))
  }
  const moved = pairMoved(introduced, removed, changes)
  return {
    introduced: introduced.filter(({ finding }) => !moved.has(finding) && finding.untold !== true),
    removed: removed.filter((finding) => !moved.has(finding) && finding.untold !== true).map(renamed),
  }
}

/** The items that match before those that do not, each in their order. */
function first<T>(items: readonly T[], matches: (item: T) => boolean): T[] {
  return [...items.filter(matches), ...items.filter((item) => !matches(item))]
}

/** The `count` new ones of equal findings. */
function newest(group: readonly Identified[], count: number, changes: ChangedLines): Introduced[] {
  const inOrder = group.toSorted((a, b) => a.at.start - b.at.start).map((finding, ordinal) => ({ finding, ordinal }))
  return first(inOrder.toReversed(), ({ finding }) => isOnAddedLine(finding, changes)).slice(0, Math.max(0, count))
}

/** Whether a patch adds one of the lines that a finding spans. */
export function isOnAddedLine(finding: Located, changes: ChangedLines): boolean {
  for (let line = finding.line; line <= lastLineOf(finding); line++)
    if (changes.isAdded(finding.path, line)) return true
  return false
}

/** Both ends of every finding that went from a deleted line to an added one, of another file or under another name. */
function pairMoved(
  introduced: readonly Introduced[],
  removed: readonly Identified[],
  changes: ChangedLines,
): ReadonlySet<Identified> {
  const leaving = removed.filter(({ path, line }) => changes.isDeleted(path, line))
  const moved = new Set<Identified>()
  for (const { finding } of introduced) {
    if (!isOnAddedLine(finding, changes)) continue
    const source = leaving.find(
      (each) => !moved.has(each) && (isSameElsewhere(each, finding) || isSameRenamed(each, finding)),
    )
    if (source) moved.add(source).add(finding)
  }
  return moved
}

function isSameElsewhere(one: Identified, other: Identified): boolean {
  return one.rule === other.rule && one.identity === other.identity && one.path !== other.path
}

/** Whether a finding of the same file says of the same line what another says, but for one name: `CONFIG_X` and `X` count as one. */
function isSameRenamed(one: Identified, other: Identified): boolean {
  if (one.rule !== other.rule || one.path !== other.path) return false
  const [left, right] = [one, other].map(({ source, message }) => `${source}\n${message}`.split(/([\w-]+)/))
  if (left === undefined || right === undefined || left.length !== right.length) return false
  const changed = left.flatMap((word, index) =>
    word === right[index] ? [] : [`${bare(word)} ${bare(right[index] ?? '')}`],
  )
  return new Set(changed).size === 1
}

function bare(word: string): string {
  return word.replace(/^CONFIG_/, '')
}
