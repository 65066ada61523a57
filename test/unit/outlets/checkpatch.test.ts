import { describe, expect, it } from 'vitest'
import { renderCheckpatch, renderCheckpatchLint } from '../../../src/outlets/checkpatch.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const path = 'drivers/clk/Makefile'
const through = seriesThrough([
  { [path]: '# clocks\nobj-y += mux.o\n', 'drivers/clk/mux.c': 'int mux;\n' },
  { [path]: '# clocks\nobj-y += mux.o\nobj-y += gate.o\n' },
])
const review = reviewOf(through, [wordRule('gate.o', {}, { severity: 'warning' })])

describe('renderCheckpatch', () => {
  it('prints the blocks of checkpatch.pl --show-types, and its totals', () => {
    expect(renderCheckpatch(review)).toBe(
      [
        'WARNING:TOLD_WORD: `gate.o` is written',
        '#13: FILE: drivers/clk/Makefile:3:',
        '+obj-y += gate.o',
        '',
        'total: 0 errors, 1 warnings, 0 checks, 22 lines checked',
        '',
      ].join('\n'),
    )
  })

  it('has a block without a line of the mail for what the patch does not show', () => {
    const [finding] = review.findings
    if (!finding) return expect.unreachable('there is a finding')
    const elsewhere = { ...finding, placement: { kind: 'summary' } as const }
    expect(renderCheckpatch({ ...review, findings: [elsewhere] })).toContain(
      'WARNING:TOLD_WORD: `gate.o` is written\nFILE: drivers/clk/Makefile:3:\n obj-y += gate.o\n\n',
    )
  })
})

describe('renderCheckpatchLint', () => {
  it('prints a line a finding', () => {
    expect(renderCheckpatchLint(review.findings)).toBe(
      'drivers/clk/Makefile:3: WARNING:TOLD_WORD: `gate.o` is written\n',
    )
    expect(renderCheckpatchLint([])).toBe('')
  })
})
