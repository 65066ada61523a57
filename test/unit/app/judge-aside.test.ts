import { readdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { rules } from '../../../rules/index.ts'
import {
  createJudgeAside,
  defaultJudgeLimits,
  type JudgeAside,
  type JudgeLimits,
} from '../../../src/app/judge-aside.ts'
import { judgeSeries } from '../../../src/app/judge-series.ts'
import { openKernel } from '../../../src/app/wire.ts'
import type { Repository } from '../../../src/git/repository.ts'
import { createFacts } from '../../../src/review/facts.ts'
import type { Review } from '../../../src/review/review.ts'
import { assembleSeries } from '../../../src/series/assemble.ts'
import type { Series } from '../../../src/series/series.ts'
import { demoKernel } from '../../support/demo-kernel.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'
import { readMail, testNow, writeMail } from '../../support/mails.ts'
import { childrenRunning } from '../../support/processes.ts'

let tree: FencedRepository
let repository: Repository
let series: Series
let cacheDirectory: string
let judge: JudgeAside | null = null

beforeAll(async () => {
  tree = createRepository()
  const files = demoKernel()
  const makefile = 'drivers/boards/Makefile'
  const base = tree.commit('boards: begin', files)
  const rule =
    'quiet_cmd_list = NM $@\n      cmd_list = nm $< > $@\n$(obj)/list: $(obj)/core.o FORCE\n\t$(call if_changed,list)\n'
  tree.commit('boards: more', { [makefile]: `${files[makefile] ?? ''}always-y += list\n${rule}` })
  const body = `More.\n\nSigned-off-by: Ada Byron <ada@example.org>\n---\n${tree.git('show', '--format=')}--\n2.40\n\nbase-commit: ${base}\n`
  const mail = writeMail({ id: 'v1@x', subject: '[PATCH] boards: more', date: testNow, body })
  cacheDirectory = mkdtempSync(join(tmpdir(), 'judge-aside-cache-'))
  const opened = await openKernel(tree.path, { env: tree.environment, cacheDirectory, clock: () => 0 })
  if (opened.kind === 'none') throw new Error(opened.reason)
  repository = opened.repository
  const [assembled] = assembleSeries([await readMail(mail)])
  series = assembled ?? expect.fail('no series')
})
afterEach(async () => {
  await judge?.close()
  judge = null
})
afterAll(async () => {
  await repository.close()
  tree.remove()
  removeDirectory(cacheDirectory)
})

const live = new AbortController().signal
function open(limits: Partial<JudgeLimits> = {}): JudgeAside {
  judge = createJudgeAside({
    gitDirectory: repository.gitDirectory,
    rules: rules.map(({ id }) => id),
    ignored: {},
    env: tree.environment,
    cacheDirectory,
    limits,
  })
  return judge
}
const judges = (): readonly number[] => childrenRunning('judge-process')

const timeless = (review: Review): Review => ({ ...review, timing: {} })

// a process loads all rules, on a busy machine within seconds
const slow = { timeout: 120_000 }

describe('series judged aside', slow, () => {
  it('are judged as in the process itself', async () => {
    const aside = await open().judge(series, live)
    const here = await judgeSeries(series, { repository, rules, facts: createFacts(), base: {} })
    expect(timeless(aside)).toEqual(timeless(here))
    expect(aside.findings).not.toEqual([])
  })

  it('end at once when nobody waits for them any longer, and the next one gets a new process', async () => {
    const opened = open()
    const stop = new AbortController()
    const first = opened.judge(series, stop.signal)
    stop.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await expect(opened.judge(series, stop.signal)).rejects.toThrow('enough')
    expect((await opened.judge(series, live)).verdict).toBe('findings')
  })

  it('fail where they take too long or want too much memory', async () => {
    await expect(open({ seriesMs: 1, patchMs: 0 }).judge(series, live)).rejects.toThrow('not judged within 0.001 s')
    await expect(open({ heapMb: 8 }).judge(series, live)).rejects.toThrow(/memory/)
  })

  it('are judged the same in a process for each, and leave neither files nor processes behind', async () => {
    const ours = (): readonly string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`kbuild-review-${process.pid}-`))
    const before = ours()
    const opened = open({ keptMb: 0 })
    const [first, second] = await Promise.all([opened.judge(series, live), opened.judge(series, live)])
    expect(timeless(first)).toEqual(timeless(second))
    await opened.close()
    expect(ours()).toEqual(before)
    expect(judges()).toEqual([])
  })

  it('go on where Ctrl-C or the stop of a service reaches the judge too', async () => {
    const opened = open()
    await opened.judge(series, live)
    const judged = opened.judge(series, live)
    for (const signal of ['SIGTERM', 'SIGINT']) for (const pid of judges()) process.kill(pid, signal)
    expect((await judged).verdict).toBe('findings')
  })

  it('fail with what the judge ended by, and the next one gets another judge', async () => {
    const opened = open()
    await opened.judge(series, live)
    const judged = opened.judge(series, live)
    expect(judges()).toHaveLength(1)
    for (const pid of judges()) process.kill(pid, 'SIGKILL')
    await expect(judged).rejects.toThrow('SIGKILL')
    expect((await opened.judge(series, live)).verdict).toBe('findings')
  })

  it('are ended by us before the service is by the kernel', () => {
    const unit = resolve(import.meta.dirname, '../../../deploy/systemd/kbuild-review-bot.service')
    const gigabytes = Number(/^MemoryMax=(\d+)G$/m.exec(readFileSync(unit, 'utf8'))?.[1])
    // besides the heap: what is young in it, what is no heap, and the threads that read mails and keep the store
    expect(defaultJudgeLimits.heapMb + 1024).toBeLessThanOrEqual(gigabytes * 1024)
  })
})
