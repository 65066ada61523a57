import { expect, it } from 'vitest'
import { rules } from '../../rules/index.ts'
import { injectDefects } from '../../scripts/proof/rules/inject.ts'
import { createFactsSource, kernelOf } from '../../scripts/proof/rules/kernel.ts'
import { mutators } from '../../scripts/proof/rules/mutators.ts'
import { tryNeutralEdits } from '../../scripts/proof/rules/neutral.ts'
import { diskTree } from './disk-tree.ts'
import { describeReal } from './support.ts'

/** Places for each rule; `npm run proof -- rules 5` takes 20, and 1,000 edits that change nothing. */
const places = 2
const neutralEdits = 30

/** Of all that is planted, how much has to be found: a search for a configuration may end without an answer. */
const enough = 0.95

describeReal('defects planted in Linux 6.12', ['KBUILD_REVIEW_TREE_6_12'], (path) => {
  const tree = diskTree(path)
  const facts = createFactsSource()
  const kernel = kernelOf(tree, 612)
  const known = new Set(rules.map(({ id }) => id))

  it('are found', () => {
    const tallies = mutators
      .filter(({ rule }) => known.has(rule))
      .map((mutator) => injectDefects(mutator, { kernel, facts, rules, places }))
    expect(tallies.filter(({ planted }) => planted === 0)).toEqual([])
    const planted = tallies.reduce((sum, tally) => sum + tally.planted, 0)
    const missed = tallies.flatMap(({ rule, missed: each }) => each.map(({ plant }) => `${rule} ${plant.at.join(' ')}`))
    expect(missed.slice(Math.floor(planted * (1 - enough))), missed.join('\n')).toEqual([])
  })

  it('are not seen in edits that change nothing', () => {
    const { tried, alarms } = tryNeutralEdits({ kernel, facts, rules, count: neutralEdits })
    expect(tried).toBe(neutralEdits)
    expect(alarms.map(({ plant, told }) => [plant.at, plant.describe, told])).toEqual([])
  })
})
