import { describe, expect, it } from 'vitest'
import { reviewSilence, seriesSilence, speakable, type Occasion } from '../../../src/review/silence.ts'
import type { Envelope, Series } from '../../../src/series/series.ts'
import { namedBase, reviewOf, wordRule } from '../../support/reviews.ts'
import { sent, seriesThrough } from '../../support/steps.ts'

const path = 'drivers/clk/Makefile'
const trees = [{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }]
const day = 24 * 60 * 60 * 1000
const occasion: Occasion = { now: sent + day, asked: false, ownAddresses: ['bot@reviews.example'] }

const reasons = (silences: readonly { readonly reason: string }[]): string[] => silences.map(({ reason }) => reason)

/** Why a series whose mails have the given envelope gets no reply. */
function silent(envelope: Partial<Envelope>, series: Partial<Series> = {}, on: Partial<Occasion> = {}): string[] {
  return reasons(seriesSilence(seriesThrough(trees, { envelope, series }).series, { ...occasion, ...on }))
}

describe('seriesSilence', () => {
  it('has nothing against a fresh series of a person', () => {
    expect(silent({})).toEqual([])
  })

  it.each([
    ['auto-generated', ['automatic-mail']],
    ['auto-replied; owner-email="x@y.example"', ['automatic-mail']],
    ['no', []],
    [' No ; x=y', []],
    ['nobody', ['automatic-mail']],
  ])('reads Auto-Submitted: %s', (value, expected) => {
    expect(silent({ headers: [['auto-submitted', value]] })).toEqual(expected)
  })

  it('takes Precedence: bulk for a program only where no list has put it there', () => {
    expect(silent({ headers: [['precedence', 'bulk']] })).toEqual(['automatic-mail'])
    const throughVger = [
      ['precedence', 'bulk'],
      ['list-id', '<linux-kbuild.vger.kernel.org>'],
      ['x-mailing-list', 'linux-kbuild@vger.kernel.org'],
    ] as const
    expect(silent({ headers: throughVger })).toEqual([])
  })

  it('knows its own mails by From and by X-Loop', () => {
    expect(silent({ from: { name: '', address: 'Bot@Reviews.example' } })).toEqual(['own-mail'])
    expect(silent({ headers: [['x-loop', 'bot@reviews.example']] })).toEqual(['own-mail'])
    expect(silent({ headers: [['x-loop', 'somebody@else.example']] })).toEqual([])
  })

  it.each([
    { prefixes: ['RFC'], expected: ['rfc'] },
    { prefixes: ['rfcv2', 'net-next'], expected: ['rfc'] },
    { prefixes: ['6.6'], expected: ['stable'] },
    { prefixes: ['5.10.y'], expected: ['stable'] },
    { prefixes: ['AUTOSEL', '5.15'], expected: ['stable'] },
    { prefixes: ['stable'], expected: ['stable'] },
    { prefixes: ['net-next'], expected: [] },
    { prefixes: ['RESEND', '-next', '6.11-rc3'], expected: [] },
  ])('answers $prefixes with $expected', ({ prefixes, expected }) => {
    expect(silent({}, { prefixes })).toEqual(expected)
  })

  it('knows the mails of the stable queue by their header', () => {
    expect(silent({ headers: [['x-stable', 'review']] })).toEqual(['stable'])
  })

  it('answers RFCs, backports and old series when it is asked to, but no robot', () => {
    const asked = { asked: true, now: sent + 30 * day }
    expect(silent({}, { prefixes: ['RFC', '6.6'] }, asked)).toEqual([])
    expect(silent({ headers: [['auto-submitted', 'auto-generated']] }, {}, asked)).toEqual(['automatic-mail'])
  })

  it('is silent on pull requests and on what a newer version supersedes', () => {
    expect(silent({ subject: '[GIT PULL] Kbuild updates for v6.12' })).toEqual(['pull-request'])
    expect(silent({}, { supersededBy: 'v2@boards.example' })).toEqual(['superseded'])
  })

  it('is silent a week after the newest mail, and not before', () => {
    expect(silent({}, {}, { now: sent + 7 * day })).toEqual([])
    expect(silent({}, {}, { now: sent + 7 * day + 1 })).toEqual(['old'])
  })
})

describe('reviewSilence', () => {
  const rule = wordRule('gate.o')
  const review = reviewOf(seriesThrough(trees), [rule])
  const why = (changed: Partial<typeof review>): string[] => reasons(reviewSilence({ ...review, ...changed }, occasion))

  it('speaks where there are findings', () => {
    expect(why({})).toEqual([])
  })

  it('is silent where there is nothing but remarks', () => {
    expect(why({ findings: [] })).toEqual(['clean'])
    expect(
      reasons(reviewSilence(reviewOf(seriesThrough(trees), [wordRule('gate.o', {}, { severity: 'info' })]), occasion)),
    ).toEqual(['clean'])
  })

  it('is silent where a patch is missing, for that may mend what the others break', () => {
    expect(why({ series: { ...review.series, missing: [2] } })).toEqual(['incomplete'])
  })

  it('tells that a series does not apply to the base it names, and nothing of a base that was guessed', () => {
    const first = { index: 1, kind: 'refused', files: [], log: '' } as const
    const conflict = { kind: 'conflict', base: namedBase, patches: [first], first } as const
    expect(why({ application: conflict })).toEqual([])
    const guessed = { ...namedBase, how: 'head', certain: false } as const
    expect(why({ application: { ...conflict, base: guessed } })).toEqual(['guessed-base'])
    expect(why({ application: { kind: 'no-base', reason: 'it is not in the tree' } })).toEqual(['no-base'])
  })
})

describe('speakable', () => {
  const review = reviewOf(seriesThrough(trees), [
    wordRule('gate', {}, { id: 'ms-gate', severity: 'warning' }),
    wordRule('obj', {}, { id: 'ms-obj', severity: 'warning' }),
  ])
  const rulesOf = (speaks: (rule: string) => boolean): string[] =>
    speakable(review, speaks).review.findings.map(({ rule }) => rule)

  it('keeps what rules say that may not speak on a list', () => {
    expect(rulesOf(() => true).sort()).toEqual(['ms-gate', 'ms-obj'])
    expect(rulesOf((rule) => rule === 'ms-obj')).toEqual(['ms-obj'])
    expect(speakable(review, (rule) => rule === 'ms-obj').unproven).toBeNull()
  })

  it('names the rules where nothing is left to say, and has nothing against a review that was clean before', () => {
    expect(speakable(review, () => false).unproven).toEqual({
      reason: 'unproven',
      why: 'what was found is of rules that have not earned to speak on a list: ms-gate, ms-obj',
    })
    expect(speakable(reviewOf(seriesThrough(trees), []), () => false).unproven).toBeNull()
  })
})
