import { describe, expect, it } from 'vitest'
import { changeSections, patchSection, wholeSection } from '../../../src/review/change-sections.ts'
import { joinArchs, type BuildChanges, type Changes } from '../../../src/review/changes.ts'
import type { Review } from '../../../src/review/review.ts'
import { reviewOf } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const clocks = (count: number): string[] => Array.from({ length: count }, (_, at) => `new: drivers/clk/clk-${at}.o`)

const single = seriesThrough([{ Makefile: '' }, { Makefile: '\n' }])
const pair = seriesThrough([{ Makefile: '' }, { Makefile: '\n' }, { Makefile: '\n\n' }])

function reviewed(of: typeof single, changes: Changes): Review {
  return { ...reviewOf(of, []), changes }
}

const onX86 = (lines: readonly string[]): BuildChanges => joinArchs([{ arch: 'x86_64', lines }])

describe('a section on what changes in the build', () => {
  it('names the patch, or the series, and the architecture', () => {
    const whole = onX86(['new: drivers/clk/mux.o'])
    const patches = [{ patch: 1, ...whole }]
    expect(changeSections(reviewed(single, { patches, whole }))).toEqual([
      { title: 'What this patch changes in the build (x86_64)', lines: ['new: drivers/clk/mux.o'] },
    ])
    const ofPair = reviewed(pair, { patches, whole })
    expect(changeSections(ofPair).map(({ title }) => title)).toEqual(['What this series changes in the build (x86_64)'])
    expect(wholeSection(ofPair)).toEqual(changeSections(ofPair))
    expect(patchSection(ofPair, 1).map(({ title }) => title)).toEqual(['What this patch changes in the build (x86_64)'])
    expect(patchSection(ofPair, 2)).toEqual([])
  })

  it('is one of each patch where the whole is not known', () => {
    const patches = [1, 2].map((patch) => ({ patch, ...onX86([`new: drivers/clk/clk-${patch}.o`]) }))
    expect(changeSections(reviewed(pair, { patches, whole: null })).map(({ title }) => title)).toEqual([
      'What patch 1 changes in the build (x86_64)',
      'What patch 2 changes in the build (x86_64)',
    ])
  })

  it('is none where nothing changes', () => {
    const whole = onX86([])
    expect(changeSections(reviewed(single, { patches: [{ patch: 1, ...whole }], whole }))).toEqual([])
  })

  it('tells once what holds for several architectures, then what holds for others', () => {
    const whole = joinArchs([
      { arch: 'x86_64', lines: ['new: drivers/clk/mux.o'] },
      { arch: 'arm64', lines: ['new: arch/arm64/mm/mmu.o', 'new: drivers/clk/mux.o'] },
    ])
    expect(whole.archs).toEqual(['x86_64', 'arm64'])
    expect(changeSections(reviewed(single, { patches: [], whole }))).toEqual([
      {
        title: 'What this patch changes in the build (x86_64, arm64)',
        lines: ['new: drivers/clk/mux.o', 'for arm64:', 'new: arch/arm64/mm/mmu.o'],
      },
    ])
  })

  it('has at most fifteen lines, and spells out what drives terminals', () => {
    const lines = (count: number) =>
      changeSections(reviewed(single, { patches: [], whole: onX86(clocks(count)) }))[0]?.lines
    expect(lines(15)).toEqual(clocks(15))
    expect(lines(16)).toEqual([...clocks(14), '... and more'])
    const hostile = onX86(['new: drivers/clk/\u001b[2Jx.o'])
    expect(changeSections(reviewed(single, { patches: [], whole: hostile }))[0]?.lines).toEqual([
      'new: drivers/clk/\\x1b[2Jx.o',
    ])
  })
})
