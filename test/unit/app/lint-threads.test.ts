import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rules } from '../../../rules/index.ts'
import { lintInThreads, type ThreadedLint } from '../../../src/app/lint-threads.ts'
import { startLintThreads } from '../../../src/app/start-lint-threads.ts'
import { openRepository, openTree, type Repository } from '../../../src/git/repository.ts'
import { createFacts } from '../../../src/review/facts.ts'
import { batchesBelow, lintBatch, type LintProgress } from '../../../src/review/lint-tree.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'
import { smallKernel } from '../kbuild/small-kernel.ts'

const wanted = ['kcfg-syntax', 'ko-composite-self', 'ms-unbalanced-conditional']

let fenced: FencedRepository
let repository: Repository

beforeAll(async () => {
  fenced = createRepository()
  const texts = Object.entries(smallKernel).map(([path, file]) => [path, typeof file === 'string' ? file : file.text])
  fenced.commit('kernel', {
    ...(Object.fromEntries(texts) as Record<string, string>),
    'arch/x86/mm/Makefile': 'ifdef CONFIG_MMU\nobj-y += fault.o\n',
    'drivers/reset/Kconfig': 'if MMU\nconfig RESET\n\tbool "Reset"\n',
  })
  const opened = await openRepository(fenced.path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  repository = opened.repository
})

afterAll(async () => {
  await repository.close()
  fenced.remove()
})

async function taskOf(onProgress: (progress: LintProgress) => void = () => undefined): Promise<ThreadedLint> {
  const tree = await openTree(repository, 'HEAD')
  if (tree === null) throw new Error('no HEAD')
  const batches = batchesBelow(tree, [''])
  return {
    place: repository.place,
    tree: tree.id,
    rules: wanted,
    list: () => ({ batches, listing: tree.listing() }),
    cacheDirectory: null,
    onProgress,
  }
}

describe('lintInThreads', () => {
  it('says of each batch what one thread says, and tells how far it is', async () => {
    const told: number[] = []
    const task = await taskOf(({ done }) => told.push(done))
    const tree = await openTree(repository, 'HEAD')
    const here = tree && {
      tree,
      rules: rules.filter(({ id }) => wanted.includes(id)),
      facts: createFacts(),
    }
    expect(task.list().batches.length).toBeGreaterThan(2)
    const results = await lintInThreads(task)
    expect(results).toEqual(here && task.list().batches.map((batch) => lintBatch(batch, here)))
    expect(results.flatMap(({ findings }) => findings.map(({ rule, path }) => `${path} ${rule}`))).toEqual([
      'arch/x86/mm/Makefile ms-unbalanced-conditional',
      'drivers/reset/Kconfig kcfg-syntax',
    ])
    expect(told).toHaveLength(task.list().batches.length)
    expect(told.at(-1)).toBe(task.list().batches.flat().length)
  })

  it('takes up threads that were started earlier, and ends with them', async () => {
    const workers = startLintThreads()
    const ends = workers.map((worker) => once(worker, 'exit'))
    const task = await taskOf()
    expect(await lintInThreads({ ...task, workers })).toHaveLength(task.list().batches.length)
    expect((await Promise.all(ends)).flat()).toEqual([0, 0])
  })

  it('fails where a thread does', async () => {
    const place = { ...repository.place, gitDirectory: '/nowhere', workTree: null }
    await expect(lintInThreads({ ...(await taskOf()), place })).rejects.toThrow('cannot read objects')
  })

  it('fails where the files cannot be listed, and ends its threads', async () => {
    const list = (): never => {
      throw new Error('no disk')
    }
    await expect(lintInThreads({ ...(await taskOf()), list })).rejects.toThrow('no disk')
  })

  it('ends its threads where it is stopped', async () => {
    const stop = new AbortController()
    const lint = lintInThreads({ ...(await taskOf()), signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(lint).rejects.toThrow('enough')
  })
})
