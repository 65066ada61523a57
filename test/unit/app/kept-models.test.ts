import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { createConditions } from '../../../src/cond/conditions.ts'
import { createKeptModels, modelProgram, type KeptModels } from '../../../src/app/kept-models.ts'
import { modelTree } from '../../../src/app/kernel-model.ts'
import { openRepository, openTree, type Repository } from '../../../src/git/repository.ts'
import type { GitTree } from '../../../src/git/tree.ts'
import type { KernelModel } from '../../../src/kbuild/kernel-model.ts'
import { openSnapshots, type Snapshots } from '../../../src/store/snapshots.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'
import { modelText } from '../../support/model-text.ts'
import { smallKernel } from '../kbuild/small-kernel.ts'

let fenced: FencedRepository
let repository: Repository
let trees: Readonly<Record<'first' | 'second' | 'retyped', GitTree>>
let cache = ''

const kconfig = 'config CLK\n\ttristate "Clocks"\n'

beforeAll(async () => {
  fenced = createRepository()
  const texts = new Map<string, string>()
  for (const [path, file] of Object.entries(smallKernel)) texts.set(path, typeof file === 'string' ? file : file.text)
  fenced.commit('first', { ...Object.fromEntries(texts), Kconfig: kconfig })
  fenced.commit('second', { 'drivers/clk/Makefile': 'obj-$(CONFIG_CLK) += clk.o gate.o\n' })
  fenced.commit('retyped', { Kconfig: kconfig.replace('tristate', 'bool') })
  const opened = await openRepository(fenced.path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  repository = opened.repository
  const at = async (revision: string): Promise<GitTree> => {
    const tree = await openTree(repository, revision)
    return tree ?? expect.fail(`no ${revision}`)
  }
  trees = { first: await at('HEAD~2'), second: await at('HEAD~1'), retyped: await at('HEAD') }
})

afterAll(async () => {
  await repository.close()
  fenced.remove()
})

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kept-models-'))
  return () => removeDirectory(cache)
})

/** What a process has: nothing in memory, and what the disk holds. `log` is what it reads and writes there. */
function newProcess(options: { readonly program?: string } = {}): { models: KeptModels; log: string[] } {
  const { read, write, recent } = openSnapshots(join(cache, 'models'), { clock: Date.now })
  const log: string[] = []
  const nameOf = (id: string): string => Object.entries(trees).find(([, tree]) => tree.id === id)?.[0] ?? id
  const snapshots: Snapshots = {
    read: (key) => {
      const found = read(key)
      if (found !== null) log.push(`read ${nameOf(key.id)}`)
      return found
    },
    write: (key, bytes) => {
      log.push(`write ${nameOf(key.id)}`)
      write(key, bytes)
    },
    recent,
  }
  return { models: createKeptModels({ repository, snapshots, program: () => options.program ?? 'this' }), log }
}

const model = (tree: GitTree, models?: KeptModels): KernelModel =>
  modelTree(tree, { arch: 'x86', configuration: null, ...(models && { models }) })

function expectSame(found: KernelModel, tree: GitTree): void {
  const common = createConditions()
  const all = { evaluated: () => true, printed: () => true }
  expect(modelText(found, common, all)).toEqual(modelText(model(tree), common, all))
}

describe('kept models', () => {
  it('are made once, and read back by the next process', () => {
    const first = newProcess()
    expect(model(trees.first, first.models)).toBe(model(trees.first, first.models))
    expect(first.log).toEqual(['write first'])
    const next = newProcess()
    expectSame(model(trees.first, next.models), trees.first)
    expect(next.log).toEqual(['read first'])
  })

  it('stand in for the model of a tree that differs in few files', () => {
    model(trees.first, newProcess().models)
    const next = newProcess()
    expectSame(model(trees.second, next.models), trees.second)
    expect(next.log).toEqual(['read first'])
  })

  it('are taken from memory where one is near there', () => {
    const { models, log } = newProcess()
    model(trees.first, models)
    expectSame(model(trees.second, models), trees.second)
    expect(log).toEqual(['write first'])
  })

  it('do not stand in where a symbol has another type', () => {
    model(trees.second, newProcess().models)
    const next = newProcess()
    expectSame(model(trees.retyped, next.models), trees.retyped)
    expect(next.log).toEqual(['read second', 'write retyped'])
  })

  it('remember what was made elsewhere', () => {
    const { models } = newProcess()
    const made = model(trees.second)
    models.keep(made)
    expect(model(trees.second, models)).toBe(made)
  })

  it('are those of one program and one architecture', () => {
    model(trees.first, newProcess().models)
    const other = newProcess({ program: 'another' })
    model(trees.first, other.models)
    const arm = newProcess()
    modelTree(trees.first, { arch: 'arm', configuration: null, models: arm.models })
    expect([other.log, arm.log]).toEqual([['write first'], ['write first']])
  })

  it('are made anew where the disk holds anything else', () => {
    model(trees.first, newProcess().models)
    const [name = ''] = readdirSync(join(cache, 'models'))
    writeFileSync(join(cache, 'models', name), 'not a model')
    const next = newProcess()
    expectSame(model(trees.first, next.models), trees.first)
    expect(next.log).toEqual(['write first'])
  })

  it('do without a disk', () => {
    const models = createKeptModels({ repository, snapshots: null, program: () => 'this' })
    expect(model(trees.first, models)).toBe(model(trees.first, models))
    expectSame(model(trees.second, models), trees.second)
  })

  it('are none of a tree without an id, and none of one configuration', () => {
    const { models, log } = newProcess()
    const unnamed = { ...trees.first, id: null }
    const request = { arch: 'x86', configuration: null, models }
    expect(modelTree(unnamed, request)).not.toBe(modelTree(unnamed, request))
    modelTree(trees.first, { ...request, configuration: 'CONFIG_CLK=y\n' })
    expect(log).toEqual([])
  })
})

describe('modelProgram', () => {
  it('is the same for the same program', () => {
    expect(modelProgram()).toMatch(/^[\da-f]{64}$/)
    expect(modelProgram()).toBe(modelProgram())
  })
})
