import { describe, expect, it } from 'vitest'
import type { SeriesBuilds } from '../../../src/review/build-result.ts'
import { withBuilds } from '../../../src/review/join-builds.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const makefile = 'drivers/plant/Makefile'
const through = seriesThrough([
  { [makefile]: 'obj-m += pump.o\n' },
  { [makefile]: 'obj-m += pump.o\nobj-m += valve.o\n' },
])
const review = reviewOf(through, [wordRule('valve', {}, { severity: 'warning' })])
const [told] = review.findings
if (told === undefined) throw new Error('the rule says nothing')

const built = { ...told, rule: 'build-error', severity: 'error', message: 'no rule to make target', key: 'b' } as const
const builds = (more: Partial<SeriesBuilds>): SeriesBuilds => ({
  results: [],
  findings: [],
  notRun: [],
  isComplete: true,
  ...more,
})

describe('a review with builds', () => {
  it('has one remark of a line that both speak of, as grave as the graver one', () => {
    const { findings, verdict } = withBuilds(review, builds({ findings: [built] }))
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ rule: told.rule, severity: 'error', evidence: ['no rule to make target'] })
    expect(verdict).toBe('findings')
  })

  it('has what builds alone say, too', () => {
    const elsewhere = { ...built, line: 1 }
    expect(withBuilds(review, builds({ findings: [elsewhere] })).findings.map(({ line }) => line)).toEqual([1, 2])
  })

  it('is not judged where something could not be built', () => {
    const notRun = [{ what: 'build of modules for s390', why: 'no s390x-linux-gnu-gcc' }]
    const joined = withBuilds({ ...review, findings: [], verdict: 'clean' }, builds({ notRun, isComplete: false }))
    expect(joined).toMatchObject({ verdict: 'not-judged', notRun })
  })

  it('is clean where all was built and nothing is said', () => {
    expect(withBuilds({ ...review, findings: [], verdict: 'clean' }, builds({})).verdict).toBe('clean')
  })
})
