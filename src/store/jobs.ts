import type { JobState } from './schema.ts'
import type { Records, Store } from './store.ts'

/** Work to queue. The same kind and key are queued once, for ever. */
export type NewJob = {
  readonly kind: string
  readonly key: string
  /** The version that it is for; cancelled with it. */
  readonly version: number | null
  /** Higher ones first. */
  readonly priority: number
  /** Milliseconds since 1970. */
  readonly dueAt: number
}

/** Work that somebody has taken. `lease` proves that it is still his: every later word on it must name it. */
export type TakenJob = Pick<NewJob, 'kind' | 'key' | 'version'> & {
  readonly id: number
  readonly attempts: number
  readonly lease: string
}

/** Queues work; whether it was new. */
export async function enqueue(records: Records, job: NewJob): Promise<boolean> {
  const { kind, key, version, priority, dueAt } = job
  const result = await records
    .insertInto('jobs')
    .values({ kind, key, version, priority, due_at: dueAt, lease: null, lease_until: null })
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

type Taking = {
  readonly kind: string
  /** A name that nobody else uses for a lease. */
  readonly lease: string
  readonly now: number
  readonly forMs: number
}

/**
 * Gives up work that was taken so often and never finished: it probably ends the process that does it, as by all the memory that it wants.
 * Gives that work, which is to be told.
 */
export async function buryJobs(
  records: Records,
  { now, mostAttempts }: { readonly now: number; readonly mostAttempts: number },
): Promise<readonly Pick<TakenJob, 'kind' | 'key' | 'version' | 'attempts'>[]> {
  return records
    .updateTable('jobs')
    .set({ state: 'dead', lease: null, detail: `taken ${mostAttempts} times and never finished` })
    .where('state', '=', 'running')
    .where('lease_until', '<=', now)
    .where('attempts', '>=', mostAttempts)
    .returning(['kind', 'key', 'version', 'attempts'])
    .execute()
}

/** Takes the next work of a kind that is due, also such as was taken and whose lease ran out; null where there is none. */
export async function takeJob(store: Store, taking: Taking): Promise<TakenJob | null> {
  const { kind, lease, now, forMs } = taking
  return store.transaction(async (records) => {
    const next = await records
      .selectFrom('jobs')
      .select(['id', 'key', 'version', 'attempts'])
      .where('kind', '=', kind)
      .where((where) =>
        where.or([
          where.and([where('state', '=', 'queued'), where('due_at', '<=', now)]),
          where.and([where('state', '=', 'running'), where('lease_until', '<=', now)]),
        ]),
      )
      .orderBy('priority', 'desc')
      .orderBy('due_at')
      .orderBy('id')
      .executeTakeFirst()
    if (next === undefined) return null
    const attempts = next.attempts + 1
    await records
      .updateTable('jobs')
      .set({ state: 'running', attempts, lease, lease_until: now + forMs })
      .where('id', '=', next.id)
      .execute()
    return { ...next, kind, attempts, lease }
  })
}

/** Frees work whose owner is known to be gone, so that nobody waits for its lease to run out. */
export async function freeJobs(records: Records, isGone: (lease: string) => boolean): Promise<void> {
  const running = await records.selectFrom('jobs').select(['id', 'lease']).where('state', '=', 'running').execute()
  const gone = running.filter(({ lease }) => lease !== null && isGone(lease)).map(({ id }) => id)
  if (gone.length > 0) await records.updateTable('jobs').set({ lease_until: 0 }).where('id', 'in', gone).execute()
}

/** Whether the work is still his who took it: not cancelled, not taken by another. */
export async function holdsJob(records: Records, { id, lease }: TakenJob): Promise<boolean> {
  const row = await records
    .selectFrom('jobs')
    .select('id')
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('lease', '=', lease)
    .executeTakeFirst()
  return row !== undefined
}

/** Prolongs the leases of all work that somebody has taken. */
export async function prolongJobs(records: Records, lease: string, until: number): Promise<void> {
  await records
    .updateTable('jobs')
    .set({ lease_until: until })
    .where('state', '=', 'running')
    .where('lease', '=', lease)
    .execute()
}

/** Ends work: `done`, or `dead` for what no further try can mend. False, and nothing is changed, where the lease is lost. */
export async function endJob(
  records: Records,
  { id, lease }: TakenJob,
  end: { readonly state: 'done' | 'dead'; readonly detail: string },
): Promise<boolean> {
  return changed(
    held(records, id, lease)
      .set({ ...end, lease: null, lease_until: null })
      .executeTakeFirst(),
  )
}

/** Puts work back, to be tried again at a time. False where the lease is lost. */
export async function retryJob(
  records: Records,
  { id, lease }: TakenJob,
  again: { readonly dueAt: number; readonly detail: string; readonly attempts?: number },
): Promise<boolean> {
  const { dueAt, detail, attempts } = again
  return changed(
    held(records, id, lease)
      .set({
        state: 'queued',
        due_at: dueAt,
        detail,
        lease: null,
        lease_until: null,
        ...(attempts !== undefined && { attempts }),
      })
      .executeTakeFirst(),
  )
}

/** Ends queued work by its keys that other work has done along with its own. */
export async function settleJobs(
  records: Records,
  { kind, keys, detail }: { readonly kind: string; readonly keys: readonly string[]; readonly detail: string },
): Promise<void> {
  await records
    .updateTable('jobs')
    .set({ state: 'done', detail })
    .where('kind', '=', kind)
    .where('key', 'in', [...keys])
    .where('state', '=', 'queued')
    .execute()
}

/** Puts off queued work by its keys, where it is due before a time. */
export async function postponeJobs(
  records: Records,
  { kind, keys, dueAt }: { readonly kind: string; readonly keys: readonly string[]; readonly dueAt: number },
): Promise<void> {
  await records
    .updateTable('jobs')
    .set({ due_at: dueAt })
    .where('kind', '=', kind)
    .where('key', 'in', [...keys])
    .where('state', '=', 'queued')
    .where('due_at', '<', dueAt)
    .execute()
}

/** Cancels what is queued or running for a version, but for what people asked for; who runs it finds its lease lost. */
export async function cancelJobs(records: Records, version: number, detail: string): Promise<void> {
  await records
    .updateTable('jobs')
    .set({ state: 'cancelled', lease: null, lease_until: null, detail })
    .where('version', '=', version)
    .where('kind', '!=', 'retest')
    .where('state', 'in', ['queued', 'running'])
    .execute()
}

/** Queues work again that has ended, because somebody asked for it. */
export async function reopenJob(records: Records, kind: string, key: string, dueAt: number): Promise<boolean> {
  return changed(
    records
      .updateTable('jobs')
      .set({ state: 'queued', due_at: dueAt, attempts: 0, lease: null, lease_until: null, detail: 'asked for again' })
      .where('kind', '=', kind)
      .where('key', '=', key)
      .where('state', 'in', ['done', 'dead', 'cancelled'])
      .executeTakeFirst(),
  )
}

/** How much work there is, by kind and state. */
export async function countJobs(
  records: Records,
): Promise<readonly { readonly kind: string; readonly state: JobState; readonly count: number }[]> {
  return records
    .selectFrom('jobs')
    .select(({ fn }) => ['kind', 'state', fn.countAll<number>().as('count')])
    .groupBy(['kind', 'state'])
    .orderBy('kind')
    .orderBy('state')
    .execute()
}

/** When the next queued work of a kind is due; null where there is none. */
export async function nextDue(records: Records, kind: string): Promise<number | null> {
  const row = await records
    .selectFrom('jobs')
    .select(({ fn }) => fn.min('due_at').as('due'))
    .where('kind', '=', kind)
    .where('state', '=', 'queued')
    .executeTakeFirst()
  return row?.due ?? null
}

function held(records: Records, id: number, lease: string) {
  return records.updateTable('jobs').where('id', '=', id).where('state', '=', 'running').where('lease', '=', lease)
}

async function changed(updating: Promise<{ readonly numUpdatedRows: bigint }>): Promise<boolean> {
  return (await updating).numUpdatedRows > 0n
}
