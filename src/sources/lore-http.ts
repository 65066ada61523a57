import { Readable } from 'node:stream'
import { defaultMailLimits, refuse, type MailLimits } from '../mail/limits.ts'
import type { Message, ReadResult } from '../mail/message.ts'
import type { Arrival, Clock, MailSource, Window } from '../ports.ts'
import { parseFeed, type FeedEntry } from './atom.ts'
import { advanceHttpCursor, isSeen, parseHttpCursor, printHttpCursor, type HttpCursor } from './http-cursor.ts'
import { createFeedMemory, type FeedMemory } from './feed-memory.ts'
import { createTroubleFile, troubleAfter } from './mail-troubles.ts'
import { createMailList } from './mail-list.ts'
import { readMailStream, type StreamOptions } from './mail-stream.ts'
import { UnavailableError } from './unavailable.ts'
import { unzipWithin } from './unzip-within.ts'
import { byDate, mostThreadMails } from './walk-thread.ts'
import type { Answer, Web } from './web.ts'

/** How a list on a public-inbox server is read. */
export type HttpOptions = {
  /** Of the list, such as `https://lore.kernel.org/linux-kbuild/`. */
  readonly url: string
  readonly name: string
  readonly web: Web
  readonly clock: Clock
  /** The list is asked for news at most this often (milliseconds). */
  readonly everyMs: number
  readonly cacheDirectory: string
  readonly read?: StreamOptions['read']
  readonly limits?: MailLimits
}

/** A feed of 200 mails has some 10 MB; a thread of a patch bomb as much. */
const feedBytes = 64 * 1024 * 1024
const threadBytes = 64 * 1024 * 1024
/** Mails of a thread that are read; what is behind them is left out. */
const mostReadMails = 2000

/** RFC 9110 §15.5 and RFC 7725: the server does not let us read now, which says nothing of a mail. */
const lockedStatuses: readonly number[] = [401, 403, 407, 451]

/** Pages that are read at once; the next look goes on behind them. */
const mostPages = 40
/** A page of a search has 200 mails (PublicInbox::SearchQuery). */
const searchMails = 200

/**
 * The mails of a list on a public-inbox server. `since` gives them in the order in which the server got them, by `new.atom`, and where more came than
 * that lists, page by page; each comes from `/raw`. `thread` is one request. Throws `UnavailableError` where the server cannot be
 * asked now.
 */
export function openLoreHttp(options: HttpOptions): MailSource {
  const base = new URL(options.url.endsWith('/') ? options.url : `${options.url}/`)
  const memory = createFeedMemory(options.cacheDirectory, base.href)
  const asking = { ...options, base, memory }
  return {
    name: options.name,
    since: (window) => arrivals(window, asking),
    find: (id) => readRaw(id, asking),
    thread: (id) => readThread(id, asking),
    close: () => Promise.resolve(),
  }
}

type Asking = HttpOptions & { readonly base: URL; readonly memory: FeedMemory }

async function* arrivals(window: Window, asking: Asking): AsyncGenerator<Arrival> {
  const { clock, memory, everyMs } = asking
  const start = parseHttpCursor(window.cursor, window.since ?? 0)
  const remembered = await memory.read(window.cursor)
  const now = clock()
  if (remembered !== null && now >= remembered.askedAt && now - remembered.askedAt < everyMs) return
  const listed = await listNews(start, remembered?.tag ?? null, asking)
  const reader = await openReader(asking)
  let cursor = start
  let printed = window.cursor
  for (const entry of listed.entries) {
    if (isSeen(cursor, entry)) continue
    const result = await reader.read(entry.id)
    if (result === 'later') continue
    cursor = advanceHttpCursor(cursor, entry, clock())
    if (result === null || !isWithin(result, window)) continue
    printed = printHttpCursor(cursor)
    yield { result, id: entry.id, cursor: printed }
  }
  // Only now: who goes on behind the last mail has dealt with it. A list that has more is asked again at once.
  const tag = reader.hasMore() ? null : listed.tag
  if (listed.isWhole) await memory.write({ cursor: printed, tag, askedAt: now })
}

/** So many mails in a row that are not handed out are the server's fault, not theirs. */
const mostInRow = 3

type RawReader = {
  /** `later` for a mail that is left out for now; one that is given up is refused. Throws where the server is at fault. */
  readonly read: (id: string) => Promise<ReadResult | null | 'later'>
  /** Whether a mail was left out. */
  readonly hasMore: () => boolean
}

/** Reads mails by their ids. One that the server lists and fails to hand out holds up no other: it is tried again for hours, then refused. */
async function openReader(asking: Asking): Promise<RawReader> {
  const file = createTroubleFile(asking.cacheDirectory, asking.base.href)
  const troubles = new Map(await file.read())
  let inRow = 0
  let hasMore = false
  const failed = async (id: string, error: UnavailableError): Promise<ReadResult | 'later'> => {
    inRow += 1
    if (inRow >= mostInRow || error.retryAfterMs > 0) throw error
    const earlier = troubles.get(id)
    const trouble = troubleAfter(earlier, asking.clock())
    if (trouble === null) troubles.delete(id)
    else troubles.set(id, trouble)
    await file.write(troubles)
    if (trouble === null) return refuse('not-a-mail', `${error.message}, ${(earlier?.tries ?? 0) + 1} times in a row`)
    hasMore = true
    return 'later'
  }
  return {
    hasMore: () => hasMore,
    read: async (id) => {
      const notBefore = troubles.get(id)?.notBefore ?? 0
      if (notBefore > asking.clock()) {
        hasMore = true
        return 'later'
      }
      try {
        const result = await readRaw(id, asking)
        inRow = 0
        if (troubles.delete(id)) await file.write(troubles)
        return result
      } catch (error) {
        if (error instanceof UnavailableError) return failed(id, error)
        throw error
      }
    },
  }
}

type Listed = { readonly entries: readonly FeedEntry[]; readonly tag: string | null; readonly isWhole: boolean }

/** The mails behind a cursor, oldest first; of very many the first ones. */
async function listNews(start: HttpCursor, tag: string | null, asking: Asking): Promise<Listed> {
  const url = new URL('new.atom', asking.base)
  const headers: Record<string, string> = tag === null ? {} : { 'if-none-match': tag }
  const answer = await asking.web.get(url, { maxBytes: feedBytes, headers })
  if (answer.status === 304) return { entries: [], tag, isWhole: true }
  // public-inbox answers so for a list that has no mail yet.
  if (answer.status === 404 && answer.body.includes('No feed found')) return { entries: [], tag: null, isWhole: true }
  const entries = feedOf(url, answer, asking.base)
  const fresh = answer.headers.get('etag')
  if (entries.some(({ receivedAt }) => receivedAt < start.from)) {
    const behind = entries.filter(({ receivedAt }) => receivedAt >= start.from)
    return { entries: behind.sort(byArrival), tag: fresh, isWhole: true }
  }
  const { found, isWhole } = await readPages(start.from, entries.length, asking)
  return { entries: merge(isWhole ? [...found, ...entries] : found), tag: isWhole ? fresh : null, isWhole }
}

/**
 * What came from a time on, by pages of `new.atom?t=YYYYMMDDhhmmss-`. They list the oldest mails from that second on; where these fill no page,
 * the newest of all (PublicInbox::View paginate_recent). Not by the search: its index is read anew now and then alone, and lags
 * behind the feed.
 */
async function readPages(
  from: number,
  pageMails: number,
  asking: Asking,
): Promise<{ readonly found: readonly FeedEntry[]; readonly isWhole: boolean }> {
  const found: FeedEntry[] = []
  let second = Math.floor(from / 1000)
  for (let page = 0; page < mostPages; page++) {
    const url = new URL('new.atom', asking.base)
    url.search = `t=${new Date(second * 1000).toISOString().replaceAll(/[-:T]|\..*/g, '')}-`
    const entries = feedOf(url, await asking.web.get(url, { maxBytes: feedBytes }), asking.base)
    found.push(...entries.filter(({ receivedAt }) => receivedAt >= second * 1000))
    if (entries.length < pageMails || entries.some(({ receivedAt }) => receivedAt < second * 1000))
      return { found, isWhole: true }
    const last = Math.max(...entries.map(({ receivedAt }) => Math.floor(receivedAt / 1000)))
    if (last === second) found.push(...(await searchSecond(second, asking)))
    second = last === second ? second + 1 : last
  }
  // Those of the last second may be there in part.
  return { found: found.filter(({ receivedAt }) => receivedAt < second * 1000), isWhole: false }
}

/** The mails of one second, which fill more than a page of the feed. */
async function searchSecond(second: number, { web, base }: Asking): Promise<readonly FeedEntry[]> {
  const found: FeedEntry[] = []
  for (let page = 0; page < mostPages; page++) {
    const url = new URL(base)
    // numbers of five digits or more are seconds since 1970 (PublicInbox::Search date_parse_prepare); `o` below 0 is oldest first
    url.search = `q=rt:${second}..${second}&x=A&o=${-1 - page * searchMails}`
    const answer = await web.get(url, { maxBytes: feedBytes })
    // The page behind the last is 404, or empty.
    if (answer.status === 404 || answer.body.length === 0) break
    const entries = feedOf(url, answer, base)
    found.push(...entries)
    if (entries.length < searchMails) break
  }
  if (found.length === 0) throw new UnavailableError(`${base.href} has a full second, and its search does not list it`)
  return found
}

function feedOf(url: URL, answer: Answer, base: URL): FeedEntry[] {
  if (answer.status !== 200) throw new UnavailableError(`${url.href}: status ${answer.status}`)
  const feed = parseFeed(answer.body.toString('utf8'), base)
  if (feed.kind === 'bad') throw new UnavailableError(`${url.href}: ${feed.reason}`)
  return [...feed.entries]
}

/** Each mail once, oldest first. */
function merge(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()].sort(byArrival)
}

function byArrival(a: FeedEntry, b: FeedEntry): number {
  return a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : Number(a.id > b.id))
}

function isWithin(result: ReadResult, window: Window): boolean {
  if (result.kind === 'refused') return true
  const { date } = result.message
  return date >= (window.since ?? -Infinity) && date < (window.until ?? Infinity)
}

/** A mail by its id; null where the server has none. What is no mail, or another one, is refused. Throws where the server lets nobody read. */
async function readRaw(id: string, asking: Asking): Promise<ReadResult | null> {
  const limits = asking.limits ?? defaultMailLimits
  const url = new URL(`${encodeURIComponent(id)}/raw`, asking.base)
  // Twice: lines are quoted in it, and one that is a little too large is refused by who reads it.
  const answer = await asking.web.get(url, { maxBytes: 2 * limits.mailBytes })
  if (answer.status === 404 || answer.status === 410) return null
  if (lockedStatuses.includes(answer.status)) throw new UnavailableError(`${url.href}: status ${answer.status}`)
  if (answer.status !== 200) return refuse('not-a-mail', `${url.href}: status ${answer.status}`)
  for await (const result of readMailStream(Readable.from([answer.body]), url.href, streamOptions(asking))) {
    if (result.kind === 'message' && result.message.id !== id)
      return refuse('not-a-mail', `${url.href} holds another mail, ${result.message.id}`)
    return result
  }
  return null
}

async function readThread(id: string, asking: Asking): Promise<readonly Message[]> {
  const url = new URL(`${encodeURIComponent(id)}/t.mbox.gz`, asking.base)
  const answer = await asking.web.get(url, { maxBytes: threadBytes })
  if (answer.status === 404 || answer.status === 410) return []
  if (answer.status !== 200) throw new UnavailableError(`${url.href}: status ${answer.status}`)
  const mails: Message[] = []
  try {
    const text = Readable.from(unzipWithin(answer.body, threadBytes))
    for await (const result of readMailStream(text, url.href, streamOptions(asking))) {
      if (result.kind === 'message') mails.push(result.message)
      if (mails.length >= mostReadMails) break
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UnavailableError(`${url.href}: ${why}`, { cause: error })
  }
  return mails.length <= mostThreadMails ? mails.sort(byDate) : nearest(id, mails, asking)
}

/** Of a thread that is very long the mails next to one, which itself is among them. */
async function nearest(id: string, mails: readonly Message[], asking: Asking): Promise<readonly Message[]> {
  const own = mails.some((mail) => mail.id === id) ? null : await readRaw(id, asking)
  const results = mails.map((message) => ({ kind: 'message', message }) as const)
  return createMailList('', own === null ? results : [...results, own]).thread(id)
}

function streamOptions({ clock, read, limits }: Asking): StreamOptions {
  return { now: clock(), ...(read && { read }), ...(limits && { limits }) }
}
