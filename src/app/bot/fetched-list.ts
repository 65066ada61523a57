import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { MirrorFetcher } from '../../git/mirror.ts'
import type { Arrival, Clock, MailSource, Window } from '../../ports.ts'
import { findEpochs } from '../../sources/lore-epochs.ts'
import type { ServedEpoch } from '../../sources/manifest.ts'
import { UnavailableError } from '../../sources/unavailable.ts'

/** A mirror that is kept up to date by us. */
export type FetchedListOptions = {
  /** The mirror, opened when it is first asked for something. */
  readonly mirror: MailSource
  readonly directory: string
  /** What the server has now. Throws `UnavailableError`. */
  readonly served: () => Promise<readonly ServedEpoch[]>
  readonly fetcher: MirrorFetcher
  readonly clock: Clock
  readonly signal: AbortSignal
  /** The server is asked at most this often (milliseconds). */
  readonly everyMs: number
  /** How many of the newest epochs are cloned at first; what is here is kept up to date. */
  readonly epochs: number
}

/**
 * A list whose mirror is fetched before it is read. Where that fails, what is here is read all the same, and then it throws: the place in
 * the archive has moved, and the list is asked again later. A mail that is not here is only said to be in no archive when the server was asked.
 */
export function createFetchedList(options: FetchedListOptions): MailSource {
  const { mirror } = options
  return {
    name: mirror.name,
    since: (window) => arrivals(window, options),
    find: async (id) => {
      const here = await findHere(id, options)
      if (here !== null) return here
      await refresh(options)
      return mirror.find(id)
    },
    knownUntil: async () => {
      const now = options.clock()
      await refresh({ ...options, everyMs: 0 })
      return now
    },
    thread: async (id) => {
      if (!(await hasEpochs(options.directory))) await refresh(options)
      return mirror.thread(id)
    },
    close: () => mirror.close(),
  }
}

async function findHere(id: string, { mirror, directory }: FetchedListOptions): ReturnType<MailSource['find']> {
  return (await hasEpochs(directory)) ? mirror.find(id) : null
}

async function* arrivals(window: Window, options: FetchedListOptions): AsyncGenerator<Arrival> {
  let failure: Error | null = null
  try {
    await refresh(options)
  } catch (error) {
    options.signal.throwIfAborted()
    if (!(await hasEpochs(options.directory))) throw error
    failure = error instanceof Error ? error : new Error('the mirror cannot be fetched', { cause: error })
  }
  yield* options.mirror.since(window)
  if (failure !== null) throw failure
}

async function hasEpochs(directory: string): Promise<boolean> {
  return findEpochs(directory).then(
    () => true,
    () => false,
  )
}

/** What was fetched: when the server was last asked, and the fingerprints of the epochs that are here. */
type Fetched = { readonly askedAt: number; readonly fingerprints: Readonly<Record<string, string>> }

const shape = z.strictObject({ askedAt: z.number(), fingerprints: z.record(z.string(), z.string()) })

/** Brings the mirror up to date, unless that was done just now. */
async function refresh(options: FetchedListOptions): Promise<void> {
  const { directory, clock, everyMs, epochs } = options
  const before = readFetched(directory)
  const now = clock()
  if (now >= before.askedAt && now - before.askedAt < everyMs) return
  const served = await options.served()
  const here = await epochsHere(directory)
  const oldest = here[0] ?? served.at(-epochs)?.epoch ?? 0
  const fingerprints: Record<string, string> = { ...before.fingerprints }
  for (const epoch of served) {
    if (epoch.epoch < oldest) continue
    const isHere = here.includes(epoch.epoch)
    if (isHere && epoch.fingerprint !== null && fingerprints[epoch.epoch] === epoch.fingerprint) continue
    await fetchEpoch(epoch, options)
    if (epoch.fingerprint !== null) fingerprints[epoch.epoch] = epoch.fingerprint
  }
  await writeFetched(directory, { askedAt: now, fingerprints })
}

async function fetchEpoch(
  { epoch, url }: ServedEpoch,
  { directory, fetcher, signal }: FetchedListOptions,
): Promise<void> {
  try {
    await fetcher.fetch({ url, repository: join(directory, 'git', `${epoch}.git`), signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new UnavailableError(`cannot fetch ${url}`, { cause: error })
  }
}

async function epochsHere(directory: string): Promise<readonly number[]> {
  return findEpochs(join(directory, 'git')).then(
    (epochs) => epochs.map(({ epoch }) => epoch),
    () => [],
  )
}

const stateName = 'kbuild-review-fetched.json'

/** Our own file; without it everything is fetched again, which costs little. */
function readFetched(directory: string): Fetched {
  try {
    return shape.parse(JSON.parse(readFileSync(join(directory, stateName), 'utf8')))
  } catch {
    return { askedAt: -Infinity, fingerprints: {} }
  }
}

async function writeFetched(directory: string, fetched: Fetched): Promise<void> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, stateName)
  const temporary = `${path}.${randomUUID()}`
  await writeFile(temporary, JSON.stringify(fetched))
  await rename(temporary, path)
}
