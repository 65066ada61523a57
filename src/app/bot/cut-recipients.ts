import type { Address } from '../../mail/message.ts'
import { isRewritten } from '../../mail/relay.ts'
import type { Reply } from '../../review/reply.ts'
import type { Bot } from './bot.ts'
import type { Policy } from './policy.ts'

/** A reply without those whom the policy of now no longer lets us write to. Nobody is added; where nobody is left in `to`, it is for nobody. */
export function cutRecipients(reply: Reply, policy: Policy, { config, writer }: Pick<Bot, 'config' | 'writer'>): Reply {
  const copied = new Set(policy.copies ? [...writer.cc, ...policy.lists] : [])
  const isWriter = (each: Address): boolean => !isRewritten(each) && !(each.address.toLowerCase() in config.lists)
  const to = reply.to.filter(isWriter)
  return { ...reply, to, cc: reply.cc.filter(({ address }: Address) => copied.has(address.toLowerCase())) }
}
