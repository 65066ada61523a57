import { rules } from '../../../rules/index.ts'
import { openRepository, openTree } from '../../../src/git/repository.ts'
import { referenceTree } from '../../kernel-oracle.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { injectDefects, type Tally } from './inject.ts'
import { createFactsSource, kernelOf } from './kernel.ts'
import { mutators } from './mutators.ts'
import { notPlanted } from './mutators/patches.ts'
import { tryNeutralEdits } from './neutral.ts'

/** Places where the defect of each rule is planted, where the tree has as many. */
const places = 20
/** Of a rule's defects, how many have to be found. */
const enough = 0.95
const neutralEdits = 1000
const seed = 612

/** Plants the defects of rules at real places of Linux 6.12, and makes edits there that change nothing. */
export async function proveInjection({ reference, say }: ProofContext): Promise<Outcome> {
  const opened = await openRepository(referenceTree(reference, '6.12'), { environment: process.env })
  if (opened.kind === 'none') return { ok: false, figure: opened.reason }
  try {
    const tree = await openTree(opened.repository, 'HEAD')
    if (tree === null) return { ok: false, figure: 'no HEAD' }
    const facts = createFactsSource()
    const kernel = kernelOf(tree, seed)
    const known = new Set(rules.map(({ id }) => id))
    const tallies = mutators
      .filter(({ rule }) => known.has(rule))
      .map((mutator) => {
        const tally = injectDefects(mutator, { kernel, facts, rules, places })
        sayTally(tally, say)
        return tally
      })
    const neutral = tryNeutralEdits({ kernel, facts, rules, count: neutralEdits })
    for (const { plant, told } of neutral.alarms)
      say(`neutral: ${plant.at.join(' ')}: ${plant.describe}: ${told.slice(0, 5).join('; ')}`)
    const short = tallies.filter(({ planted, missed }) => planted === 0 || missed.length > planted * (1 - enough))
    const quiet = neutral.tried === neutralEdits && neutral.alarms.length === 0
    return {
      ok: short.length === 0 && quiet,
      figure: `${figureOf(tallies)}; ${neutral.alarms.length} of ${neutral.tried} neutral edits told of`,
    }
  } finally {
    await opened.repository.close()
  }
}

function sayTally({ rule, planted, missed }: Tally, say: (text: string) => void): void {
  say(`${rule}: ${planted - missed.length} of ${planted} found`)
  for (const { plant, instead } of missed) say(`  missed at ${plant.at.join(' ')}: ${plant.describe}: ${instead}`)
}

/** How many were found, of which rules less than all, and which rules nothing is planted for. */
function figureOf(tallies: readonly Tally[]): string {
  const planted = tallies.reduce((sum, tally) => sum + tally.planted, 0)
  const missed = tallies.reduce((sum, tally) => sum + tally.missed.length, 0)
  const partly = tallies
    .filter((tally) => tally.missed.length > 0 || tally.planted < places)
    .map((tally) => `${tally.rule} ${tally.planted - tally.missed.length}/${tally.planted}`)
  const without = rules.map(({ id }) => id).filter((id) => tallies.every(({ rule }) => rule !== id))
  const rest = partly.length === 0 ? '' : ` (${places} each but ${partly.join(', ')})`
  return `${planted - missed} of ${planted} defects of ${tallies.length} rules found${rest}; nothing is planted for ${without.map((id) => `${id} (${notPlanted[id] ?? 'no mutator'})`).join(', ')}`
}
