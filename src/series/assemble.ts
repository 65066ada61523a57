import type { Message } from '../mail/message.ts'
import { buildSeries, changeIdOf } from './build-series.ts'
import { collectTrailers } from './collect-trailers.ts'
import { completeRerolls, type Rerolled } from './complete-rerolls.ts'
import { compareIds } from './entry.ts'
import { foldDuplicates } from './fold-duplicates.ts'
import { groupNumbered } from './group-numbered.ts'
import { groupUnnumbered } from './group-unnumbered.ts'
import { findSuccessors } from './lineage.ts'
import { mergeClusters } from './merge-clusters.ts'
import { toPosting, type Posting } from './posting.ts'
import type { Series } from './series.ts'
import { buildThreads } from './threads.ts'
import { sortMails, withoutCopies } from './sort-mails.ts'

/** How much is looked at; each has a default. */
export type AssembleOptions = {
  /** Mails; of more the newest are taken, and every series says so. */
  readonly maxMessages?: number
  /** Patches of one series; the ones past it are left out, and the series says so. */
  readonly maxPatches?: number
}

/** A year of linux-kbuild has 5,800 mails, and the largest thread of lore some thousands. */
export const defaultMaxMessages = 10_000

/** The largest postings are those of stable releases, with up to a thousand patches. */
export const defaultMaxPatches = 1_000

/**
 * The series that mails hold, in the order of sending: each version of each series one, with what is missing named and each guess
 * recorded in `inferred`. The same mails in any order give the same result. Never throws. Subjects, threads, authors and times are
 * put together in steps: mails of equal subjects, then those that the thread ties to them, then versions and partial rerolls.
 */
export function assembleSeries(messages: readonly Message[], options: AssembleOptions = {}): readonly Series[] {
  const { maxMessages = defaultMaxMessages, maxPatches = defaultMaxPatches } = options
  const mails = withoutCopies(messages)
  const { threads, numbered, unnumbered, replies } = sortMails(mails.slice(-maxMessages))
  const clusters = mergeClusters(
    [...groupNumbered(numbered, threads), ...groupUnnumbered(unnumbered, threads)],
    threads,
  )
  const postings = foldDuplicates(clusters.map(toPosting).filter((posting) => posting !== null))
  const rerolled = completeRerolls(postings, threads)
  const kin = rerolled.map(({ posting, base }) => ({
    posting,
    rerollOf: base?.posting.id ?? null,
    changeId: changeIdOf(posting),
  }))
  const successors = findSuccessors(kin, threads)
  const targets = new Set([...numbered, ...unnumbered].map(({ id }) => id))
  const given = collectTrailers(replies, threads, (id) => targets.has(id))
  const dropped = mails.length - maxMessages
  return rerolled
    .map(({ posting, base }) => {
      const successor = successors.get(posting.id) ?? null
      const series = buildSeries(posting, { bases: basesOf(base), successor, given, maxPatches })
      return { series, date: posting.head.date }
    })
    .sort((a, b) => a.date - b.date || compareIds(a.series.id, b.series.id))
    .map(({ series }) =>
      dropped > 0 ? { ...series, inferred: [...series.inferred, cutNotice(dropped, maxMessages)] } : series,
    )
}

/** Rerolls of rerolls further back than this say nothing of the base any more; a hostile thread has thousands. */
const maxBases = 20

/** The postings that a partial reroll was completed from, one after the other: each is older than the one before. */
function basesOf(base: Rerolled | null): readonly Posting[] {
  const bases: Posting[] = []
  for (let at = base; at !== null && bases.length < maxBases; at = at.base) bases.push(at.posting)
  return bases
}

const cutNotice = (dropped: number, kept: number): string =>
  `${dropped} mails older than the newest ${kept} were not looked at`

/**
 * The series that a mail stands in, out of the mails of its threads: where it is a patch or cover letter its own posting, not one
 * that took it over; where it answers one, that one's. Null where there is no such mail, or it belongs to no series.
 */
export function seriesOf(id: string, messages: readonly Message[], options: AssembleOptions = {}): Series | null {
  const all = assembleSeries(messages, options)
  const threads = buildThreads(withoutCopies(messages))
  for (const wanted of [id, ...threads.ancestors(id)]) {
    const holding = all.filter(
      (series) => series.cover?.envelope.id === wanted || series.patches.some(({ envelope }) => envelope.id === wanted),
    )
    const found = holding.find(({ rerollOf }) => rerollOf === null) ?? holding[0]
    if (found !== undefined) return found
  }
  return null
}
