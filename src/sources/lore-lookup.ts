import type { ReadResult } from '../mail/message.ts'
import type { Clock, MailSource } from '../ports.ts'
import type { Epoch } from './lore-epochs.ts'
import { indexEpoch } from './lore-index.ts'
import type { EpochIndex, IndexEntry, IndexOptions } from './lore-index.ts'
import { answersById, byDate, walkThread } from './walk-thread.ts'

/** Reads a mail that stands in an epoch at a commit. */
export type ParseAt = (raw: Uint8Array, at: { readonly epoch: number; readonly commit: string }) => Promise<ReadResult>

/** How mails are looked up: what the index needs, and how one is read where it stands. */
export type LookupOptions = IndexOptions & {
  readonly clock: Clock
  readonly parse: ParseAt
}

type Place = { readonly entry: IndexEntry; readonly epoch: Epoch }

/** All epochs in one: `places` by Message-ID in the order of arrival, `answers` the ids that follow an id. */
type Directory = {
  readonly heads: string
  readonly places: ReadonlyMap<string, Place>
  readonly answers: ReadonlyMap<string, readonly string[]>
}

/** For how long a thread is believed to be whole: asking git costs some milliseconds an epoch, and a backtest asks thousands of times. */
const freshMs = 1000

/** Finds mails and threads by Message-ID; the index is made at the first call and brought up to date by later ones. */
export function createLookup(
  epochs: () => Promise<readonly Epoch[]>,
  options: LookupOptions,
): Pick<MailSource, 'find' | 'thread'> {
  let known: { directory: Promise<Directory>; at: number } | null = null
  const update = (): Promise<Directory> => {
    const fresh = refresh(epochs, known?.directory ?? null, options)
    known = { directory: fresh, at: options.clock() }
    fresh.catch(() => (known = null))
    return fresh
  }
  // A mail that has just come is there even if the archive was looked at a moment before.
  const directoryWith = async (id: string): Promise<Directory> => {
    if (known === null || Math.abs(options.clock() - known.at) >= freshMs) return update()
    const directory = await known.directory
    return directory.places.has(id) ? directory : update()
  }
  return {
    find: async (id) => {
      const place = (await directoryWith(id)).places.get(id)
      if (place === undefined) return null
      const [found] = await readPlaces([place], options)
      return found ?? null
    },
    thread: async (id) => {
      const read = await readPlaces(threadPlaces(id, await directoryWith(id)), options)
      return read.flatMap((result) => (result.kind === 'message' ? [result.message] : [])).sort(byDate)
    },
  }
}

function threadPlaces(id: string, { places, answers }: Directory): readonly Place[] {
  if (!places.has(id)) return []
  const ids = walkThread(id, {
    follows: (member) => places.get(member)?.entry.follows ?? [],
    answers: (member) => answers.get(member) ?? [],
  })
  return ids.flatMap((member) => places.get(member) ?? [])
}

async function refresh(
  epochs: () => Promise<readonly Epoch[]>,
  before: Promise<Directory> | null,
  options: LookupOptions,
): Promise<Directory> {
  const found = await epochs()
  const heads = (await Promise.all(found.map((epoch) => options.reader.head(epoch.repository)))).join(' ')
  const kept = await before?.catch(() => null)
  if (kept?.heads === heads) return kept
  const indexes: { epoch: Epoch; index: EpochIndex }[] = []
  for (const epoch of found) {
    const index = await indexEpoch(epoch, options)
    if (index !== null) indexes.push({ epoch, index })
  }
  return toDirectory(heads, indexes)
}

function toDirectory(heads: string, indexes: readonly { epoch: Epoch; index: EpochIndex }[]): Directory {
  const deleted = new Set(indexes.flatMap(({ index }) => index.deleted))
  const places = new Map<string, Place>()
  for (const { epoch, index } of indexes) {
    for (const entry of index.entries) {
      if (!deleted.has(entry.blob) && !places.has(entry.id)) places.set(entry.id, { entry, epoch })
    }
  }
  return { heads, places, answers: answersById([...places.values()].map(({ entry }) => entry)) }
}

async function readPlaces(places: readonly Place[], options: LookupOptions): Promise<readonly ReadResult[]> {
  const results: ReadResult[] = []
  for (const [epoch, members] of Map.groupBy(places, (place) => place.epoch)) {
    let at = 0
    for await (const raw of options.reader.blobs(
      epoch.repository,
      members.map(({ entry }) => entry.blob),
    )) {
      const member = members[at++]
      if (raw === null || member === undefined) continue
      results.push(await options.parse(raw, { epoch: epoch.epoch, commit: member.entry.commit }))
    }
  }
  return results
}
