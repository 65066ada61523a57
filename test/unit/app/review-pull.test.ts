import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reviewPull } from '../../../src/app/review-pull.ts'
import type { SuiteResult } from '../../../src/outlets/github-checks.ts'
import { faultOn, type Fault } from '../../support/github/faults.ts'
import { openScene, type Scene } from '../../support/github/scene.ts'
import { driversMakefile } from '../../support/github/small-kernel.ts'
import type { Files } from '../../support/git.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(async () => {
  expect(scene.github.problems).toEqual([])
  await scene.close()
})

const lists = (...objects: string[]): Files => ({ 'drivers/Makefile': driversMakefile(...objects) })
const source = (name: string): Files => ({ [`drivers/${name}.c`]: `/* ${name} */\n` })

/** A pull request of two commits; what the first lists nobody brings. */
function openPull(): { number: number; head: string } {
  const { head } = scene.branch('topic', [
    ['boards: build the fuses', lists('fuses')],
    ['boards: build the slots', { ...lists('fuses', 'slots'), ...source('slots') }],
  ])
  return { number: scene.github.openPull({ head, title: 'Fuses and slots' }), head }
}

/** What people see of a pull request. */
function shown(number = 1): object {
  const { threads, comments, reviews, head } = scene.github.pull(number)
  return {
    checks: scene.github.checks(head).map(({ name, status, conclusion, title }) => [name, status, conclusion, title]),
    threads: threads.map(({ path, line, side, resolvedBy, comments: all }) => [
      `${path}:${line} ${side}`,
      resolvedBy,
      all.length,
    ]),
    comments: comments.map(({ author, body }) => [author, body.split('\n')[0]]),
    reviews: reviews.length,
  }
}

const told = {
  checks: [['kbuild-review', 'completed', 'failure', '1 error']],
  threads: [['drivers/Makefile:3 RIGHT', null, 1]],
  comments: [['kbuild-review[bot]', '<!-- kbuild-review summary -->']],
  reviews: 1,
}

describe('telling a review on a pull request', () => {
  it('makes a check, a comment on the line, and a summary', async () => {
    openPull()
    const outcome = await reviewPull(1, await scene.desk())
    expect(outcome).toMatchObject({ kind: 'posted', posted: { comments: 1, resolved: 0, sticky: 'create' }, checks: 1 })
    expect(shown()).toEqual(told)
    const [thread] = scene.github.pull(1).threads
    expect(thread?.comments[0]?.body).toMatch(
      /^<!-- kbuild-review finding [\da-f]{24} -->\n\*\*error\*\*: no source and no rule makes `fuses.o` \[ko-missing-source\]\n/,
    )
    const [check] = scene.github.checks(scene.github.pull(1).head)
    expect(check?.annotations).toMatchObject([
      { path: 'drivers/Makefile', start_line: 3, end_line: 3, annotation_level: 'failure', title: 'ko-missing-source' },
    ])
  })

  it('tells nothing twice, also after a restart', async () => {
    openPull()
    await reviewPull(1, await scene.desk())
    const written = (): number =>
      scene.github.exchanges.filter(({ method, operation }) => method !== 'GET' && operation !== null).length
    const before = written()
    await reviewPull(1, await scene.desk())
    expect(shown()).toEqual(told)
    expect(written()).toBe(before)
  })

  it('writes nothing where nobody said that it may', async () => {
    openPull()
    const outcome = await reviewPull(1, await scene.desk({ post: false }))
    expect(outcome).toMatchObject({ kind: 'judged', review: { verdict: 'findings' } })
    expect(shown()).toEqual({ checks: [], threads: [], comments: [], reviews: 0 })
  })

  it('repeats nothing after a rebase, though the line is another', async () => {
    openPull()
    await reviewPull(1, await scene.desk())
    scene.branch(
      'main',
      [['codecs: build one', { 'drivers/Makefile': driversMakefile().replace('\n', '\n# codecs\n') }]],
      'main',
    )
    const rebased = driversMakefile('fuses').replace('\n', '\n# codecs\n')
    const { head } = scene.branch('topic', [['boards: build the fuses', { 'drivers/Makefile': rebased }]])
    scene.github.push(1, head, { forget: true })
    expect(await reviewPull(1, await scene.desk())).toMatchObject({
      kind: 'posted',
      posted: { comments: 0, resolved: 0 },
    })
    expect(shown()).toMatchObject({ checks: told.checks, threads: told.threads, reviews: 1 })
  })

  it('resolves what is mended, and not where a person has written', async () => {
    const { head } = scene.branch('topic', [['boards: build both', lists('fuses', 'slots')]])
    scene.github.openPull({ head, title: 'Fuses and slots' })
    await reviewPull(1, await scene.desk())
    const [fuses, slots] = scene.github.pull(1).threads
    if (!fuses || !slots) throw new Error('two threads are expected')
    scene.github.reply(slots, 'dana', 'It comes with the next series.')
    const mended = scene.branch('topic', [
      ['boards: build both', { ...lists('fuses', 'slots'), ...source('fuses'), ...source('slots') }],
    ])
    scene.github.push(1, mended.head)
    await reviewPull(1, await scene.desk())
    expect([fuses.resolvedBy, slots.resolvedBy]).toEqual(['kbuild-review[bot]', null])
    expect(scene.github.checks(mended.head)).toMatchObject([{ conclusion: 'success', title: 'no findings' }])
  })

  it('says in the summary what it cannot say on a line', async () => {
    const { head } = scene.branch('topic', [['boards: drop the source', { 'drivers/core.c': null }]])
    scene.github.openPull({ head, title: 'Drop it' })
    await reviewPull(1, await scene.desk())
    const { threads, comments } = scene.github.pull(1)
    const text = [...threads.map(({ comments: all }) => all[0]?.body ?? ''), ...comments.map(({ body }) => body)].join(
      '\n',
    )
    expect(text).toContain('no source and no rule makes `core.o`')
    expect(text).toContain('drivers/Makefile')
  })

  it('puts at most 30 comments on lines, and the rest in the summary; annotations come in batches', async () => {
    const names = Array.from({ length: 120 }, (_, at) => `board${at}`)
    const { head } = scene.branch('topic', [['boards: build many', lists(...names)]])
    scene.github.openPull({ head, title: 'Many' })
    await reviewPull(1, await scene.desk())
    expect(scene.github.pull(1).threads).toHaveLength(30)
    const [sticky] = scene.github.pull(1).comments
    expect(sticky?.body.match(/^- \*\*error\*\*/gm)).toHaveLength(90)
    expect(sticky?.body.length).toBeLessThan(65_536)
    const [check] = scene.github.checks(head)
    expect(check).toMatchObject({ status: 'completed', conclusion: 'failure' })
    expect(check?.annotations).toHaveLength(120)
    await reviewPull(1, await scene.desk())
    expect(scene.github.pull(1).threads).toHaveLength(30)
  })

  it('tells drafts and closed ones nothing', async () => {
    openPull()
    scene.github.pull(1).draft = true
    expect(await reviewPull(1, await scene.desk())).toEqual({ kind: 'skipped', why: 'draft' })
    scene.github.pull(1).draft = false
    scene.github.setState(1, 'closed')
    expect(await reviewPull(1, await scene.desk())).toEqual({ kind: 'skipped', why: 'closed' })
    expect(await reviewPull(8, await scene.desk())).toEqual({ kind: 'skipped', why: 'gone' })
    expect(shown()).toEqual({ checks: [], threads: [], comments: [], reviews: 0 })
  })

  it('makes a check of each suite on each architecture, neutral where the environment is at fault', async () => {
    openPull()
    const result = (arch: string, outcome: SuiteResult['outcome']): SuiteResult => ({
      suite: 'livepatch',
      arch,
      outcome,
      summary: outcome,
      findings: [],
    })
    const suites = [result('x86_64', 'passed'), result('arm64', 'failed'), result('s390', 'environment')]
    const { number } = openPull()
    await reviewPull(number, await scene.desk({ suites }))
    expect(
      scene.github.checks(scene.github.pull(number).head).map(({ name, conclusion }) => [name, conclusion]),
    ).toEqual([
      ['kbuild-review', 'failure'],
      ['kbuild-review / livepatch (x86_64)', 'success'],
      ['kbuild-review / livepatch (arm64)', 'failure'],
      ['kbuild-review / livepatch (s390)', 'neutral'],
    ])
  })

  it('makes statuses with a token of a person, each once', async () => {
    openPull()
    const desk = await scene.desk({ token: 'person-token' })
    expect(await reviewPull(1, desk)).toMatchObject({
      kind: 'posted',
      notes: [expect.stringMatching(/statuses instead/)],
    })
    await reviewPull(1, desk)
    expect(scene.github.world.statuses).toMatchObject([
      { context: 'kbuild-review', state: 'failure', description: '1 error' },
    ])
    expect(scene.github.pull(1).threads).toHaveLength(1)
  })

  it('says that a token may only read, as that of a fork does', async () => {
    openPull()
    expect(await reviewPull(1, await scene.desk({ token: 'fork-token' }))).toMatchObject({ kind: 'refused' })
    expect(shown()).toEqual({ checks: [], threads: [], comments: [], reviews: 0 })
  })
})

describe('a pull request of which something fails', () => {
  const cases: readonly (readonly [string, Fault])[] = [
    ['GET /api/v3/repos/boards/linux/pulls/1$', 'server-error'],
    ['GET /api/v3/repos/boards/linux/pulls/1$', 'gone'],
    ['POST /api/graphql', 'cut-before'],
    ['POST /api/graphql', 'rate-limit'],
    ['GET .*/check-runs', 'gone'],
    ['POST .*/check-runs', 'bad-gateway-after'],
    ['POST .*/reviews', 'cut-before'],
    ['POST .*/reviews', 'cut-after'],
    ['POST .*/reviews', 'secondary-limit'],
    ['POST .*/comments', 'cut-after'],
    ['POST .*/comments', 'bad-gateway-after'],
  ]
  it.each(cases)('is told once after %s: %s', async (request, fault) => {
    openPull()
    scene.github.setFaults(faultOn(new RegExp(request), fault))
    const desk = await scene.desk()
    for (let round = 0; round < 3; round += 1) if ((await reviewPull(1, desk)).kind === 'posted') break
    expect(shown()).toEqual(told)
  })

  it('is left for later where a limit holds long', async () => {
    openPull()
    scene.github.setFaults(faultOn(/graphql/, 'rate-limit', 20))
    expect(await reviewPull(1, await scene.desk())).toMatchObject({ kind: 'later' })
    expect(scene.slept.every((ms) => ms >= 1000)).toBe(true)
  })

  it('is left for later while the API and git tell different heads', async () => {
    openPull()
    const { head } = scene.branch('topic', [['boards: build the fuses', { ...lists('fuses'), ...source('fuses') }]])
    scene.github.push(1, head, { late: 1, forget: true })
    const desk = await scene.desk()
    expect(await reviewPull(1, desk)).toMatchObject({
      kind: 'later',
      why: expect.stringContaining('git has') as string,
    })
    expect(await reviewPull(1, desk)).toMatchObject({ kind: 'posted' })
    expect(shown()).toMatchObject({ threads: [], checks: [['kbuild-review', 'completed', 'success', 'no findings']] })
  })

  it('goes on with a check run that was left in the middle', async () => {
    const names = Array.from({ length: 120 }, (_, at) => `board${at}`)
    const { head } = scene.branch('topic', [['boards: build many', lists(...names)]])
    scene.github.openPull({ head, title: 'Many' })
    scene.github.setFaults(faultOn(/PATCH/, 'cut-after'))
    await reviewPull(1, await scene.desk())
    expect(scene.github.world.checks).toMatchObject([{ status: 'completed' }])
    expect(scene.github.world.checks[0]?.annotations).toHaveLength(120)
  })
})
