import type { VersionState } from './schema.ts'
import type { Records } from './store.ts'

/** One version of a series as it is remembered. */
export type VersionRecord = {
  readonly id: number
  readonly series: number
  readonly head: string
  readonly version: number
  readonly subject: string
  readonly sender: string
  readonly changeId: string | null
  /** The stable release that a backport is for, as `6.1`; empty for what is none, null where that is not known. */
  readonly release: string | null
  readonly postedAt: number
  readonly state: VersionState
  readonly detail: string
}

/** What is known of a version when it is assembled. */
export type NewVersion = Omit<VersionRecord, 'id' | 'series'> & { readonly mails: readonly string[] }

/**
 * Remembers a version, which is the one that any of its mails belongs to, or a new one; its id. What was said of it before
 * is replaced, and all of its mails are its own from then on. Of a version as 2.2 the whole part is kept.
 */
export async function putVersion(records: Records, version: NewVersion): Promise<number> {
  const known = await versionOf(records, version.mails)
  const fields = {
    head: version.head,
    version: Math.trunc(version.version),
    subject: version.subject,
    sender: version.sender,
    change_id: version.changeId,
    release: version.release,
    posted_at: version.postedAt,
    state: version.state,
    detail: version.detail,
  }
  const id = known?.id ?? (await insertVersion(records, fields))
  if (known !== null) await records.updateTable('versions').set(fields).where('id', '=', id).execute()
  await addMails(records, id, version.mails)
  return id
}

/** Counts mails to a version, but for those that are counted to one already; those that are new. */
export async function addMails(
  records: Records,
  version: number,
  mails: readonly string[],
): Promise<readonly string[]> {
  const added: string[] = []
  for (const message_id of mails) {
    const result = await records
      .insertInto('version_mails')
      .values({ message_id, version })
      .onConflict((conflict) => conflict.column('message_id').doNothing())
      .executeTakeFirst()
    if ((result.numInsertedOrUpdatedRows ?? 0n) > 0n) added.push(message_id)
  }
  return added
}

async function insertVersion(
  records: Records,
  fields: { readonly head: string; readonly version: number; readonly subject: string } & Rest,
): Promise<number> {
  const family = await records
    .insertInto('series')
    .values({ subject: fields.subject })
    .returning('id')
    .executeTakeFirstOrThrow()
  const row = await records
    .insertInto('versions')
    .values({ ...fields, series: family.id })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

type Rest = {
  readonly sender: string
  readonly change_id: string | null
  readonly release: string | null
  readonly posted_at: number
  readonly state: VersionState
  readonly detail: string
}

/** The version that a mail of a list belongs to; of several the one that is known for longest. Null where none is known. */
export async function versionOf(records: Records, mails: readonly string[]): Promise<VersionRecord | null> {
  const row = await versionRows(records)
    .innerJoin('version_mails', 'version_mails.version', 'versions.id')
    .where('version_mails.message_id', 'in', [...mails])
    .orderBy('versions.id')
    .executeTakeFirst()
  return row ?? null
}

/** A version by its id; null where there is none. */
export async function versionById(records: Records, id: number): Promise<VersionRecord | null> {
  return (await versionRows(records).where('versions.id', '=', id).executeTakeFirst()) ?? null
}

/** The mails of a version: its patches and its cover letter. */
export async function mailsOf(records: Records, version: number): Promise<readonly string[]> {
  const rows = await records
    .selectFrom('version_mails')
    .select('message_id')
    .where('version', '=', version)
    .orderBy('message_id')
    .execute()
  return rows.map(({ message_id }) => message_id)
}

/**
 * Versions that may be of the same series: of one sender and for one stable release, or under one change-id, posted since a time; those of the same
 * subject first, and newer ones before older ones.
 */
export async function kinOf(
  records: Records,
  kin: Pick<VersionRecord, 'sender' | 'changeId' | 'release' | 'subject'> & {
    readonly since: number
    readonly most: number
  },
): Promise<readonly VersionRecord[]> {
  const { sender, changeId, release, subject, since, most } = kin
  return versionRows(records)
    .where((where) => {
      const isForSame = where.or([where('release', 'is', null), where('release', '=', release)])
      const isOfSender = where.and([where('sender', '=', sender), isForSame])
      return where.or([isOfSender, ...(changeId === null ? [] : [where('change_id', '=', changeId)])])
    })
    .where('posted_at', '>=', since)
    .orderBy((build) => build.case().when('versions.subject', '=', subject).then(0).else(1).end())
    .orderBy('posted_at', 'desc')
    .orderBy('versions.id', 'desc')
    .limit(most)
    .execute()
}

/** Says where a version stands. */
export async function setVersion(
  records: Records,
  id: number,
  { state, detail }: Pick<VersionRecord, 'state' | 'detail'>,
): Promise<void> {
  await records.updateTable('versions').set({ state, detail }).where('id', '=', id).execute()
}

/** Counts a version to the series of another one. */
export async function joinSeries(records: Records, version: number, other: number): Promise<void> {
  const kept = await versionById(records, other)
  const moved = await versionById(records, version)
  if (kept === null || moved === null || kept.series === moved.series) return
  await records.updateTable('versions').set({ series: kept.series }).where('series', '=', moved.series).execute()
  await records.deleteFrom('series').where('id', '=', moved.series).execute()
}

/** All versions of a series, in the order in which they were posted. */
export async function versionsOfSeries(records: Records, series: number): Promise<readonly VersionRecord[]> {
  return versionRows(records).where('series', '=', series).orderBy('posted_at').orderBy('versions.id').execute()
}

/** Versions in a state, in the order in which they were posted. */
export async function versionsIn(records: Records, state: VersionState): Promise<readonly VersionRecord[]> {
  return versionRows(records).where('state', '=', state).orderBy('posted_at').orderBy('versions.id').execute()
}

function versionRows(records: Records) {
  return records
    .selectFrom('versions')
    .select([
      'versions.id',
      'versions.series',
      'versions.head',
      'versions.version',
      'versions.subject',
      'versions.sender',
      'versions.change_id as changeId',
      'versions.release',
      'versions.posted_at as postedAt',
      'versions.state',
      'versions.detail',
    ])
}
