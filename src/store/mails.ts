import type { MailOutcome } from './schema.ts'
import type { Records } from './store.ts'

/** A mail of a source and what became of it. `detail` says in a few words what was done, or why not. */
export type MailRecord = {
  readonly source: string
  /** Its Message-ID; of one that cannot be read a hash of its place. */
  readonly key: string
  readonly at: number
  readonly outcome: MailOutcome
  readonly detail: string
  /** When it is tried again; null unless the outcome is `retry`. */
  readonly retryAt: number | null
}

/** A mail that waits to be tried again, or never will be. */
export type KeptMail = MailRecord & { readonly attempts: number }

/** Where reading of a source stands, and how it fares. */
export type SourceState = {
  readonly cursor: string | null
  readonly failures: number
  readonly retryAt: number
  readonly reason: string | null
}

/** Where a source stands; the start of it where it was never read. */
export async function sourceState(records: Records, name: string): Promise<SourceState> {
  const row = await records.selectFrom('sources').selectAll().where('name', '=', name).executeTakeFirst()
  if (row === undefined) return { cursor: null, failures: 0, retryAt: 0, reason: null }
  return { cursor: row.cursor, failures: row.failures, retryAt: row.retry_at, reason: row.reason }
}

/**
 * Moves the cursor of a source. To be called in the transaction in which the outcome of the mail before it is written, so that
 * neither is there without the other.
 */
export async function moveCursor(
  records: Records,
  source: string,
  { cursor, at }: { readonly cursor: string; readonly at: number },
): Promise<void> {
  const row = { cursor, checked_at: at, failures: 0, retry_at: 0, reason: null }
  await records
    .insertInto('sources')
    .values({ name: source, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute()
}

/** Remembers that a source could not be read, and when it is asked again; its cursor stays. */
export async function noteFailure(
  records: Records,
  source: string,
  failure: { readonly at: number; readonly retryAt: number; readonly reason: string },
): Promise<void> {
  const { at, retryAt, reason } = failure
  await records
    .insertInto('sources')
    .values({ name: source, cursor: null, checked_at: at, failures: 1, retry_at: retryAt, reason })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((build) => ({
        checked_at: at,
        failures: build('sources.failures', '+', 1),
        retry_at: retryAt,
        reason,
      })),
    )
    .execute()
}

/** Remembers that a source answered. */
export async function noteSuccess(records: Records, source: string, at: number): Promise<void> {
  await records
    .updateTable('sources')
    .set({ checked_at: at, failures: 0, retry_at: 0, reason: null })
    .where('name', '=', source)
    .execute()
}

/** Writes what became of a mail; a try that follows another one is counted. */
export async function recordMail(records: Records, mail: MailRecord): Promise<void> {
  const { source, key, at, outcome, detail, retryAt } = mail
  await records
    .insertInto('mails')
    .values({ source, key, seen_at: at, outcome, detail, attempts: 1, retry_at: retryAt })
    .onConflict((conflict) =>
      conflict.columns(['source', 'key']).doUpdateSet((build) => ({
        seen_at: at,
        outcome,
        detail,
        attempts: build('mails.attempts', '+', 1),
        retry_at: retryAt,
      })),
    )
    .execute()
}

/** What became of a mail of a source; null where it was never seen there. */
export async function mailOutcome(records: Records, source: string, key: string): Promise<KeptMail | null> {
  const row = await mailRows(records).where('source', '=', source).where('key', '=', key).executeTakeFirst()
  return row ?? null
}

/** The mails whose time to be tried again has come, oldest first. */
export async function mailsToRetry(records: Records, now: number): Promise<readonly KeptMail[]> {
  return mailRows(records)
    .where('outcome', '=', 'retry')
    .where('retry_at', '<=', now)
    .orderBy('retry_at')
    .orderBy('source')
    .orderBy('key')
    .execute()
}

/** The mails of an outcome, newest first. */
export async function mailsWith(records: Records, outcome: MailOutcome, most: number): Promise<readonly KeptMail[]> {
  return mailRows(records)
    .where('outcome', '=', outcome)
    .orderBy('seen_at', 'desc')
    .orderBy('source')
    .orderBy('key')
    .limit(most)
    .execute()
}

/** The sources that mails were seen in. */
export async function sourcesOf(records: Records, keys: readonly string[]): Promise<readonly string[]> {
  const rows = await records
    .selectFrom('mails')
    .select('source')
    .distinct()
    .where('key', 'in', [...keys])
    .orderBy('source')
    .execute()
  return rows.map(({ source }) => source)
}

/** When the last of some mails was seen in any source; 0 where none was. */
export async function lastSeen(records: Records, keys: readonly string[]): Promise<number> {
  const row = await records
    .selectFrom('mails')
    .select(({ fn }) => fn.max('seen_at').as('last'))
    .where('key', 'in', [...keys])
    .executeTakeFirst()
  return row?.last ?? 0
}

function mailRows(records: Records) {
  return records
    .selectFrom('mails')
    .select(['source', 'key', 'seen_at as at', 'outcome', 'detail', 'attempts', 'retry_at as retryAt'])
}
