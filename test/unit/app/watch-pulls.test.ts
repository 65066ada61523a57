import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPullWatch, type PullWatch, type WatchReport } from '../../../src/app/watch-pulls.ts'
import { faultOn } from '../../support/github/faults.ts'
import { openScene, type Scene } from '../../support/github/scene.ts'
import { driversMakefile } from '../../support/github/small-kernel.ts'

let scene: Scene
let reports: (readonly [number, WatchReport['kind']])[]
beforeEach(async () => {
  scene = await openScene()
  reports = []
  const { head } = scene.branch('topic', [
    ['boards: build the fuses', { 'drivers/Makefile': driversMakefile('fuses') }],
  ])
  scene.github.openPull({ head, title: 'Fuses' })
})
afterEach(async () => {
  expect(scene.github.problems).toEqual([])
  await scene.close()
})

async function openWatch(): Promise<PullWatch> {
  return createPullWatch(await scene.desk(), (number, { kind }) => reports.push([number, kind]))
}

async function sweep(watch: PullWatch): Promise<void> {
  await watch.sweep()
  await watch.idle()
}

const answers = (): string[] =>
  scene.github
    .pull(1)
    .comments.filter(({ body }) => body.includes(' answer '))
    .map(({ body }) => body.split('\n').slice(1).join('\n'))

describe('watching pull requests', () => {
  it('looks at new and changed ones, and rests while nothing happens', async () => {
    const watch = await openWatch()
    await sweep(watch)
    // What we wrote ourselves is a change too; then it is quiet.
    await sweep(watch)
    await sweep(watch)
    const quiet = reports.length
    await sweep(watch)
    expect(reports.length).toBe(quiet)
    expect(scene.github.pull(1).threads).toHaveLength(1)
    scene.github.setState(1, 'closed')
    await sweep(watch)
    expect(reports.length).toBe(quiet)
  })

  it('looks at one at a time, and once more where it is poked meanwhile', async () => {
    const watch = await openWatch()
    for (let poke = 0; poke < 5; poke += 1) watch.poke(1)
    await watch.idle()
    expect(reports.length).toBeLessThan(3)
    expect(scene.github.pull(1).threads).toHaveLength(1)
    expect(scene.github.pull(1).comments).toHaveLength(1)
  })

  it('comes back to one that was left for later', async () => {
    const watch = await openWatch()
    scene.github.setFaults(faultOn(/graphql/, 'rate-limit', 6))
    await sweep(watch)
    expect(reports).toEqual([[1, 'later']])
    scene.github.world.now += 3_600_000
    await sweep(watch)
    expect(reports.at(-1)).toEqual([1, 'posted'])
    expect(scene.github.pull(1).threads).toHaveLength(1)
  })

  it('says so where the list is not to be had, and lists it the next time', async () => {
    const watch = await openWatch()
    scene.github.setFaults(faultOn(/pulls$/, 'server-error'))
    expect(await watch.sweep()).toMatchObject({ kind: 'later' })
    await sweep(watch)
    expect(reports).toEqual([[1, 'posted']])
  })
})

describe('commands in comments', () => {
  it('are followed once, by people who may write', async () => {
    const watch = await openWatch()
    await sweep(watch)
    scene.github.comment(1, 'maintainer', '/kbuild-review retest')
    await sweep(watch)
    await sweep(watch)
    expect(answers()).toEqual([`Judged again at ${scene.github.pull(1).head}: 1 error.`])
  })

  it('of others are not even answered', async () => {
    const watch = await openWatch()
    scene.github.comment(1, 'dana', '/kbuild-review invalid ko-missing-source')
    scene.github.comment(1, 'ghost', '/kbuild-review retest')
    await sweep(watch)
    expect(answers()).toEqual([])
    expect(scene.github.pull(1).threads).toMatchObject([{ resolvedBy: null }])
  })

  it('silence a rule for good, after a restart too', async () => {
    await sweep(await openWatch())
    scene.github.comment(1, 'maintainer', '/kbuild-review invalid ko-missing-source')
    await sweep(await openWatch())
    const { head } = scene.branch('topic', [
      ['boards: build the fuses and slots', { 'drivers/Makefile': driversMakefile('fuses', 'slots') }],
    ])
    scene.github.push(1, head)
    await sweep(await openWatch())
    expect(answers()).toEqual(['`ko-missing-source` is not told on this pull request any more.'])
    expect(scene.github.pull(1).threads).toMatchObject([{ resolvedBy: 'kbuild-review[bot]' }])
    expect(scene.github.checks(head)).toMatchObject([{ conclusion: 'success' }])
  })

  it('explain a rule, and say what there is', async () => {
    const watch = await openWatch()
    scene.github.comment(1, 'maintainer', '/kbuild-review explain ko-missing-source\nthank you')
    scene.github.comment(1, 'maintainer', '/kbuild-review explain no-such-rule')
    scene.github.comment(1, 'maintainer', '/kbuild-review dance')
    scene.github.comment(1, 'maintainer', 'I like /kbuild-review retest')
    await sweep(watch)
    const [page, none, usage, ...more] = answers()
    expect(page).toContain('## What it reports')
    expect(none).toBe('There is no rule `no-such-rule`.')
    expect(usage).toMatch(/^Commands: /)
    expect(more).toEqual([])
  })
})
