import { readFile } from 'node:fs/promises'
import { ImapFlow, type SearchObject } from 'imapflow'
import { z } from 'zod'
import { defaultMailLimits, refuse, type MailLimits } from '../mail/limits.ts'
import type { Message, ReadResult } from '../mail/message.ts'
import { readMessage, type ReadOptions } from '../mail/read.ts'
import type { Arrival, Clock, MailSource, Window } from '../ports.ts'
import { CursorError } from './lore-cursor.ts'
import { UnavailableError } from './unavailable.ts'
import { byDate } from './walk-thread.ts'

/** A folder of a mailbox that gets the mails of a list. */
export type ImapOptions = {
  readonly name: string
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte; `starttls`: a server without it is refused; `none`: in the clear. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  /** A file of PEM certificates to trust instead of the well-known ones; null for those. */
  readonly caFile: string | null
  readonly user: string
  /** The password is read from its file for each connection. */
  readonly passwordFile: string
  readonly folder: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly read?: (raw: Uint8Array, options: ReadOptions) => Promise<ReadResult>
  readonly limits?: MailLimits
  /** How long to wait for mails before it is asked anew; where it is left out, nobody waits. */
  readonly idleMs?: number
}

const connectMs = 30_000
const silenceMs = 60_000

/** What a server may send besides a mail's own bytes, and lines of numbers of a search (bytes): the library's own limits are 1 GiB. */
const literalMargin = 64 * 1024
const mostLineBytes = 32 * 1024 * 1024

/** Mails in one question whose size the server tells wrong; each ends a connection. */
const mostSwollen = 5

/** Mails of a thread that are read, and Message-IDs that are asked for to find them. */
const mostThreadMails = 1000
const mostAsked = 200

/**
 * The mails of a folder, in the order in which they came to it (RFC 3501 §2.3.1.1: unique identifiers ascend). The folder is opened to be read
 * alone: nothing in it changes. Throws `UnavailableError` where the server cannot be asked now.
 */
export function openImapFolder(options: ImapOptions): MailSource {
  const connection = new ImapConnection(options)
  return {
    name: options.name,
    since: (window) => arrivals(window, { options, connection }),
    find: (id) => connection.use((client) => findMail(client, id, { options, connection })),
    thread: (id) => connection.use((client) => readThread(client, id, { options, connection })),
    close: () => connection.close(),
  }
}

/**
 * One connection, made when it is first needed, and again after it broke. A mail that is larger than the server said ends it
 * before it is taken: it is noted then, and the work is begun anew.
 */
class ImapConnection {
  readonly #options: ImapOptions
  readonly #swollen = new Set<number>()
  #client: ImapFlow | null = null
  #trouble: unknown = null

  constructor(options: ImapOptions) {
    this.#options = options
  }

  async use<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const { host, signal } = this.#options
    signal.throwIfAborted()
    const stop = (): void => this.#drop()
    signal.addEventListener('abort', stop)
    try {
      for (const most = this.#swollen.size + mostSwollen; ;) {
        const known = this.#swollen.size
        try {
          return await this.#once(work)
        } catch (error) {
          this.#drop()
          signal.throwIfAborted()
          if (this.#swollen.size > known && known < most) continue
          if (error instanceof CursorError) throw error
          throw new UnavailableError(`imap://${host}: ${reasonOf(error)}`, { cause: error })
        }
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** The bytes of a mail; `too-large` where they were more than the server said, null where it was taken away meanwhile. */
  async fetch(client: ImapFlow, uid: number): Promise<Buffer | 'too-large' | null> {
    if (this.#swollen.has(uid)) return 'too-large'
    try {
      const found = await client.fetchOne(String(uid), { source: true }, { uid: true })
      return found ? (found.source ?? null) : null
    } finally {
      if (isTooLarge(this.#trouble)) this.#swollen.add(uid)
    }
  }

  async #once<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    if (this.#client?.usable === false) this.#drop()
    const client = (this.#client ??= await this.#connect())
    const result = await work(client)
    // commands on a connection that is gone find nothing, and do not fail
    if (!client.usable) throw new Error('the connection was lost')
    return result
  }

  async #connect(): Promise<ImapFlow> {
    this.#trouble = null
    const client = await connectImap(this.#options)
    client.on('error', (error: unknown) => (this.#trouble = error))
    return client
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.logout().catch(() => client.close())
  }

  #drop(): void {
    this.#client?.close()
    this.#client = null
  }
}

/** Connects, logs in and opens the folder to be read alone. Throws what the library throws. */
export async function connectImap(options: ImapOptions): Promise<ImapFlow> {
  const { host, port, tls, caFile, user, passwordFile, folder, idleMs, limits = defaultMailLimits } = options
  const maxLiteralSize = limits.mailBytes + literalMargin
  const pass = (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '')
  const ca = caFile === null ? null : await readFile(caFile, 'utf8')
  const client = new ImapFlow({
    host,
    port,
    secure: tls === 'implicit',
    ...(tls !== 'implicit' && { doSTARTTLS: tls === 'starttls' }),
    auth: { user, pass },
    ...(ca !== null && { tls: { ca } }),
    logger: false,
    disableAutoIdle: true,
    maxLiteralSize,
    maxLineLength: mostLineBytes,
    maxResponseSize: mostLineBytes + maxLiteralSize,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: idleMs === undefined ? silenceMs : 2 * idleMs,
    ...(idleMs !== undefined && { maxIdleTime: idleMs }),
  })
  // What breaks shows in the command that waits for an answer.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.mailboxOpen(folder, { readOnly: true })
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

type Listed = { readonly uid: number; readonly size: number; readonly at: number; readonly id: string | null }
type Place = { readonly validity: string; readonly uid: number; readonly at: number }
type Reading = { readonly options: ImapOptions; readonly connection: ImapConnection }

const shape = z.strictObject({ validity: z.string(), uid: z.int().min(0), at: z.number() })

async function* arrivals(window: Window, reading: Reading): AsyncGenerator<Arrival> {
  const { connection } = reading
  const place = parsePlace(window.cursor)
  const { validity, listed } = await connection.use((client) => listNews(client, place, window))
  for (const mail of listed) {
    const result = await connection.use((client) => readListed(client, mail, reading))
    if (result === null || !isWithin(result, window)) continue
    const cursor = JSON.stringify({ validity, uid: mail.uid, at: mail.at } satisfies Place)
    yield { result, id: result.kind === 'message' ? result.message.id : mail.id, cursor }
  }
}

function parsePlace(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null
  try {
    return shape.parse(JSON.parse(cursor))
  } catch (error) {
    throw new CursorError('the cursor is not one of a mailbox', { cause: error })
  }
}

const dayMs = 24 * 3_600_000

/**
 * The mails behind a place. Where the folder was made anew (RFC 3501 §2.3.1.1: another UIDVALIDITY), those that came a day before the place or
 * later: some may come twice then, but none is lost.
 */
async function listNews(
  client: ImapFlow,
  place: Place | null,
  window: Window,
): Promise<{ readonly validity: string; readonly listed: readonly Listed[] }> {
  const { mailbox } = client
  const validity = mailbox === false ? '' : String(mailbox.uidValidity)
  if (place?.validity === validity) {
    const listed = await list(client, `${place.uid + 1}:*`)
    // a range that begins behind the last mail names the last mail
    return { validity, listed: listed.filter(({ uid }) => uid > place.uid) }
  }
  const from = place === null ? (window.since ?? 0) : place.at
  // SINCE knows days alone, and not of which zone (RFC 3501 §6.4.4)
  const query = from < 2 * dayMs ? { all: true } : { since: new Date(from - 2 * dayMs) }
  const listed = await listAll(client, await search(client, query))
  return { validity, listed: place === null ? listed : listed.filter(({ at }) => at >= place.at - dayMs) }
}

/** A command has room for so many numbers. */
const uidsAtOnce = 500

async function listAll(client: ImapFlow, uids: readonly number[]): Promise<readonly Listed[]> {
  const listed: Listed[] = []
  for (let at = 0; at < uids.length; at += uidsAtOnce)
    listed.push(...(await list(client, uids.slice(at, at + uidsAtOnce).join(','))))
  return listed.sort((a, b) => a.uid - b.uid)
}

async function list(client: ImapFlow, range: string): Promise<readonly Listed[]> {
  const listed: Listed[] = []
  const query = { uid: true, size: true, internalDate: true, envelope: true }
  for await (const { uid, size, internalDate, envelope } of client.fetch(range, query, { uid: true })) {
    const at = internalDate === undefined ? 0 : new Date(internalDate).getTime()
    const id = /^<(.+)>$/.exec(envelope?.messageId?.trim() ?? '')?.[1] ?? null
    listed.push({ uid, size: size ?? 0, at: Number.isNaN(at) ? 0 : at, id })
  }
  return listed.sort((a, b) => a.uid - b.uid)
}

/** A mail; null where it was taken away meanwhile. Its lines end as a mail's on disk do: servers send CR LF (RFC 3501 §2.2). */
async function readListed(client: ImapFlow, { uid, size }: Listed, reading: Reading): Promise<ReadResult | null> {
  const { clock, read = readMessage, limits = defaultMailLimits } = reading.options
  if (size > limits.mailBytes) return refuse('too-large', `${size} bytes, more than ${limits.mailBytes}`)
  const source = await reading.connection.fetch(client, uid)
  if (source === null) return null
  if (source === 'too-large')
    return refuse('too-large', `more than ${limits.mailBytes} bytes, though the server said ${size}`)
  const raw = Buffer.from(source.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  return read(raw, { now: clock(), origin: { kind: 'none' }, limits })
}

function isWithin(result: ReadResult, window: Window): boolean {
  if (result.kind === 'refused') return true
  const { date } = result.message
  return date >= (window.since ?? -Infinity) && date < (window.until ?? Infinity)
}

async function findMail(client: ImapFlow, id: string, reading: Reading): Promise<ReadResult | null> {
  // HEADER finds a part of a value, too (RFC 3501 §6.4.4)
  for (const mail of await searchHeaders(client, ['message-id'], id)) {
    const result = await readListed(client, mail, reading)
    if (result?.kind === 'refused' && mail.id === id) return result
    if (result?.kind === 'message' && result.message.id === id) return result
  }
  return null
}

/** The mails that name each other, found by asking for each id that one of them names. */
async function readThread(client: ImapFlow, id: string, reading: Reading): Promise<readonly Message[]> {
  const found = new Map<number, Message>()
  const asked = new Set([id])
  let count = 0
  for (const wanted of asked) {
    if (++count > mostAsked || found.size > mostThreadMails) break
    for (const mail of await searchHeaders(client, ['message-id', 'references', 'in-reply-to'], wanted)) {
      if (found.has(mail.uid)) continue
      const result = await readListed(client, mail, reading)
      if (result?.kind !== 'message') continue
      const { message } = result
      const named = [message.id, message.inReplyTo, ...message.references].filter((each) => each !== null)
      if (!named.includes(wanted)) continue
      found.set(mail.uid, message)
      // a set that grows while it is walked is walked to its new end
      for (const each of named) asked.add(each)
    }
  }
  const once = new Map([...found].sort(([a], [b]) => b - a).map(([, message]) => [message.id, message]))
  return once.has(id) ? [...once.values()].sort(byDate) : []
}

async function searchHeaders(client: ImapFlow, names: readonly string[], id: string): Promise<readonly Listed[]> {
  const queries = names.map((name) => ({ header: { [name]: id } }))
  const [only] = queries
  return listAll(client, await search(client, queries.length === 1 && only ? only : { or: queries }))
}

/** The numbers of the mails that are found; throws where the server says that it cannot search, which is not that there are none. */
async function search(client: ImapFlow, query: SearchObject): Promise<readonly number[]> {
  const found = await client.search(query, { uid: true })
  if (!Array.isArray(found)) throw new Error('the search failed')
  return found
}

/** The library ends a connection on which more bytes are announced than it was allowed to take. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'LiteralTooLarge'
}

/** What the server said is behind the error's own words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const said = 'responseText' in error && typeof error.responseText === 'string' ? `: ${error.responseText}` : ''
  return `${error.message}${said}`
}
