import { describe, expect, it } from 'vitest'
import { draftMails, type Correspondence } from '../../../src/app/draft-replies.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { sent, seriesThrough } from '../../support/steps.ts'

const path = 'drivers/clk/Makefile'
const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }])
const review = reviewOf(through, [wordRule('gate', {}, { id: 'ms-gate' }), wordRule('obj', {}, { id: 'ms-obj' })])
const correspondence: Correspondence = {
  identity: { from: { name: 'Review', address: 'review@reviews.example' }, replyTo: null },
  cc: [],
  now: sent,
  asked: false,
  ruleCount: 2,
  speaks: () => true,
}

describe('draftMails', () => {
  it('tells what rules say that may speak on a list', () => {
    const { replies } = draftMails(review, { ...correspondence, speaks: (rule) => rule === 'ms-obj' })
    expect(replies[0]?.body).toContain('[ms-obj]')
    expect(replies[0]?.body).not.toContain('[ms-gate]')
  })

  it('says which rules are kept from speaking where that leaves nothing, or that there was nothing', () => {
    const reasons = (of: typeof review, speaks: boolean): string[] =>
      draftMails(of, { ...correspondence, speaks: () => speaks }).silent.map(({ reason }) => reason)
    expect(reasons(review, true)).toEqual([])
    expect(reasons(review, false)).toEqual(['unproven'])
    expect(reasons(reviewOf(through, []), false)).toEqual(['clean'])
  })
})
