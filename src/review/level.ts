import type { Measured } from './precision.ts'

/**
 * Who hears of a rule's findings: `mail` everybody, lists too; `local` who runs it (terminal, hook, a forge's pull request);
 * `preview` who asks for it.
 */
export type Level = 'mail' | 'local' | 'preview'

/** A rule may have found what it did by luck: fewer different findings than these say nothing. */
const fewest = 3

/** Of a hundred remarks on a list five may be wrong; so that holds of all of them, it holds of each rule. */
const mailPrecision = 0.95

/** Whoever runs the tool sees one wrong remark in five, and no more. */
const localPrecision = 0.8

/** What the true precision is at least, with 95 % certainty: more often right than wrong. Three of three have 0.53. */
const leastBound = 0.5

/**
 * The level that a rule has earned by what was read of its findings. A rule that never spoke, or too seldom, or of which
 * a finding has not been read, is `local`: nothing speaks against it, and nothing for it. One that asks to be asked for
 * (`preview`) stays that: precision does not make a matter of taste a fact.
 */
export function earnedLevel(rule: { readonly id: string; readonly preview?: true }, measured: Measured): Level {
  const read = measured.true + measured.false
  if (rule.preview === true) return 'preview'
  if (read < fewest) return 'local'
  const precision = measured.true / read
  if (precision < localPrecision) return 'preview'
  const isProven = precision >= mailPrecision && lowerBound(measured.true, read) >= leastBound
  return isProven && measured.unjudged === 0 ? 'mail' : 'local'
}

/**
 * The level of a rule by what was read of it on patches and trees together, and on patches alone: what is right of an old tree can
 * still be noise on a patch, so only patches earn a rule its place on a list, and a wrong word anywhere loses it.
 */
export function levelOn(
  rule: { readonly id: string; readonly preview?: true },
  { overall, posted }: { readonly overall: Measured; readonly posted: Measured },
): Level {
  const level = earnedLevel(rule, overall)
  return level === 'mail' ? earnedLevel(rule, posted) : level
}

/** Standard deviations of a one-sided interval of 95 %. */
const deviations = 1.645

/** The lower end of Wilson's score interval (JASA 22, 1927, 209-212) for a share of `total`, one-sided, 95 %; 0 of none. */
export function lowerBound(hits: number, total: number): number {
  if (total === 0) return 0
  const share = hits / total
  const square = deviations ** 2
  const spread = deviations * Math.sqrt((share * (1 - share)) / total + square / (4 * total ** 2))
  return (share + square / (2 * total) - spread) / (1 + square / total)
}

/** `12 of 12`, with what nobody has read; null where a rule never spoke. */
export function describeMeasured(measured: Measured): string | null {
  const { true: right, false: wrong, unjudged } = measured
  if (right + wrong + unjudged === 0) return null
  return `${right} of ${right + wrong}${unjudged === 0 ? '' : `, ${unjudged} unread`}`
}

/** What those hear who are spoken to at a level: it and the levels that more may hear. */
export function hears(listener: Level, level: Level): boolean {
  return rank[level] <= rank[listener]
}

const rank: Record<Level, number> = { mail: 0, local: 1, preview: 2 }
