import type { Records } from './store.ts'

/** A command that somebody gave by mail, and that was obeyed. */
export type Feedback = {
  readonly messageId: string
  /** Its place among the commands of the mail, from 0. */
  readonly ordinal: number
  readonly version: number
  /** The Message-ID of the mail of ours that it answers. */
  readonly reply: string
  readonly sender: string
  readonly command: 'retest' | 'invalid' | 'quiet' | 'explain'
  /** A rule's id, or empty. */
  readonly argument: string
  readonly at: number
}

/** Remembers a command; false where it was obeyed before: a mail comes by several lists. */
export async function putFeedback(records: Records, feedback: Feedback): Promise<boolean> {
  const { messageId, ...rest } = feedback
  const result = await records
    .insertInto('feedback')
    .values({ message_id: messageId, ...rest })
    .onConflict((conflict) => conflict.columns(['message_id', 'ordinal']).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** How many commands of a person were obeyed since a time. */
export async function countFeedback(records: Records, sender: string, since: number): Promise<number> {
  const row = await records
    .selectFrom('feedback')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('sender', '=', sender)
    .where('at', '>=', since)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Whether a mail gave a command that was obeyed: what answers it was asked for. */
export async function gaveCommand(records: Records, messageId: string): Promise<boolean> {
  const row = await records
    .selectFrom('feedback')
    .select('message_id')
    .where('message_id', '=', messageId)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether the people of a version asked not to be written to about its series. */
export async function isQuiet(records: Records, series: number): Promise<boolean> {
  const row = await records
    .selectFrom('feedback')
    .innerJoin('versions', 'versions.id', 'feedback.version')
    .select('feedback.message_id')
    .where('versions.series', '=', series)
    .where('command', '=', 'quiet')
    .executeTakeFirst()
  return row !== undefined
}

/** The keys of the findings that were called invalid: by their rule, or with all that the answered mail tells. */
export async function disputedKeys(records: Records): Promise<ReadonlySet<string>> {
  const rows = await disputes(records).select('reply_findings.key').distinct().execute()
  return new Set(rows.map(({ key }) => key))
}

/** Of each rule, how many findings were mailed, and how many of these were called invalid. */
export async function disputesByRule(
  records: Records,
): Promise<readonly { readonly rule: string; readonly mailed: number; readonly disputed: number }[]> {
  const mailed = await records
    .selectFrom('reply_findings')
    .innerJoin('replies', 'replies.message_id', 'reply_findings.reply')
    .select(({ fn }) => ['reply_findings.rule', fn.count<number>('reply_findings.key').distinct().as('count')])
    .where('replies.state', '=', 'sent')
    .groupBy('reply_findings.rule')
    .orderBy('reply_findings.rule')
    .execute()
  const disputed = await disputes(records)
    .select(({ fn }) => ['reply_findings.rule', fn.count<number>('reply_findings.key').distinct().as('count')])
    .groupBy('reply_findings.rule')
    .execute()
  const byRule = new Map(disputed.map(({ rule, count }) => [rule, count]))
  return mailed.map(({ rule, count }) => ({ rule, mailed: count, disputed: byRule.get(rule) ?? 0 }))
}

/** A finding is told in several mails where it is in several patches: each is disputed with the mail that was answered. */
function disputes(records: Records) {
  return records
    .selectFrom('feedback')
    .innerJoin('reply_findings', 'reply_findings.reply', 'feedback.reply')
    .where('feedback.command', '=', 'invalid')
    .where((where) =>
      where.or([
        where('feedback.argument', '=', ''),
        where('feedback.argument', '=', where.ref('reply_findings.rule')),
      ]),
    )
}
