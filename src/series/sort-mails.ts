import type { Message } from '../mail/message.ts'
import type { Reply } from './collect-trailers.ts'
import { hourMs } from './cluster.ts'
import { compareIds, toEntry, type Entry, type Letter } from './entry.ts'
import { readPosted, type Posted } from './posted.ts'
import { buildThreads, type Threads } from './threads.ts'
import { normalizeTitle } from './title.ts'

/** Mails by what they are to series. */
export type SortedMails = {
  readonly threads: Threads
  readonly numbered: readonly Entry[]
  readonly unnumbered: readonly Entry[]
  readonly replies: readonly Reply[]
}

/**
 * Sorts mails into patches and cover letters, counted or not, and replies; the rest is dropped. What a letter without a diff is shows
 * in its thread: a comment without Re: has the subject of a mail above it, and a cover letter may lack its `0/n`.
 */
export function sortMails(messages: readonly Message[]): SortedMails {
  const posted = messages.map(readPosted)
  const byId = new Map(posted.map((mail) => [mail.envelope.id, mail]))
  const threads = buildThreads(messages)
  const world = { byId, threads, covered: coveredLetters(posted, byId, threads) }
  const entries: Entry[] = []
  const replies: Reply[] = []
  for (const mail of posted) {
    if (mail.kind === 'patches') entries.push(toEntry(mail))
    else if (mail.kind === 'reply') replies.push(mail)
    else if (mail.kind === 'letter') {
      const entry = letterEntry(mail, world)
      if (entry !== null) entries.push(entry)
      else if (threads.answered(mail.envelope.id) !== null) replies.push({ ...mail, kind: 'reply', diff: false })
    }
  }
  const unnumbered = entries.filter(({ index }) => index === null)
  return { threads, numbered: entries.filter(({ index }) => index !== null), unnumbered, replies }
}

type World = {
  readonly byId: ReadonlyMap<string, Posted>
  readonly threads: Threads
  /** Letters that patches of their sender answer within the hour. */
  readonly covered: ReadonlySet<string>
}

function coveredLetters(
  posted: readonly Posted[],
  byId: ReadonlyMap<string, Posted>,
  threads: Threads,
): ReadonlySet<string> {
  const covered = new Set<string>()
  for (const { kind, envelope } of posted) {
    const above = kind === 'patches' ? byId.get(threads.parent(envelope.id) ?? '') : undefined
    if (above?.kind !== 'letter' || above.envelope.from.address !== envelope.from.address) continue
    if (Math.abs(above.envelope.date - envelope.date) <= hourMs) covered.add(above.envelope.id)
  }
  return covered
}

/** The entry of a letter that stands in a posting; null for one that is a comment or a question. */
function letterEntry(letter: Letter, world: World): Entry | null {
  const { id } = letter.envelope
  const entry = toEntry(letter)
  if (entry.index === null) {
    if (!world.covered.has(id)) return null
    return {
      ...entry,
      index: 0,
      inferred: [`the cover letter <${id}> has no number: the patches of its sender answer it`],
    }
  }
  if (repeatsSubject(letter, world)) return null
  if (letter.comment && !(entry.index === 0 && world.covered.has(id))) return null
  return entry
}

/** Whether a mail above has the same count, version and title: then this one answers it, although its subject lacks the Re:. */
function repeatsSubject(letter: Letter, { byId, threads }: World): boolean {
  const key = subjectKey(letter)
  return threads.ancestors(letter.envelope.id).some((id) => {
    const above = byId.get(id)
    return above !== undefined && above.kind !== 'other' && subjectKey(above) === key
  })
}

const subjectKey = ({ subject }: Exclude<Posted, { kind: 'other' }>): string =>
  JSON.stringify([subject.index, subject.total, subject.version, normalizeTitle(subject.title)])

/**
 * One copy of each mail, by Message-ID: archives of two lists hold the same mail twice, and lists change headers and footers.
 * The copy of the archive that comes first by name is taken, so that the order of `messages` does not matter.
 */
export function withoutCopies(messages: readonly Message[]): readonly Message[] {
  const first = new Map<string, Message>()
  for (const message of messages) {
    const other = first.get(message.id)
    if (other === undefined || compareCopies(message, other) < 0) first.set(message.id, message)
  }
  return [...first.values()].sort((a, b) => a.date - b.date || compareIds(a.id, b.id))
}

function compareCopies(a: Message, b: Message): number {
  return compareIds(JSON.stringify(a.origin), JSON.stringify(b.origin)) || Buffer.compare(a.raw, b.raw)
}
