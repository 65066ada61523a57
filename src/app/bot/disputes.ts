import { disputedKeys, disputesByRule } from '../../store/feedback.ts'
import type { Records } from '../../store/store.ts'
import type { BotConfig } from './config.ts'

/** How often what a rule found was mailed, how often that was called invalid, and whether it is not mailed any more for it. */
export type RuleDisputes = {
  readonly rule: string
  readonly mailed: number
  readonly disputed: number
  readonly isMuted: boolean
}

/** What people think of each rule that was mailed, sorted by rule. */
export async function ruleDisputes(
  records: Records,
  { feedback }: Pick<BotConfig, 'feedback'>,
): Promise<readonly RuleDisputes[]> {
  return (await disputesByRule(records)).map((each) => ({
    ...each,
    isMuted: each.mailed >= feedback['dispute-least'] && each.disputed / each.mailed > feedback['dispute-share'],
  }))
}

/** Whether people let a finding be told: nobody called it invalid, and its rule not too often. */
export async function toldAgain(
  records: Records,
  config: Pick<BotConfig, 'feedback'>,
): Promise<(finding: { readonly key: string; readonly rule: string }) => boolean> {
  const keys = await disputedKeys(records)
  const muted = new Set((await ruleDisputes(records, config)).flatMap(({ rule, isMuted }) => (isMuted ? [rule] : [])))
  return ({ key, rule }) => !keys.has(key) && !muted.has(rule)
}
