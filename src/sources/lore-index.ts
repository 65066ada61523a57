import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { identify } from '../mail/identify.ts'
import type { CommitFiles, HistoryReader } from '../ports.ts'
import type { Epoch } from './lore-epochs.ts'
import { fewReferences, followedBy } from './walk-thread.ts'

/** A mail of an archive, as the index knows it. */
export type IndexEntry = {
  readonly id: string
  readonly commit: string
  readonly blob: string
  /** When it was posted, in milliseconds since 1970: see `postedAt`. */
  readonly date: number
  readonly subject: string
  /** See `followedBy`. */
  readonly follows: readonly string[]
}

/** The mails of an epoch in the order in which they arrived, and the blobs that were deleted from the archive in it. */
export type EpochIndex = {
  readonly head: string
  readonly entries: readonly IndexEntry[]
  readonly deleted: readonly string[]
}

/** What the index is made with: where it is kept, and who is told how far it is. */
export type IndexOptions = {
  readonly reader: HistoryReader
  readonly cacheDirectory: string
  readonly progress?: (progress: { readonly epoch: number; readonly done: number; readonly total: number }) => void
}

const version = 1
const staleAfterMs = 60 * 60 * 1000
const dayMs = 24 * 60 * 60 * 1000

/**
 * When a mail was posted: its Date, which public-inbox keeps as the author date; where that lies more than a day past its
 * arrival, the committer date, the clock of its sender was wrong, and it is that.
 */
export function postedAt(commit: CommitFiles): number {
  return commit.authoredAt > commit.committedAt + dayMs ? commit.committedAt : commit.authoredAt
}

/** The blob of the mail that a commit adds (`m`) or deletes (`d`): public-inbox-v2-format(5). */
export function mailOf(commit: CommitFiles): { readonly kind: 'added' | 'deleted'; readonly blob: string } | null {
  const deleted = commit.files.get('d')
  if (deleted) return { kind: 'deleted', blob: deleted }
  const added = commit.files.get('m')
  return added ? { kind: 'added', blob: added } : null
}

/**
 * The index of an epoch up to its head: the one kept in the cache directory, to which only newer mails are added. It is written to
 * a file of its own and renamed, so that any number of processes may do this at once and be killed. An epoch without commits has none.
 */
export async function indexEpoch(epoch: Epoch, options: IndexOptions): Promise<EpochIndex | null> {
  const head = await options.reader.head(epoch.repository)
  if (head === null) return null
  const path = indexPath(epoch, options.cacheDirectory)
  const kept = await loadIndex(path)
  if (kept?.head === head) return kept
  const newer = kept && (await options.reader.commits(epoch.repository, { head, after: kept.head }))
  const commits = newer ?? (await options.reader.commits(epoch.repository, { head, after: null })) ?? []
  const added = await readEntries(commits, epoch, options)
  const index: EpochIndex = {
    head,
    entries: kept && newer ? [...kept.entries, ...added.entries] : added.entries,
    deleted: kept && newer ? [...kept.deleted, ...added.deleted] : added.deleted,
  }
  await saveIndex(path, index)
  return index
}

async function readEntries(
  commits: readonly CommitFiles[],
  epoch: Epoch,
  options: IndexOptions,
): Promise<Pick<EpochIndex, 'entries' | 'deleted'>> {
  const mails = commits.flatMap((commit) => {
    const mail = mailOf(commit)
    return mail?.kind === 'added' ? [{ commit, blob: mail.blob }] : []
  })
  const deleted = commits.flatMap((commit) => {
    const mail = mailOf(commit)
    return mail?.kind === 'deleted' ? [mail.blob] : []
  })
  const entries: IndexEntry[] = []
  let done = 0
  for await (const raw of options.reader.blobs(
    epoch.repository,
    mails.map(({ blob }) => blob),
  )) {
    const mail = mails[done++]
    if (raw !== null && mail) entries.push(toEntry(raw, mail))
    if (done % 1000 === 0 || done === mails.length)
      options.progress?.({ epoch: epoch.epoch, done, total: mails.length })
  }
  return { entries, deleted }
}

function toEntry(raw: Uint8Array, mail: { readonly commit: CommitFiles; readonly blob: string }): IndexEntry {
  const { id, inReplyTo, references, subject } = identify(raw)
  const follows = followedBy({ inReplyTo, references })
  return { id, commit: mail.commit.commit, blob: mail.blob, date: postedAt(mail.commit), subject, follows }
}

function indexPath(epoch: Epoch, cacheDirectory: string): string {
  const repository = resolve(epoch.repository)
  const key = createHash('sha256').update(repository).digest('hex').slice(0, 16)
  return join(cacheDirectory, 'lore', `${key}-${epoch.epoch}.v${version}.jsonl`)
}

/** The first line says how many lines follow: a file that was cut short by a power failure is none. */
async function loadIndex(path: string): Promise<EpochIndex | null> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n')
    // Our own file, written by `saveIndex` below under this version; anything else fails one of the checks.
    const header = JSON.parse(lines[0] ?? '') as { head: string; count: number; deleted: string[] }
    const entries = lines.slice(1, -1).map((line) => {
      const entry = JSON.parse(line) as IndexEntry
      // earlier ones kept as many as a mail named
      return { ...entry, follows: fewReferences(entry.follows) }
    })
    return entries.length === header.count ? { head: header.head, deleted: header.deleted, entries } : null
  } catch {
    return null
  }
}

async function saveIndex(path: string, index: EpochIndex): Promise<void> {
  const { head, deleted, entries } = index
  const lines = [{ head, deleted, count: entries.length }, ...entries].map((line) => `${JSON.stringify(line)}\n`)
  await mkdir(dirname(path), { recursive: true })
  await removeStale(path)
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, lines.join(''), { mode: 0o600 })
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Removes what processes that were killed have left behind. */
async function removeStale(path: string): Promise<void> {
  const directory = dirname(path)
  for (const name of await readdir(directory)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.tmp')) continue
    const left = await stat(join(directory, name)).catch(() => null)
    if (left && Date.now() - left.mtimeMs > staleAfterMs) await rm(join(directory, name), { force: true })
  }
}
