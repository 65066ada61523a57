import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { FeedEntry } from './atom.ts'
import { CursorError } from './lore-cursor.ts'

/**
 * How far a list is read over HTTP. The server's clock, and mails that it got late, make no exact place: all from `from` on is listed again, and
 * `seen` names what was dealt with of it, by a short hash and the time.
 */
export type HttpCursor = { readonly from: number; readonly seen: Readonly<Record<string, number>> }

/**
 * A mail that comes to the archive so much later than the server's header says is not missed (milliseconds): some days on a list that has few
 * mails, some hours on any.
 */
const overlapMs = 72 * 3_600_000
const leastOverlapMs = 6 * 3_600_000

/** Mails of a list that has many, of which no more than the last hours' are listed again and again. */
const mostSeen = 400

const shape = z.strictObject({ from: z.number(), seen: z.record(z.string().regex(/^[\w-]{12}$/), z.number()) })

/** The cursor that `printHttpCursor` printed; without one all from a time on. Throws `CursorError`. */
export function parseHttpCursor(text: string | undefined, since: number): HttpCursor {
  if (text === undefined) return { from: Math.max(0, since), seen: {} }
  try {
    return shape.parse(JSON.parse(text))
  } catch (error) {
    throw new CursorError('the cursor is not one of a list read over HTTP', { cause: error })
  }
}

/** A cursor as text. */
export function printHttpCursor(cursor: HttpCursor): string {
  return JSON.stringify(cursor)
}

/** Whether a mail was dealt with, or came before all that is looked at. */
export function isSeen({ from, seen }: HttpCursor, { id, receivedAt }: FeedEntry): boolean {
  return receivedAt < from || shortHash(id) in seen
}

/** The cursor behind a mail. A clock that goes ahead does not move it past `now`. */
export function advanceHttpCursor(cursor: HttpCursor, { id, receivedAt }: FeedEntry, now: number): HttpCursor {
  const seen = { ...cursor.seen, [shortHash(id)]: receivedAt }
  const latest = Math.min(receivedAt, now)
  const times = Object.values(seen).sort((a, b) => b - a)
  const crowded = Math.min(times[mostSeen] ?? -Infinity, latest - leastOverlapMs)
  const from = Math.max(cursor.from, latest - overlapMs, crowded)
  return { from, seen: Object.fromEntries(Object.entries(seen).filter(([, at]) => at >= from)) }
}

function shortHash(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 12)
}
