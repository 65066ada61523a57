import type { ChangedLines } from './changed-lines.ts'
import type { Finding } from './finding.ts'
import type { Difference, Introduced } from './introduced.ts'
import { fingerprintOf, keyOf, type Fingerprint } from './key.ts'

/** A finding that a patch of the series brought and that its end does not have; `goneIn` is the patch that took it away, where it was seen to. */
export type Transient = { readonly finding: Finding; readonly goneIn: number | null }

/** Follows findings through a series, patch after patch. */
export type Ledger = {
  /** Books what a patch did. */
  book(patch: number, difference: Difference, changes: ChangedLines): void
  /** Books the findings of the last tree: what it does not have, nobody needs to be told. */
  settle(last: readonly Fingerprint[]): void
  /** What the series brought and its end still has. */
  standing(): readonly Finding[]
  transient(): readonly Transient[]
}

type Entry = { readonly finding: Finding; readonly now: Fingerprint }

/**
 * A ledger for one series; `keys` are those given so far, of which it makes more. What a patch takes away and a later one puts back was there before the series, and is not
 * its doing: it is booked as neither.
 */
export function createLedger(keys: Set<string>): Ledger {
  let standing: Entry[] = []
  let taken: Fingerprint[] = []
  const transient: Transient[] = []

  const remove = (gone: Fingerprint, patch: number): void => {
    const entry = standing.findLast(({ now }) => fingerprintOf(now) === fingerprintOf(gone))
    if (!entry) return void taken.push(gone)
    standing = standing.filter((each) => each !== entry)
    transient.push({ finding: entry.finding, goneIn: patch })
  }
  const add = (introduced: Introduced, patch: number): void => {
    const fingerprint = fingerprintOf(introduced.finding)
    const back = taken.find((each) => fingerprintOf(each) === fingerprint)
    if (back) taken = taken.filter((each) => each !== back)
    else standing.push({ finding: toFinding(introduced, patch, keys), now: introduced.finding })
  }
  return {
    book(patch, difference, changes) {
      const follow = (at: Fingerprint): Fingerprint => ({ ...at, path: changes.renamed(at.path) })
      standing = standing.map(({ finding, now }) => ({ finding, now: follow(now) }))
      taken = taken.map(follow)
      for (const gone of difference.removed) remove(gone, patch)
      for (const introduced of difference.introduced) add(introduced, patch)
    },
    settle(last) {
      const left = Map.groupBy(last, fingerprintOf)
      const isThere = ({ now }: Entry): boolean => left.get(fingerprintOf(now))?.pop() !== undefined
      const [there, gone] = [standing.filter(isThere), new Set(standing)]
      for (const entry of there) gone.delete(entry)
      standing = there
      transient.push(...[...gone].map(({ finding }) => ({ finding, goneIn: null })))
    },
    standing: () => standing.map(({ finding }) => finding),
    transient: () => transient,
  }
}

/** The finding with the first free key from its ordinal on: an equal one of an earlier patch may have moved down. */
export function toFinding(introduced: Introduced, patch: number | null, keys: Set<string>): Finding {
  const { identity, ...located } = introduced.finding
  const fingerprint = { rule: located.rule, path: located.path, identity }
  let ordinal = introduced.ordinal
  while (keys.has(keyOf(fingerprint, ordinal))) ordinal++
  const key = keyOf(fingerprint, ordinal)
  keys.add(key)
  return { ...located, patch, key }
}
