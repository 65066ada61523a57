import type { Address } from '../../mail/message.ts'
import type { Reply } from '../../review/reply.ts'
import type { Bot } from './bot.ts'
import type { Policy } from './policy.ts'

/** A reply without those whom the policy of now no longer lets us write to. Nobody is added; where nobody is left in `to`, it is for nobody. */
export function cutRecipients(reply: Reply, policy: Policy, { writer }: Pick<Bot, 'writer'>): Reply {
  const copied = new Set(policy.copies ? [...writer.cc, ...policy.lists] : [])
  return { ...reply, cc: reply.cc.filter(({ address }: Address) => copied.has(address.toLowerCase())) }
}
