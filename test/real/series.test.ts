import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { assembleSeries, seriesOf } from '../../src/series/assemble.ts'
import type { Series } from '../../src/series/series.ts'
import { buildThreads } from '../../src/series/threads.ts'
import { cpuMs } from '../unit/series/cpu-time.ts'
import { compareWithB4, readArchives } from './compare-b4.ts'
import { describeReal } from './support.ts'

function hasB4(): boolean {
  try {
    return /^0\./.test(execFileSync('b4', ['--version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
}

describeReal('series of the list archives', ['KBUILD_REVIEW_LORE'], (lore = '') => {
  it('are found for klp-convert v3 with its seventh patch, in order', async () => {
    const mails = await readArchives(lore)
    const id = (n: number): string => `20240827123052.9002-${n}-lhruska@suse.cz`
    const threads = buildThreads(mails)
    const thread = mails.filter((mail) => threads.root(mail.id) === threads.root(id(1)))
    const series = seriesOf(id(1), thread)
    expect(series?.version).toBe(3)
    expect(series?.patches.map(({ envelope }) => envelope.id)).toEqual([2, 3, 4, 5, 6, 7, 8].map(id))
    expect(series?.patches.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(series?.missing).toEqual([])
    expect(series?.inferred).toContain('the subjects count 6 and 7 patches: taken as 7')
  })

  it('are assembled within five seconds of CPU time for a year of linux-kbuild, every patch in one of them', async () => {
    const mails = (await readArchives(lore)).filter(({ date }) => date >= Date.UTC(2024, 5, 1))
    expect(mails.length).toBeGreaterThan(5_000)
    let series: readonly Series[] = []
    expect(cpuMs(() => (series = assembleSeries(mails)))).toBeLessThan(5_000)
    const own = series
      .filter(({ rerollOf }) => rerollOf === null)
      .flatMap(({ patches }) => patches.map(({ envelope }) => envelope.id))
    expect(own.length - new Set(own).size).toBe(0)
    expect(
      series.filter(({ patches }) => patches.some(({ files, problems }) => files.length + problems.length === 0)),
    ).toEqual([])
  })

  it.skipIf(!hasB4())('are what b4 am makes of 200 threads, or differ for a reason that is written down', async () => {
    const { compared, same, explained, unexplained } = await compareWithB4({ lore })
    expect(unexplained).toEqual([])
    expect(compared).toBe(200)
    expect(same + explained.length).toBe(200)
  })
})
