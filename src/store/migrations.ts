import { sql, type Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** The file was written by a newer release. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code = 'store'
}

/** What makes the tables of version n+1 out of those of version n. Never changed once released, only added to. */
const migrations: readonly (readonly string[])[] = [
  [
    `create table sources (name text primary key, cursor text, checked_at integer not null, failures integer not null,
       retry_at integer not null, reason text) strict`,
    `create table mails (source text not null, key text not null, seen_at integer not null,
       outcome text not null check (outcome in ('done', 'retry', 'dead')), detail text not null,
       attempts integer not null, retry_at integer, primary key (source, key)) strict, without rowid`,
    `create index mails_again on mails (retry_at) where outcome = 'retry'`,
    `create index mails_key on mails (key)`,
    `create table series (id integer primary key, subject text not null) strict`,
    `create table versions (id integer primary key, series integer not null references series, head text not null unique,
       version integer not null, subject text not null, sender text not null, change_id text, posted_at integer not null,
       state text not null check (state in ('incomplete', 'queued', 'judged', 'superseded', 'failed')),
       detail text not null) strict`,
    `create index versions_sender on versions (sender, posted_at)`,
    `create index versions_change on versions (change_id) where change_id is not null`,
    `create index versions_series on versions (series)`,
    `create table version_mails (message_id text primary key, version integer not null references versions) strict`,
    `create index version_mails_version on version_mails (version)`,
    `create table jobs (id integer primary key, kind text not null, key text not null, version integer references versions,
       priority integer not null, state text not null default 'queued'
       check (state in ('queued', 'running', 'done', 'dead', 'cancelled')), due_at integer not null,
       attempts integer not null default 0, lease text, lease_until integer, detail text not null default '',
       unique (kind, key)) strict`,
    `create index jobs_open on jobs (priority desc, due_at, id) where state in ('queued', 'running')`,
    `create index jobs_version on jobs (version)`,
    `create table findings (version integer not null references versions, patch integer not null, key text not null,
       rule text not null, severity text not null, path text not null, line integer not null, source text not null,
       message text not null, primary key (version, patch, key)) strict`,
    `create table replies (message_id text primary key, version integer not null references versions,
       state text not null check (state in ('drafted', 'approved', 'sending', 'sent', 'dropped')), reply text not null,
       created_at integer not null, due_at integer not null, attempts integer not null default 0, lease text,
       lease_until integer, dated integer, sent_at integer, approved_by text, laid integer not null default 0, detail text not null) strict`,
    `create index replies_open on replies (due_at) where state in ('drafted', 'approved', 'sending')`,
    `create index replies_version on replies (version)`,
    `create table reply_lists (reply text not null references replies, list text not null, primary key (reply, list)) strict`,
    `create table reply_findings (reply text not null references replies, key text not null, rule text not null,
       primary key (reply, key)) strict`,
    `create table feedback (message_id text not null, ordinal integer not null, version integer not null references versions,
       reply text not null references replies, sender text not null, command text not null, argument text not null, at integer not null,
       primary key (message_id, ordinal)) strict`,
    `create table leases (name text primary key, owner text not null, until integer not null) strict`,
  ],
  [`alter table replies add column postponed text`],
  [`alter table replies add column tried_at integer`],
  [`alter table versions add column release text`],
]

/** Brings the tables up to date, in one transaction, so that of several processes one does it. Throws `StoreError`. */
export async function migrate(database: Kysely<Schema>): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(transaction)
    const version = rows[0]?.user_version ?? 0
    if (version > migrations.length)
      throw new StoreError(`its tables are of version ${version}, this release knows those up to ${migrations.length}`)
    for (const statement of migrations.slice(version).flat()) await sql.raw(statement).execute(transaction)
    if (version < migrations.length) await sql.raw(`pragma user_version = ${migrations.length}`).execute(transaction)
  })
}
