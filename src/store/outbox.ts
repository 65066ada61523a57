import type { Reply } from '../review/reply.ts'
import type { ReplyState } from './schema.ts'
import type { Records, Store } from './store.ts'

/**
 * A mail of ours and where it stands:
 *
 *     drafted --approved by a person--> approved --its time has come--> sending --accepted--> sent
 *        |                                 |            |  ^               |
 *        +-------------> dropped <---------+            |  +--refused------+ (back to approved, later)
 *                                          +------------+
 *
 * `sending` is written before a server is spoken to. A reply that is found in it, its lease over, may have gone out or not: whoever
 * takes it up asks the archive first. One that is `sent` to some and `postponed` for others is taken up for these.
 */
export type KeptReply = {
  readonly messageId: string
  readonly version: number
  readonly state: ReplyState
  readonly reply: Reply
  readonly createdAt: number
  readonly dueAt: number
  readonly attempts: number
  /** The Date of the mail; null before the first try. */
  readonly dated: number | null
  /** When a server was last spoken to; null before the first try. */
  readonly triedAt: number | null
  readonly sentAt: number | null
  /** The person who said that it may go out; null where nobody was asked. */
  readonly approvedBy: string | null
  readonly detail: string
  readonly lists: readonly string[]
  /** The recipients that the server put off: they do not have it, the others have it or may. Empty for none. */
  readonly postponed: readonly string[]
}

/** A reply to keep. `lists` are the configured lists that it is counted against. */
export type NewReply = {
  readonly reply: Reply
  readonly version: number
  readonly state: 'drafted' | 'approved'
  readonly createdAt: number
  readonly dueAt: number
  readonly detail: string
  readonly lists: readonly string[]
  /** The rules of the findings that it tells, by key. */
  readonly rules: ReadonlyMap<string, string>
}

/** Keeps a reply; false where one of that Message-ID is kept already, whatever became of it: it is the same mail. */
export async function putReply(records: Records, kept: NewReply): Promise<boolean> {
  const { reply, version, state, createdAt, dueAt, detail, lists, rules } = kept
  const result = await records
    .insertInto('replies')
    .values({
      message_id: reply.messageId,
      version,
      state,
      reply: JSON.stringify(reply),
      created_at: createdAt,
      due_at: dueAt,
      lease: null,
      lease_until: null,
      dated: null,
      sent_at: null,
      approved_by: null,
      detail,
    })
    .onConflict((conflict) => conflict.column('message_id').doNothing())
    .executeTakeFirst()
  if ((result.numInsertedOrUpdatedRows ?? 0n) === 0n) return false
  for (const list of lists) await records.insertInto('reply_lists').values({ reply: reply.messageId, list }).execute()
  for (const key of new Set(reply.findings)) {
    const row = { reply: reply.messageId, key, rule: rules.get(key) ?? '' }
    await records.insertInto('reply_findings').values(row).execute()
  }
  return true
}

/** A reply by its Message-ID; null where there is none. */
export async function replyById(records: Records, messageId: string): Promise<KeptReply | null> {
  const [found] = await readReplies(records, { messageId })
  return found ?? null
}

/** The replies in some states, or of a version, oldest first. */
export async function replies(
  records: Records,
  wanted: { readonly states?: readonly ReplyState[]; readonly version?: number } = {},
): Promise<readonly KeptReply[]> {
  return readReplies(records, wanted)
}

/** The replies whose Message-ID begins so; for people, who do not type 60 characters. */
export async function repliesLike(records: Records, beginning: string): Promise<readonly KeptReply[]> {
  const all = await readReplies(records, {})
  return all.filter(({ messageId }) => messageId.startsWith(beginning))
}

/** The replies that do not lie in the maildir of drafts yet, oldest first. */
export async function repliesToLay(records: Records): Promise<readonly KeptReply[]> {
  return readReplies(records, { states: ['drafted', 'approved'], laid: 0 })
}

/** Remembers that a reply lies in the maildir. */
export async function markLaid(records: Records, messageId: string): Promise<void> {
  await records.updateTable('replies').set({ laid: 1 }).where('message_id', '=', messageId).execute()
}

/** Lets a draft go out from a time on; false where it is none. `by` is the person who says so. */
export async function approveReply(
  records: Records,
  messageId: string,
  { by, dueAt }: { readonly by: string; readonly dueAt: number },
): Promise<boolean> {
  return changed(
    records
      .updateTable('replies')
      .set({ state: 'approved', approved_by: by, detail: `approved by ${by}`, due_at: dueAt })
      .where('message_id', '=', messageId)
      .where('state', '=', 'drafted')
      .executeTakeFirst(),
  )
}

/** Drops a reply that was not sent; false where it is sent, dropped, or just being sent. */
export async function dropReply(
  records: Records,
  messageId: string,
  { detail, now }: { readonly detail: string; readonly now: number },
): Promise<boolean> {
  return changed(
    records
      .updateTable('replies')
      .set({ state: 'dropped', detail, lease: null, lease_until: null })
      .where('message_id', '=', messageId)
      .where((where) =>
        where.or([
          where('state', 'in', ['drafted', 'approved']),
          where.and([where('state', '=', 'sending'), where('lease_until', '<=', now)]),
        ]),
      )
      .executeTakeFirst(),
  )
}

/** Drops what is not on its way yet of a version, but for the replies of some Message-IDs. */
export async function dropUnsent(
  records: Records,
  version: number,
  { detail, but = [] }: { readonly detail: string; readonly but?: readonly string[] },
): Promise<void> {
  await records
    .updateTable('replies')
    .set({ state: 'dropped', detail })
    .where('version', '=', version)
    .where('state', 'in', ['drafted', 'approved'])
    .where('message_id', 'not in', [...but])
    .execute()
}

/** A reply that somebody sends; `unclear` says that an earlier try may have succeeded. */
export type TakenReply = KeptReply & { readonly lease: string; readonly unclear: boolean }

/** Takes the next reply that is to be sent now; its state does not change yet. Null where there is none. */
export async function takeReply(
  store: Store,
  { lease, now, forMs }: { readonly lease: string; readonly now: number; readonly forMs: number },
): Promise<TakenReply | null> {
  return store.transaction(async (records) => {
    const next = await records
      .selectFrom('replies')
      .select('message_id')
      .where((where) =>
        where.or([
          where('state', 'in', ['approved', 'sending']),
          where.and([where('state', '=', 'sent'), where('postponed', 'is not', null)]),
        ]),
      )
      .where('due_at', '<=', now)
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
      .orderBy('due_at')
      .orderBy('message_id')
      .executeTakeFirst()
    if (next === undefined) return null
    await records
      .updateTable('replies')
      .set({ lease, lease_until: now + forMs })
      .where('message_id', '=', next.message_id)
      .execute()
    const reply = await replyById(records, next.message_id)
    return reply === null ? null : { ...reply, lease, unclear: reply.state === 'sending' }
  })
}

/** Frees replies whose sender is known to be gone. */
export async function freeReplies(records: Records, isGone: (lease: string) => boolean): Promise<void> {
  const held = await records
    .selectFrom('replies')
    .select(['message_id', 'lease'])
    .where('lease', 'is not', null)
    .execute()
  const gone = held.filter(({ lease }) => lease !== null && isGone(lease)).map(({ message_id }) => message_id)
  if (gone.length > 0)
    await records.updateTable('replies').set({ lease_until: 0 }).where('message_id', 'in', gone).execute()
}

/**
 * Writes that a server is spoken to from now on, the reply as it goes out, and the mail's Date, which stays. Where nothing more is heard of this try, nobody takes
 * the reply up before `againAt`: by then the archive shows it, if it went out. Null where the lease is lost.
 */
export async function beginSending(
  records: Records,
  { messageId, lease, reply }: Pick<TakenReply, 'messageId' | 'lease' | 'reply'>,
  { now, againAt }: { readonly now: number; readonly againAt: number },
): Promise<{ readonly dated: number } | null> {
  const row = await records
    .updateTable('replies')
    .set((build) => ({
      state: 'sending',
      attempts: build('attempts', '+', 1),
      dated: build.fn.coalesce('dated', build.val(now)),
      due_at: againAt,
      tried_at: now,
      reply: JSON.stringify(reply),
    }))
    .where('message_id', '=', messageId)
    .where('lease', '=', lease)
    .where('state', 'in', ['approved', 'sending'])
    .returning('dated')
    .executeTakeFirst()
  return row === undefined ? null : { dated: row.dated ?? now }
}

/**
 * Writes which recipients of a reply that is being sent do not get it now. Written before the server has the mail: from then on nobody else is
 * sent it again for them. Throws where the lease is lost.
 */
export async function notePostponed(
  records: Records,
  { messageId, lease }: Pick<TakenReply, 'messageId' | 'lease'>,
  postponed: readonly string[],
): Promise<void> {
  const noted = await changed(
    records
      .updateTable('replies')
      .set({ postponed: printPostponed(postponed) })
      .where('message_id', '=', messageId)
      .where('lease', '=', lease)
      .executeTakeFirst(),
  )
  if (!noted) throw new Error('the lease is lost')
}

function printPostponed(addresses: readonly string[]): string | null {
  return addresses.length === 0 ? null : JSON.stringify(addresses)
}

/** What became of a try. `sending` leaves it open whether the mail went out. */
export type Ending = {
  readonly state: ReplyState
  readonly detail: string
  /** When it is looked at again. */
  readonly dueAt: number
  readonly sentAt: number | null
  /** Who gets it later; as it was noted where left out. */
  readonly postponed?: readonly string[]
}

/** Writes what became of a reply that was taken, and gives it back. False where the lease is lost. */
export async function endSending(
  records: Records,
  { messageId, lease }: Pick<TakenReply, 'messageId' | 'lease'>,
  ending: Ending,
): Promise<boolean> {
  const { state, detail, dueAt, sentAt, postponed } = ending
  const rest = postponed === undefined ? {} : { postponed: printPostponed(postponed) }
  return changed(
    records
      .updateTable('replies')
      .set({ state, detail, due_at: dueAt, sent_at: sentAt, lease: null, lease_until: null, ...rest })
      .where('message_id', '=', messageId)
      .where('lease', '=', lease)
      .where('state', 'in', ['approved', 'sending', 'sent'])
      .executeTakeFirst(),
  )
}

/** How many mails went out, or may have, about a list since a time. */
export async function countSent(records: Records, list: string, since: number): Promise<number> {
  const row = await records
    .selectFrom('replies')
    .innerJoin('reply_lists', 'reply_lists.reply', 'replies.message_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('reply_lists.list', '=', list)
    .where('state', 'in', ['sending', 'sent'])
    .where('dated', '>=', since)
    .executeTakeFirstOrThrow()
  return row.count
}

type Wanted = {
  readonly messageId?: string
  readonly states?: readonly ReplyState[]
  readonly version?: number
  readonly laid?: 0 | 1
}

async function readReplies(
  records: Records,
  { messageId, states, version, laid }: Wanted,
): Promise<readonly KeptReply[]> {
  let query = records.selectFrom('replies').selectAll().orderBy('created_at').orderBy('message_id')
  if (messageId !== undefined) query = query.where('message_id', '=', messageId)
  if (states !== undefined) query = query.where('state', 'in', [...states])
  if (version !== undefined) query = query.where('version', '=', version)
  if (laid !== undefined) query = query.where('laid', '=', laid)
  const rows = await query.execute()
  const ids = rows.map(({ message_id }) => message_id)
  const lists = await records.selectFrom('reply_lists').selectAll().where('reply', 'in', ids).orderBy('list').execute()
  const byReply = Map.groupBy(lists, ({ reply }) => reply)
  return rows.map((row) => ({
    messageId: row.message_id,
    version: row.version,
    state: row.state,
    // written by `putReply` above
    reply: JSON.parse(row.reply) as Reply,
    createdAt: row.created_at,
    dueAt: row.due_at,
    attempts: row.attempts,
    dated: row.dated,
    triedAt: row.tried_at ?? row.dated,
    sentAt: row.sent_at,
    approvedBy: row.approved_by,
    detail: row.detail,
    lists: (byReply.get(row.message_id) ?? []).map(({ list }) => list),
    // written by `printPostponed` above
    postponed: row.postponed === null ? [] : (JSON.parse(row.postponed) as string[]),
  }))
}

async function changed(updating: Promise<{ readonly numUpdatedRows: bigint }>): Promise<boolean> {
  return (await updating).numUpdatedRows > 0n
}
