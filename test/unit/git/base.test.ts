import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseBase, type BaseOptions, type ChosenBase } from '../../../src/git/base.ts'
import { openRepository, type Repository } from '../../../src/git/repository.ts'
import { treeOf } from '../../../src/git/trees.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'
import { seriesOf } from './patches.ts'

let fenced: FencedRepository
let repository: Repository | null
let before: string

beforeEach(() => {
  fenced = createRepository()
  fenced.commit('boards: begin', { Makefile: 'obj-y += drivers/\n', 'drivers/Makefile': 'obj-y += boards/\n' })
  repository = null
})

afterEach(async () => {
  await repository?.close()
  expect(fenced.snapshot()).toBe(before)
  fenced.remove()
})

async function choose(
  patches: readonly string[],
  commit: string | null,
  options: BaseOptions = {},
): Promise<ChosenBase> {
  before = fenced.snapshot()
  const opened = await openRepository(fenced.path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  repository = opened.repository
  return chooseBase(repository, seriesOf(patches, { commit }), options)
}

const id = (revision: string): string => fenced.git('rev-parse', revision).trim()

describe('chooseBase', () => {
  it('takes what is given, and nothing else', async () => {
    fenced.git('tag', 'v1')
    fenced.commit('boards: go on', { Makefile: 'obj-y += drivers/ lib/\n' })
    expect(await choose([], id('HEAD'), { given: 'v1' })).toEqual({
      kind: 'base',
      base: { commit: id('v1'), how: 'given', certain: true, detail: '`v1`, as given' },
    })
    const none = { kind: 'no-base', reason: '`v2` is no commit of the repository' }
    expect(repository && (await chooseBase(repository, seriesOf([]), { given: 'v2' }))).toEqual(none)
  })

  it('takes the base-commit of the mails, also abbreviated and off every branch', async () => {
    const orphan = fenced.git('commit-tree', '-m', 'next', 'HEAD^{tree}').trim()
    expect(await choose([], orphan.slice(0, 12))).toEqual({
      kind: 'base',
      base: { commit: orphan, how: 'base-commit', certain: true, detail: 'base-commit of the mails' },
    })
  })

  it('does not let a mail name a branch or an option as its base-commit', async () => {
    fenced.git('branch', 'deadbeef-branch')
    for (const named of ['main', 'deadbeef-branch', '--all', 'HEAD~0']) {
      const chosen = await choose([], named)
      expect(chosen).toMatchObject({ kind: 'base', base: { how: 'head', certain: false } })
      await repository?.close()
    }
  })

  it('finds the branch or tag that has the files as the diffs expect them', async () => {
    const old = fenced.commit('boards: old', { 'drivers/Makefile': 'obj-y += boards/ codecs/\n' })
    fenced.git('tag', '-a', '-m', 'old', 'v6.11')
    const change = fenced.commit('boards: change', { 'drivers/Makefile': 'obj-y += boards/ codecs/ clocks/\n' })
    const next = fenced.commit('boards: change again', {
      'drivers/Makefile': 'obj-y += boards/ codecs/ clocks/ rtc/\n',
      'drivers/rtc.c': 'int rtc;\n',
    })
    const patches = [fenced.formatPatch(change, '--full-index'), fenced.formatPatch(next)]
    fenced.commit('boards: other', { 'drivers/Makefile': 'obj-m += boards/\n' })
    expect(await choose(patches, null)).toEqual({
      kind: 'base',
      base: { commit: old, how: 'blobs', certain: false, detail: 'v6.11; 1 of 1 files are as the patches expect them' },
    })
  })

  it('falls back to HEAD, says how much of it is as expected, and what it passed over', async () => {
    const change = fenced.commit('boards: change', {
      Makefile: 'obj-y += drivers/ lib/\n',
      'drivers/Makefile': 'obj-y += boards/ codecs/\n',
    })
    const patch = fenced.formatPatch(change)
    const head = fenced.commit('boards: half way back', { Makefile: 'obj-y += drivers/\n' })
    expect(await choose([patch], 'f'.repeat(40))).toEqual({
      kind: 'base',
      base: {
        commit: head,
        how: 'head',
        certain: false,
        detail:
          'the base-commit ffffffffffff of the mails is not in the repository; HEAD; 1 of 2 files are as the patches expect them',
      },
    })
  })

  it('refuses where the caller wants the base-commit or nothing', async () => {
    expect(await choose([], 'f'.repeat(40), { unreachable: 'refuse' })).toEqual({
      kind: 'no-base',
      reason: 'the base-commit ffffffffffff of the mails is not in the repository',
    })
  })

  it('has none in a repository without commits', async () => {
    fenced.remove()
    fenced = createRepository()
    expect(await choose([], null)).toEqual({ kind: 'no-base', reason: 'the repository has no commit' })
  })

  it('fetches a base-commit from a remote, without a trace in the repository', async () => {
    const upstream = createRepository()
    upstream.commit('boards: begin', { Makefile: 'obj-y += drivers/\n' })
    const commit = upstream.commit('boards: go on', {
      Makefile: 'obj-y += drivers/ lib/\n',
      'lib/Makefile': 'obj-y += lib.o\n',
    })
    upstream.commit('boards: newer', { Makefile: 'obj-y += lib/\n' })
    upstream.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
    fenced.git('remote', 'add', 'broken', join(upstream.path, 'nowhere'))
    fenced.git('remote', 'add', 'upstream', `file://${upstream.path}`)
    const chosen = await choose([], commit, { fetch: 'remotes' })
    expect(chosen).toMatchObject({ kind: 'base', base: { commit, how: 'base-commit', certain: true } })
    upstream.remove()
    expect(repository && treeOf(repository, commit)?.read('lib/Makefile')).toBe('obj-y += lib.o\n')
    expect(
      repository && (await chooseBase(repository, seriesOf([], { commit: 'e'.repeat(40) }), { fetch: 'remotes' })),
    ).toMatchObject({
      kind: 'base',
      base: { how: 'head' },
    })
  })

  it('survives a branch whose objects are gone', async () => {
    const lost = fenced.commit('boards: lost', { Makefile: 'obj-y += lost/\n' })
    const patch = fenced.formatPatch(lost)
    fenced.git('branch', 'lost')
    fenced.git('reset', '--quiet', '--hard', 'HEAD~')
    rmSync(join(fenced.path, '.git/objects', lost.slice(0, 2), lost.slice(2)))
    expect(await choose([patch], null)).toMatchObject({ kind: 'base', base: { commit: id('HEAD'), how: 'blobs' } })
  })
})
