import type { Message } from '../../mail/message.ts'
import { enqueue } from '../../store/jobs.ts'
import { replyById } from '../../store/outbox.ts'
import type { Records } from '../../store/store.ts'
import type { Bot } from './bot.ts'
import { parseCommands } from './commands.ts'

/** Queues a mail whose commands are to be looked at: a person's answer to a mail of ours. Gives whether it is one. */
export async function noteCommands(bot: Bot, message: Message, records: Records): Promise<boolean> {
  if (message.inReplyTo === null || parseCommands(message.text).length === 0) return false
  if ((await replyById(records, message.inReplyTo)) === null) return false
  // not the version's: that a newer one comes cancels its work, and must not cancel this
  const job = { kind: 'obey', key: message.id, version: null, priority: 1, dueAt: bot.clock() }
  await enqueue(records, job)
  return true
}
