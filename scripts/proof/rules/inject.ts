import { reviewSeries } from '../../../src/review/review-series.ts'
import type { Rule } from '../../../src/review/rule.ts'
import type { FactsSource } from './kernel.ts'
import type { Kernel, Mutator, Plant } from './plant.ts'
import { stepOf } from './step-of.ts'

/** How many of the defects of a rule were found, and those that were not, each with what the rule said instead. */
export type Tally = {
  readonly rule: string
  readonly planted: number
  readonly missed: readonly { readonly plant: Plant; readonly instead: string }[]
}

type Injection = {
  readonly kernel: Kernel
  readonly facts: FactsSource
  readonly rules: readonly Rule[]
  readonly places: number
}

/** Plants the defect of a rule at some places, one after the other, and asks for each what a review of it says. */
export function injectDefects(mutator: Mutator, { kernel, facts: source, rules, places }: Injection): Tally {
  const accepted = [mutator.rule, ...(mutator.also ?? [])]
  const asked = rules.filter(({ id }) => accepted.includes(id))
  const missed: { plant: Plant; instead: string }[] = []
  let planted = 0
  for (const plant of mutator.plants(kernel)) {
    if (planted === places) break
    planted++
    const facts = source()
    const { series, step } = stepOf(kernel.tree, plant.edits, { log: 'The board needs it.', ...plant.message })
    const { findings, unsure, notRun, unjudged } = reviewSeries({ series, steps: [step], rules: asked, facts })
    if (findings.some(({ path }) => plant.at.includes(path))) continue
    const told = findings.map(({ rule, path, line, message }) => `${rule} at ${path}:${line}: ${message}`)
    const undecided = unsure.map(({ path, line, because }) => `unsure at ${path}:${line}: ${because}`)
    const failed = [...notRun, ...unjudged].map(({ what, why }) => `${what}: ${why}`)
    missed.push({ plant, instead: [...told, ...undecided, ...failed].join('; ') || 'silent' })
  }
  return { rule: mutator.rule, planted, missed }
}
