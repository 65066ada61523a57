import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openGithub } from '../../../src/app/github-client.ts'
import { githubSchema } from '../../../src/app/github-config.ts'
import { readPull, type ReadPull } from '../../../src/app/read-pull.ts'
import { openRepository, type Repository } from '../../../src/git/repository.ts'
import { createPullSource, type PullSource } from '../../../src/sources/github.ts'
import { startGithub, type FakeGithub } from '../../support/github/fake.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

/** What GitHub has; the user's tree is a clone of it, made before anybody opened a pull request. */
let server: FencedRepository
let github: FakeGithub
let tree: Repository
let source: PullSource
const place = { owner: 'boards', repo: 'linux' }

beforeEach(async () => {
  server = createRepository()
  server.commit('base', { 'drivers/Makefile': 'obj-y += core.o\n', 'drivers/core.c': '' })
  const clone = join(server.path, '..', 'clone')
  server.git('clone', '--quiet', server.path, clone)
  const opened = await openRepository(clone, { environment: server.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  tree = opened.repository
  server.git('checkout', '--quiet', '-b', 'topic')
  github = await startGithub({ directory: server.path })
  const settings = githubSchema.parse({ 'base-url': github.api })
  const patience = { throttle: 'off' } as const
  const { octokit } = await openGithub(settings, place, { env: { GH_ENTERPRISE_TOKEN: 'app-token' }, patience })
  source = createPullSource(octokit, place)
})

afterEach(async () => {
  expect(github.problems).toEqual([])
  await github.close()
  await tree.close()
  server.remove()
})

async function read(number = 1): Promise<ReadPull> {
  const pull = await source.pull(number)
  if (pull === null) throw new Error('there is no such pull request')
  return readPull(pull, { repository: tree, token: null })
}

async function readSeries(): Promise<Extract<ReadPull, { kind: 'series' }>> {
  const got = await read()
  if (got.kind !== 'series') throw new Error(JSON.stringify(got))
  return got
}

const titles = ({ series }: Extract<ReadPull, { kind: 'series' }>): string[] => series.patches.map(({ title }) => title)

describe('reading a pull request', () => {
  it('gives one patch a commit, each on the tree that its commit found, and writes nothing into the tree', async () => {
    server.commit('boards: add the source', { 'drivers/board.c': '' })
    const head = server.commit('boards: build it', { 'drivers/Makefile': 'obj-y += core.o\nobj-m += board.o\n' })
    github.openPull({ head, title: 'Add the board' })
    const before = execFileSync('find', [tree.gitDirectory, '-type', 'f', '-printf', '%p %s %T@\n'], {
      encoding: 'utf8',
    })
    const got = await readSeries()
    expect(got.series).toMatchObject({ id: 'boards/linux#1', subject: 'Add the board', expected: 2 })
    expect(titles(got)).toEqual(['boards: add the source', 'boards: build it'])
    expect(got.applied.steps.map(({ before: found }) => found.read('drivers/board.c'))).toEqual([null, ''])
    expect(got.files?.map(({ newPath }) => newPath)).toEqual(['drivers/Makefile', 'drivers/board.c'])
    const after = execFileSync('find', [tree.gitDirectory, '-type', 'f', '-printf', '%p %s %T@\n'], {
      encoding: 'utf8',
    })
    expect(after).toBe(before)
  })

  it('leaves out what the branch that it is for got meanwhile', async () => {
    const head = server.commit('boards: add the source', { 'drivers/board.c': '' })
    server.git('checkout', '--quiet', 'main')
    server.commit('codecs: add one', { 'drivers/codec.c': '' })
    github.openPull({ head, title: 'Add the board' })
    const got = await readSeries()
    expect(titles(got)).toEqual(['boards: add the source'])
    expect(got.files?.map(({ newPath }) => newPath)).toEqual(['drivers/board.c'])
  })

  it('says which merges it leaves out', async () => {
    server.commit('boards: add the source', { 'drivers/board.c': '' })
    server.git('checkout', '--quiet', 'main')
    server.commit('codecs: add one', { 'drivers/codec.c': '' })
    server.git('checkout', '--quiet', 'topic')
    server.git('merge', '--quiet', '--no-edit', 'main')
    github.openPull({ head: server.git('rev-parse', 'HEAD').trim(), title: 'Add the board' })
    const got = await readSeries()
    expect(titles(got)).toEqual(['boards: add the source'])
    expect(got.series.inferred).toEqual([expect.stringMatching(/^merge [\da-f]{12} is left out/)])
  })

  it('reads all commits where the API lists 250', async () => {
    const commits = Array.from({ length: 260 }, (_, at) => {
      const number = at + 1
      const from = at === 0 ? 'from refs/heads/topic^0\n' : ''
      const file = `M 100644 inline drivers/board${number}.c\ndata 0\n\n`
      const text = `boards: add ${number}`
      return `commit refs/heads/long\ncommitter C <c@boards.example> ${1_700_000_000 + at} +0000\ndata ${text.length}\n${text}\n${from}${file}`
    })
    execFileSync('git', ['-C', server.path, 'fast-import', '--quiet'], {
      input: commits.join(''),
      env: server.environment,
    })
    github.openPull({ head: server.git('rev-parse', 'long').trim(), title: 'Many boards' })
    const got = await readSeries()
    expect(got.series.expected).toBe(260)
    expect(titles(got).at(-1)).toBe('boards: add 260')
  })

  it('asks again where the API does not know of a push that git has', async () => {
    const old = server.commit('boards: add the source', { 'drivers/board.c': '' })
    github.openPull({ head: old, title: 'Add the board' })
    server.git('commit', '--quiet', '--amend', '-m', 'boards: add the source, better')
    const head = server.git('rev-parse', 'HEAD').trim()
    github.push(1, head, { late: 1, forget: true })
    expect(await read()).toEqual({ kind: 'unsettled', api: old, git: head })
    expect(titles(await readSeries())).toEqual(['boards: add the source, better'])
  })

  it('reads one whose fork is gone, and one whose base was changed', async () => {
    server.git('branch', 'next', 'main')
    const head = server.commit('boards: add the source', { 'drivers/board.c': '' })
    github.openPull({ head, title: 'Add the board' })
    github.pull(1).headRepository = null
    github.changeBase(1, 'next')
    expect(await source.pull(1)).toMatchObject({ isFork: true, base: 'next' })
    expect(titles(await readSeries())).toEqual(['boards: add the source'])
  })

  it('refuses a tree without history, in whose place a whole kernel would be fetched', async () => {
    const shallow = join(server.path, '..', 'shallow')
    server.git('clone', '--quiet', '--depth=1', `file://${server.path}`, shallow)
    const opened = await openRepository(shallow, { environment: server.environment })
    if (opened.kind === 'none') throw new Error(opened.reason)
    github.openPull({ head: server.commit('boards: add it', { 'drivers/board.c': '' }), title: 'Add the board' })
    const pull = await source.pull(1)
    const got = pull && (await readPull(pull, { repository: opened.repository, token: null }))
    await opened.repository.close()
    expect(got).toMatchObject({ kind: 'none', reason: expect.stringContaining('shallow') as string })
  })
})

describe('the open pull requests of a repository', () => {
  it('are read once and then only where something has changed', async () => {
    const head = server.commit('boards: add it', { 'drivers/board.c': '' })
    github.openPull({ head, title: 'Add the board', draft: true })
    expect(await source.open()).toMatchObject({ kind: 'pulls', pulls: [{ number: 1, draft: true, head }] })
    expect(await source.open()).toEqual({ kind: 'unchanged' })
    github.openPull({ head, title: 'Again' })
    expect(await source.open()).toMatchObject({ kind: 'pulls', pulls: [{ number: 2 }, { number: 1 }] })
    github.setState(1, 'closed')
    expect(await source.open()).toMatchObject({ kind: 'pulls', pulls: [{ number: 2 }] })
  })

  it('are all read where there are more than a page', async () => {
    const head = server.commit('boards: add it', { 'drivers/board.c': '' })
    for (let number = 1; number <= 103; number += 1) github.openPull({ head, title: `Board ${number}` })
    const open = await source.open()
    expect(open.kind === 'pulls' && open.pulls.length).toBe(103)
  })

  it('does not find one that there is not', async () => {
    expect(await source.pull(7)).toBeNull()
  })
})
