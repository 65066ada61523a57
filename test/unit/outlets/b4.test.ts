import { describe, expect, it } from 'vitest'
import { renderB4 } from '../../../src/outlets/b4.ts'
import type { Review } from '../../../src/review/review.ts'
import { appliedTo, reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const path = 'drivers/clk/Makefile'
const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }])

/** What b4 keeps of an answer (b4, src/b4/review/checks.py `_run_external_cmd()`): strings alone, and one of three states. */
function kept(reviews: readonly Review[]): readonly Record<string, unknown>[] {
  const answer: unknown = JSON.parse(renderB4(reviews))
  expect(Array.isArray(answer)).toBe(true)
  const entries = answer as readonly Record<string, unknown>[] // what is looked at here
  for (const entry of entries) {
    expect(Object.values(entry).map((value) => typeof value)).toEqual(['string', 'string', 'string', 'string'])
    expect(['pass', 'warn', 'fail']).toContain(entry['status'])
  }
  return entries
}

describe('renderB4', () => {
  it('fails on errors, warns on warnings, and passes where there are only remarks', () => {
    const statusOf = (severity: 'error' | 'warning' | 'info') =>
      kept([reviewOf(through, [wordRule('gate.o', { severity })])]).map(({ status }) => status)
    expect([statusOf('error'), statusOf('warning'), statusOf('info')]).toEqual([['fail'], ['warn'], ['pass']])
  })

  it('tells what was found in one line, and all of it in the details', () => {
    const [entry] = kept([reviewOf(through, [wordRule('gate.o', { severity: 'error' })])])
    expect(entry).toMatchObject({ tool: 'kbuild-review', summary: '1 error' })
    expect(entry?.['details']).toContain(`${path}:2:10: error:`)
    expect(entry?.['details']).not.toContain('\u001b')
  })

  it('passes one patch of a series whose other mails it does not get', () => {
    const review = reviewOf(through, [])
    const lone = {
      ...review,
      series: { ...review.series, missing: [2] },
      notRun: [{ what: 'patch 2', why: 'its mail is missing' }],
    }
    expect(kept([lone])).toMatchObject([{ status: 'pass', summary: 'no findings' }])
  })

  it('never passes a patch that was not looked at', () => {
    const review = reviewOf(through, [])
    const why = 'it does not apply: drivers/clk/Makefile: hunk 1 is not there'
    const refused = { ...review, notRun: [{ what: 'patch 1', why }] }
    expect(kept([refused])).toMatchObject([{ status: 'warn', summary: `not judged: patch 1: ${why}` }])
    const applied = appliedTo(review.series)
    const there =
      applied.kind === 'applied' ? applied.patches.map((each) => ({ ...each, how: 'already-applied' as const })) : []
    const present: Review = { ...review, application: { ...applied, patches: there } as Review['application'] } // all applied
    expect(kept([present])).toMatchObject([{ status: 'warn', summary: 'not judged: patch 1 is in the tree already' }])
  })

  it('has nothing to say of a mail without a patch', () => {
    expect(renderB4([])).toBe('[]\n')
  })
})
