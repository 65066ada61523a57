import { z } from 'zod'
import type { CommitFiles, HistoryReader } from '../ports.ts'
import type { Epoch } from './lore-epochs.ts'

/** How far each epoch is read: its last commit, and when that arrived (seconds since 1970), by the number of the epoch. */
export type LoreCursor = Readonly<Record<string, { readonly commit: string; readonly at: number }>>

const shape = z.record(
  z.string().regex(/^\d+$/),
  z.object({ commit: z.string().regex(/^[0-9a-f]{40,64}$/), at: z.number() }),
)

/** The cursor was not printed by this source: reading from the start instead would repeat every mail of the archive. */
export class CursorError extends Error {
  override readonly name = 'CursorError'
  readonly code = 'bad-cursor'
}

/** The cursor that `printCursor` printed; the start of the archive where there is none. Throws `CursorError`. */
export function parseCursor(text: string | undefined): LoreCursor {
  if (text === undefined) return {}
  try {
    return shape.parse(JSON.parse(text))
  } catch (error) {
    throw new CursorError('the cursor is not one of a list archive', { cause: error })
  }
}

/** A cursor as text. */
export function printCursor(cursor: LoreCursor): string {
  return JSON.stringify(cursor)
}

/** The cursor behind a commit. */
export function advanceCursor(cursor: LoreCursor, epoch: Epoch, commit: CommitFiles): LoreCursor {
  return { ...cursor, [epoch.epoch]: { commit: commit.commit, at: commit.committedAt / 1000 } }
}

/**
 * The commits of an epoch behind a cursor, oldest first. Where history was rewritten since (public-inbox-purge(1), -edit(1)) these
 * are the commits that arrived in the cursor's second or later: a mail may come twice then, but none is lost.
 */
export async function commitsBehind(
  epoch: Epoch,
  cursor: LoreCursor,
  reader: HistoryReader,
): Promise<readonly CommitFiles[]> {
  const head = await reader.head(epoch.repository)
  if (head === null) return []
  const place = cursor[epoch.epoch]
  const behind = place && (await reader.commits(epoch.repository, { head, after: place.commit }))
  if (behind) return behind
  const all = (await reader.commits(epoch.repository, { head, after: null })) ?? []
  return place ? all.filter((commit) => commit.committedAt >= place.at * 1000) : all
}
