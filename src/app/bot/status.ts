import { countJobs } from '../../store/jobs.ts'
import { mailsWith, sourceState, type KeptMail } from '../../store/mails.ts'
import { replies } from '../../store/outbox.ts'
import type { JobState, ReplyState } from '../../store/schema.ts'
import type { Records } from '../../store/store.ts'
import { versionsIn, type VersionRecord } from '../../store/versions.ts'

/** How the bot fares: what `bot status` prints. */
export type BotStatus = {
  readonly lists: readonly { readonly list: string; readonly state: string; readonly failures: number }[]
  readonly work: readonly { readonly kind: string; readonly state: JobState; readonly count: number }[]
  readonly replies: readonly { readonly state: ReplyState; readonly count: number }[]
  /** Versions that lack patches, and those that could not be judged. */
  readonly incomplete: readonly VersionRecord[]
  readonly failed: readonly VersionRecord[]
  /** Mails that could not be dealt with, newest first, at most `mostDead`. */
  readonly dead: readonly KeptMail[]
}

const mostDead = 100

/** Reads how the bot fares; changes nothing. */
export async function botStatus(records: Records, lists: readonly string[]): Promise<BotStatus> {
  const kept = Map.groupBy(await replies(records), ({ state }) => state)
  return {
    lists: await Promise.all(lists.map((list) => listState(records, list))),
    work: await countJobs(records),
    replies: [...kept].map(([state, members]) => ({ state, count: members.length })).sort(byState),
    incomplete: await versionsIn(records, 'incomplete'),
    failed: await versionsIn(records, 'failed'),
    dead: await mailsWith(records, 'dead', mostDead),
  }
}

const byState = (a: { readonly state: string }, b: { readonly state: string }): number => (a.state < b.state ? -1 : 1)

async function listState(records: Records, list: string): Promise<BotStatus['lists'][number]> {
  const { cursor, failures, retryAt, reason } = await sourceState(records, list)
  if (failures > 0) {
    const again = new Date(retryAt).toISOString()
    return { list, failures, state: `failed ${failures} times, asked again at ${again}: ${reason ?? ''}` }
  }
  return { list, failures, state: cursor === null ? 'nothing read yet' : 'read' }
}
