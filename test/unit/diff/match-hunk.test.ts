import { describe, expect, it } from 'vitest'
import type { Hunk } from '../../../src/diff/file-diff.ts'
import { fitHunk, standsIn } from '../../../src/diff/match-hunk.ts'
import { parseDiff } from '../../../src/diff/parse-diff.ts'
import { cpuMs } from '../../support/cpu.ts'
import { fc } from '../../support/random.ts'

function hunkOf(body: string, start = 1): Hunk {
  const lines = body.split('\n')
  const [olds, news] = ['+', '-'].map((sign) => lines.filter((line) => !line.startsWith(sign)).length)
  const text = `--- a/Makefile\n+++ b/Makefile\n@@ -${start},${olds ?? 0} +${start},${news ?? 0} @@\n${body}\n`
  const hunk = parseDiff(text).files[0]?.hunks[0]
  if (hunk === undefined) throw new Error('no hunk')
  return hunk
}

const file = ['alder', 'birch', 'cedar', 'elm', 'fir', 'alder', 'birch', 'hazel']

describe('fitHunk', () => {
  it('finds a hunk wherever it stands, the place nearest to its header first', () => {
    const hunk = (start: number): Hunk => hunkOf(' alder\n-birch\n+beech', start)
    expect(fitHunk(hunk(1), 'old', file)).toEqual({ line: 1, matched: 2, mismatch: null })
    expect(fitHunk(hunk(7), 'old', file)).toEqual({ line: 6, matched: 2, mismatch: null })
    expect(fitHunk(hunk(1), 'new', ['x', 'alder', 'beech'])).toEqual({ line: 2, matched: 2, mismatch: null })
  })

  it('names the first line that differs where it comes closest', () => {
    expect(fitHunk(hunkOf(' cedar\n-oak\n fir'), 'old', file)).toEqual({
      line: 3,
      matched: 2,
      mismatch: { line: 4, found: 'elm', wanted: 'oak' },
    })
    expect(fitHunk(hunkOf(' birch\n hazel\n-pine', 7), 'old', file)?.mismatch).toEqual({
      line: 9,
      found: null,
      wanted: 'pine',
    })
    expect(fitHunk(hunkOf('-oak\n alder\n birch'), 'old', file)?.mismatch).toEqual({
      line: 0,
      found: null,
      wanted: 'oak',
    })
  })

  it('finds nothing where none of the lines is there, or all of them are everywhere', () => {
    expect(fitHunk(hunkOf('-oak\n+ash'), 'old', file)).toBeNull()
    expect(
      fitHunk(
        hunkOf('-endif\n+ash'),
        'old',
        Array.from({ length: 500 }, () => 'endif'),
      ),
    ).toBeNull()
  })

  it('takes time linear in both, whatever repeats', () => {
    const lines = Array.from({ length: 300_000 }, (_, index) => `line ${index % 5000}`)
    const hunk = hunkOf(`-${lines.join('\n-')}`)
    expect(cpuMs(() => fitHunk(hunk, 'old', lines))).toBeLessThan(4_000)
  })
})

describe('standsIn', () => {
  const few = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 })

  it('finds lines one below the other, and only so', () => {
    fc.assert(
      fc.property(few, fc.array(fc.constantFrom('a', 'b'), { maxLength: 20 }), (wanted, lines) => {
        const naive = lines.some((_, at) => wanted.every((line, index) => lines[at + index] === line))
        expect(standsIn(wanted, lines)).toBe(wanted.length === 0 || naive)
      }),
      { numRuns: 1000 },
    )
  })

  it('takes time linear in both, whatever repeats', () => {
    const lines = Array.from({ length: 400_000 }, () => 'a')
    const wanted = [...lines.slice(200_000), 'b']
    expect(cpuMs(() => expect(standsIn(wanted, lines)).toBe(false))).toBeLessThan(2_000)
  })
})
