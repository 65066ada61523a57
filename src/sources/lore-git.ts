import { identify } from '../mail/identify.ts'
import { readMessage } from '../mail/read.ts'
import type { ReadOptions } from '../mail/read.ts'
import type { ReadResult } from '../mail/message.ts'
import type { Arrival, Clock, CommitFiles, HistoryReader, MailSource, Window } from '../ports.ts'
import { findEpochs } from './lore-epochs.ts'
import type { Epoch } from './lore-epochs.ts'
import { mailOf, postedAt } from './lore-index.ts'
import type { IndexOptions } from './lore-index.ts'
import { createLookup } from './lore-lookup.ts'
import type { ParseAt } from './lore-lookup.ts'
import { advanceCursor, commitsBehind, parseCursor, printCursor } from './lore-cursor.ts'

/** What a public-inbox mirror is read with. */
export type LoreOptions = IndexOptions & {
  /** The mirror: see `findEpochs`. */
  readonly directory: string
  /** What origins call the archive. */
  readonly name: string
  readonly clock: Clock
  /** Reads a mail; `readMessage` where it is not given, a `MailParser` for mails that nobody has looked at. */
  readonly read?: (raw: Uint8Array, options: ReadOptions) => Promise<ReadResult>
}

/**
 * The mails of a public-inbox v2 mirror on this disk. `since` gives them in the order of the archive, epoch by epoch, without
 * those that were deleted from it; `find` and `thread` use an index that is brought up to date when they are called.
 * Throws `ArchiveError` where the directory is no mirror, and the source does where it no longer is one.
 */
export async function openLoreArchive(options: LoreOptions): Promise<MailSource> {
  // Asked each time: a list begins a new epoch now and then, and a mirror that is no longer there is no mirror without news.
  const epochs = (): Promise<readonly Epoch[]> => findEpochs(options.directory)
  await epochs()
  const read = options.read ?? readMessage
  const parse: ParseAt = (raw, at) =>
    read(raw, { now: options.clock(), origin: { kind: 'archive', archive: options.name, ...at } })
  const lookup = createLookup(epochs, { ...options, parse })
  return {
    name: options.name,
    since: (window) => arrivals(epochs, window, { ...options, parse }),
    find: lookup.find,
    knownUntil: () => lastArrival(epochs, options.reader),
    thread: lookup.thread,
    close: () => Promise.resolve(),
  }
}

/** When the newest mail of the mirror came: of what came later nobody here knows. */
async function lastArrival(epochs: () => Promise<readonly Epoch[]>, reader: HistoryReader): Promise<number> {
  let last = 0
  for (const { repository } of await epochs()) {
    const head = await reader.head(repository)
    if (head !== null) last = Math.max(last, await reader.committedAt(repository, head))
  }
  return last
}

type Reading = { readonly reader: HistoryReader; readonly parse: ParseAt }

async function* arrivals(
  epochs: () => Promise<readonly Epoch[]>,
  window: Window,
  reading: Reading,
): AsyncGenerator<Arrival> {
  let cursor = parseCursor(window.cursor)
  const histories: { epoch: Epoch; commits: readonly CommitFiles[] }[] = []
  for (const epoch of await epochs()) {
    histories.push({ epoch, commits: await commitsBehind(epoch, cursor, reading.reader) })
  }
  const deleted = deletedBlobs(histories.flatMap(({ commits }) => commits))
  for (const { epoch, commits } of histories) {
    const wanted = commits.flatMap((commit) => {
      const mail = mailOf(commit)
      const taken = mail?.kind === 'added' && isWithin(postedAt(commit), window) && !deleted.has(mail.blob)
      return taken ? [{ commit, blob: mail.blob }] : []
    })
    let at = 0
    for await (const raw of reading.reader.blobs(
      epoch.repository,
      wanted.map(({ blob }) => blob),
    )) {
      const mail = wanted[at++]
      if (raw === null || mail === undefined) continue
      cursor = advanceCursor(cursor, epoch, mail.commit)
      const result = await reading.parse(raw, { epoch: epoch.epoch, commit: mail.commit.commit })
      const id = result.kind === 'message' ? result.message.id : identify(raw).id
      yield { result, id, cursor: printCursor(cursor) }
    }
    // What the window left out of this epoch must not come back by way of a cursor that only knows the next one.
    const last = commits.at(-1)
    if (last !== undefined) cursor = advanceCursor(cursor, epoch, last)
  }
}

function isWithin(time: number, window: Window): boolean {
  return time >= (window.since ?? -Infinity) && time < (window.until ?? Infinity)
}

/** The mails that the archive no longer shows: deleted, and not added again later. */
function deletedBlobs(commits: readonly CommitFiles[]): ReadonlySet<string> {
  const deleted = new Set<string>()
  for (const commit of commits) {
    const mail = mailOf(commit)
    if (mail?.kind === 'deleted') deleted.add(mail.blob)
    else if (mail) deleted.delete(mail.blob)
  }
  return deleted
}
