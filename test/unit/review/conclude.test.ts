import { describe, expect, it } from 'vitest'
import { concludeReview } from '../../../src/review/conclude.ts'
import type { Judgement } from '../../../src/review/review-series.ts'
import { appliedTo, namedBase, reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const through = seriesThrough([{ 'a/Makefile': '\n' }, { 'a/Makefile': 'one\n' }, { 'a/Makefile': 'one\ntwo\n' }])
const { series } = through
const nothing: Judgement = { findings: [], transient: [], unsure: [], suppressed: [], unjudged: [], notRun: [] }

describe('concludeReview', () => {
  it('is clean, or has findings, where every patch was judged', () => {
    expect(concludeReview(series, appliedTo(series), nothing)).toMatchObject({ verdict: 'clean', notRun: [] })
    expect(reviewOf(through, [wordRule('one')])).toMatchObject({ verdict: 'findings' })
  })

  it('stays a judgement where a rule failed, and names the rule', () => {
    const notRun = [{ what: 'rule x on patch 1', why: 'the rule failed: a bug' }]
    expect(concludeReview(series, appliedTo(series), { ...nothing, notRun })).toMatchObject({
      verdict: 'clean',
      notRun,
    })
  })

  it('is none where a patch is missing, or its diff cannot be trusted', () => {
    expect(concludeReview({ ...series, missing: [3] }, appliedTo(series), nothing)).toMatchObject({
      verdict: 'not-judged',
      notRun: [{ what: 'patch 3', why: 'its mail is missing' }],
    })
    const unjudged = [{ what: 'patch 1', why: 'its diff cannot be trusted: line 3: cut' }]
    expect(concludeReview(series, appliedTo(series), { ...nothing, unjudged })).toMatchObject({
      verdict: 'not-judged',
      notRun: unjudged,
    })
  })

  it('names what does not apply, and the patches behind it', () => {
    const files = [{ path: 'a/Makefile', hunks: [], reason: 'hunk 1 does not apply' }]
    const first = { index: 1, kind: 'refused', files, log: '' } as const
    const application = { kind: 'conflict', base: namedBase, patches: [first], first } as const
    expect(concludeReview(series, application, nothing)).toMatchObject({
      verdict: 'not-judged',
      notRun: [
        { what: 'patch 1', why: 'it does not apply: a/Makefile: hunk 1 does not apply' },
        { what: 'patch 2', why: 'patch 1 does not apply' },
      ],
    })
  })

  it('names why there is no tree', () => {
    const application = { kind: 'no-base', reason: 'the commit is not in the repository' } as const
    expect(concludeReview(series, application, nothing)).toMatchObject({
      verdict: 'not-judged',
      notRun: [{ what: 'patch series', why: 'there is no tree to apply it to: the commit is not in the repository' }],
    })
  })
})
