import type { Records, Store } from './store.ts'

/** Clocks of one machine differ by less from one look to the next, also where they are set right step by step (milliseconds). */
const toleranceMs = 5 * 60_000

/**
 * Takes back what a clock that was ahead has put off: everything that is due, was seen or sent at a time that has not come yet. Mails of which nobody
 * knows whether they went out wait until `unclearUntil`. Gives by how much the clock was ahead when an archive was last read; 0 for not at all.
 */
export async function mendClock(
  store: Store,
  { now, unclearUntil }: { readonly now: number; readonly unclearUntil: number },
): Promise<number> {
  return store.transaction(async (records) => {
    const ahead = (await lastLook(records)) - now
    if (ahead <= toleranceMs) return 0
    const sources = { checked_at: now, retry_at: 0 }
    await records.updateTable('sources').set(sources).where('checked_at', '>', now).execute()
    await records.updateTable('mails').set({ seen_at: now }).where('seen_at', '>', now).execute()
    await records.updateTable('mails').set({ retry_at: now }).where('retry_at', '>', now).execute()
    await records.updateTable('versions').set({ posted_at: now }).where('posted_at', '>', now).execute()
    await records.updateTable('jobs').set({ due_at: now }).where('due_at', '>', now).execute()
    await records.updateTable('jobs').set({ lease_until: now }).where('lease_until', '>', now).execute()
    await mendReplies(records, { now, unclearUntil })
    return ahead
  })
}

async function lastLook(records: Records): Promise<number> {
  const row = await records
    .selectFrom('sources')
    .select(({ fn }) => fn.max('checked_at').as('last'))
    .executeTakeFirst()
  return row?.last ?? 0
}

/** Whether an approved mail may go out yet is asked again before it does. */
async function mendReplies(
  records: Records,
  { now, unclearUntil }: { readonly now: number; readonly unclearUntil: number },
): Promise<void> {
  const late = records.updateTable('replies').where('due_at', '>', now)
  await late.where('state', '=', 'sending').where('due_at', '>', unclearUntil).set({ due_at: unclearUntil }).execute()
  await late.where('state', '!=', 'sending').set({ due_at: now }).execute()
  await records.updateTable('replies').set({ dated: now }).where('dated', '>', now).execute()
  await records.updateTable('replies').set({ tried_at: now }).where('tried_at', '>', now).execute()
  await records.updateTable('replies').set({ lease_until: now }).where('lease_until', '>', now).execute()
}
