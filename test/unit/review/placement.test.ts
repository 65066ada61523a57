import { describe, expect, it } from 'vitest'
import type { Placed } from '../../../src/review/finding.ts'
import { placeFinding } from '../../../src/review/placement.ts'
import type { Patch } from '../../../src/series/series.ts'
import { reviewOf, wordRule, type Telling } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'
import type { TreeLiteral } from '../../support/tree.ts'

const path = 'drivers/clk/Makefile'

/** Lines `obj-y += N.o`, those of `changed` replaced. */
function lines(count: number, changed: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: count }, (_, at) => `${changed[at + 1] ?? `obj-y += clk-${at + 1}.o`}\n`).join('')
}

/** The placement of the only finding, and the line of the mail that it names. */
function placed(before: TreeLiteral, after: TreeLiteral, telling: Telling = {}): { kind: string; line: string } {
  const through = seriesThrough([before, after])
  const [finding] = reviewOf(through, [wordRule('gate.o', telling)]).findings
  if (!finding) return expect.unreachable('there is a finding')
  return { kind: finding.placement.kind, line: mailLineOf(finding, through.steps[0]?.patch.text ?? '') }
}

/** A patch, and a finding to move about in it. */
function reviewed(before: TreeLiteral, after: TreeLiteral): { patch: Patch; finding: Placed } {
  const [patch] = seriesThrough([before, after]).series.patches
  const [finding] = reviewOf(seriesThrough([{}, { [path]: 'gate.o\n' }]), [wordRule('gate.o')]).findings
  if (!finding || !patch) return expect.unreachable('there is a finding')
  return { patch, finding }
}

function mailLineOf({ placement }: Placed, text: string): string {
  return placement.kind === 'summary' ? '' : (text.split('\n')[placement.mailLine - 1] ?? '')
}

describe('placeFinding', () => {
  it('places a finding of an added line on that line', () => {
    const after = { [path]: lines(9, { 5: 'obj-y += gate.o' }) }
    expect(placed({ [path]: lines(9) }, after)).toEqual({ kind: 'line', line: '+obj-y += gate.o' })
  })

  it('places a finding that spans an added line on the added one', () => {
    const before = { [path]: 'obj-y += a.o \\\n  b.o\nobj-m += x.o\n' }
    const through = seriesThrough([before, { [path]: 'obj-y += a.o \\\n  b.o \\\n  c.o\nobj-m += x.o\n' }])
    const [finding] = reviewOf(through, [wordRule('a.o \\\n  b.o \\\n  c.o\n')]).findings
    if (!finding) return expect.unreachable('there is a finding')
    expect(finding.placement.kind).toBe('line')
    expect(mailLineOf(finding, through.steps[0]?.patch.text ?? '')).toBe('+  b.o \\')
  })

  it('places a finding of a context line at the end of the nearest run of changes', () => {
    const after = lines(9).replace('obj-y += clk-4.o\nobj-y += clk-5.o\n', '')
    const { patch, finding } = reviewed({ [path]: lines(9) }, { [path]: after })
    const placement = placeFinding({ ...finding, line: 2, endLine: 2 }, patch)
    expect(placement.kind).toBe('hunk')
    expect(mailLineOf({ ...finding, placement }, patch.text)).toBe('-obj-y += clk-5.o')
  })

  it.each([
    { where: 'before', line: 1, expected: '+obj-y += first.o' },
    { where: 'between, nearer to the first', line: 25, expected: '+obj-y += first.o' },
    { where: 'between, nearer to the second', line: 45, expected: '+obj-y += second.o' },
    { where: 'behind', line: 80, expected: '+obj-y += second.o' },
  ])('places a finding $where the hunks on the nearest one', ({ line, expected }) => {
    const after = lines(80, { 15: 'obj-y += first.o', 60: 'obj-y += second.o' })
    const { patch, finding } = reviewed({ [path]: lines(80) }, { [path]: after })
    const placement = placeFinding({ ...finding, line, endLine: line }, patch)
    expect(placement.kind).toBe('hunk')
    expect(mailLineOf({ ...finding, placement }, patch.text)).toBe(expected)
  })

  it('places a finding of an untouched file in the summary', () => {
    const { patch, finding } = reviewed({ [path]: lines(3) }, { [path]: lines(4) })
    expect(placeFinding({ ...finding, path: 'drivers/reset/Makefile' }, patch)).toEqual({ kind: 'summary' })
    expect(placeFinding(finding, undefined)).toEqual({ kind: 'summary' })
  })

  it('places a finding of an untouched file on the touched place that it is related to', () => {
    const through = seriesThrough([{ [path]: lines(3) }, { [path]: lines(4) }])
    const at = { file: path, start: lines(3).length, end: lines(4).length }
    const [finding] = reviewOf(through, [wordRule('clk-4.o', { related: [{ at, message: 'added here' }] })]).findings
    if (!finding) return expect.unreachable('there is a finding')
    const placement = placeFinding({ ...finding, path: 'drivers/reset/Makefile' }, through.series.patches[0])
    expect(placement.kind).toBe('line')
  })

  it('places a finding of a renamed file without hunks in the summary', () => {
    const { patch, finding } = reviewed({ [path]: lines(3) }, { 'drivers/clk/Kbuild': lines(3) })
    expect(placeFinding({ ...finding, path: 'drivers/clk/Kbuild' }, patch)).toEqual({ kind: 'summary' })
  })
})
