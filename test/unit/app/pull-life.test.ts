import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPullWatch, type PullWatch, type WatchReport } from '../../../src/app/watch-pulls.ts'
import { faultOn } from '../../support/github/faults.ts'
import { openScene, type Scene } from '../../support/github/scene.ts'
import { driversMakefile } from '../../support/github/small-kernel.ts'
import type { Files } from '../../support/git.ts'

let scene: Scene
let reports: WatchReport['kind'][]
beforeEach(async () => {
  scene = await openScene()
  reports = []
})
afterEach(async () => {
  expect(scene.github.problems).toEqual([])
  await scene.close()
})

const lists = (...objects: string[]): Files => ({ 'drivers/Makefile': driversMakefile(...objects) })
const source = (name: string): Files => ({ [`drivers/${name}.c`]: `/* ${name} */\n` })

async function openWatch(): Promise<PullWatch> {
  return createPullWatch(await scene.desk(), (_, { kind }) => reports.push(kind))
}

async function sweep(watch: PullWatch): Promise<void> {
  await watch.sweep()
  await watch.idle()
}

/** What is told of a pull request: threads by what they are about, whether they are open, and the words of the summary. */
function told() {
  const { threads, comments } = scene.github.pull(1)
  const named = threads.map(({ comments: [first], resolvedBy }) => {
    const [, object = '?'] = /makes `(\w+\.o)`/.exec(first?.body ?? '') ?? []
    return `${object} ${resolvedBy === null ? 'open' : 'resolved'}`
  })
  const own = comments.filter(({ author, body }) => author === 'kbuild-review[bot]' && body.includes('summary'))
  return { threads: named, summaries: own.map(({ body }) => body) }
}

/** A pull request of one commit, whose object nobody makes. */
function openFaulty(options: { readonly draft?: boolean } = {}): string {
  const { head } = scene.branch('topic', [['boards: build the fuses', lists('fuses')]])
  scene.github.openPull({ head, title: 'Fuses', ...options })
  return head
}

describe('a pull request through what people do with it', () => {
  it('is told when a draft is made ready', async () => {
    openFaulty({ draft: true })
    const watch = await openWatch()
    await sweep(watch)
    expect([reports, told().threads]).toEqual([['skipped'], []])
    const pull = scene.github.pull(1)
    pull.draft = false
    pull.updatedAt = scene.github.world.now += 1000
    await sweep(watch)
    expect(told().threads).toEqual(['fuses.o open'])
  })

  it('is told when it is opened again, and not again what it was told before', async () => {
    const head = openFaulty()
    const watch = await openWatch()
    await sweep(watch)
    scene.github.setState(1, 'closed')
    await sweep(watch)
    const next = scene.branch('topic', [
      ['boards: build the fuses', lists('fuses')],
      ['boards: build the slots', lists('fuses', 'slots')],
    ])
    expect(next.head).not.toBe(head)
    scene.github.push(1, next.head)
    await sweep(watch)
    expect(told().threads).toEqual(['fuses.o open'])
    scene.github.setState(1, 'open')
    await sweep(watch)
    expect(told().threads).toEqual(['fuses.o open', 'slots.o open'])
  })

  it('is judged by the commits that its new base does not have', async () => {
    const { head, commits } = scene.branch('topic', [
      ['boards: build the fuses', lists('fuses')],
      ['boards: build the slots', lists('fuses', 'slots')],
    ])
    scene.server.git('branch', 'next', commits[0] ?? '')
    scene.github.openPull({ head, title: 'Fuses and slots' })
    const watch = await openWatch()
    await sweep(watch)
    expect(told().threads).toEqual(['fuses.o open', 'slots.o open'])
    scene.github.changeBase(1, 'next')
    await sweep(watch)
    expect(told().threads).toEqual(['fuses.o resolved', 'slots.o open'])
  })

  it('gets no second thread for what was mended and comes back, and hears of it in the summary', async () => {
    const faulty = openFaulty()
    const watch = await openWatch()
    await sweep(watch)
    const mended = scene.branch('topic', [['boards: build the fuses', { ...lists('fuses'), ...source('fuses') }]])
    scene.github.push(1, mended.head)
    await sweep(watch)
    expect(told().threads).toEqual(['fuses.o resolved'])
    expect(told().summaries.join()).not.toContain('`fuses.o`')
    scene.github.push(1, faulty)
    await sweep(watch)
    expect(told().threads).toEqual(['fuses.o resolved'])
    expect(told().summaries).toEqual([expect.stringContaining('no source and no rule makes `fuses.o`')])
    expect(scene.github.checks(faulty)).toMatchObject([{ conclusion: 'failure', title: '1 error' }])
  })

  it('does not take the marker of a stranger for its own', async () => {
    openFaulty()
    const forged = '<!-- kbuild-review summary -->\n**no findings**'
    scene.github.comment(1, 'dana', forged)
    scene.github.comment(1, 'maintainer', '<!-- kbuild-review answer 1 -->')
    await sweep(await openWatch())
    expect(told().summaries).toHaveLength(1)
    expect(scene.github.pull(1).comments[0]).toMatchObject({ author: 'dana', body: forged })
  })

  it('is told all in the summary where GitHub takes no comment on its lines', async () => {
    openFaulty()
    scene.github.setFaults(faultOn(/POST .*\/reviews/, 'unplaceable'))
    const watch = await openWatch()
    await sweep(watch)
    expect(reports).toEqual(['posted'])
    expect(told().threads).toEqual([])
    expect(told().summaries).toEqual([expect.stringContaining('no source and no rule makes `fuses.o`')])
  })
})
