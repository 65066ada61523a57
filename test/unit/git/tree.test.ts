import { realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRepository, openTree, resolveCommit, type Repository } from '../../../src/git/repository.ts'
import { createRepository, type FencedRepository, type Files } from '../../support/git.ts'

const files: Files = {
  Makefile: 'obj-y += drivers/\n',
  'scripts/check.sh': { program: '#!/bin/sh\n' },
  'drivers/Makefile': 'obj-y += boards/ codecs/\n',
  'drivers/boards/alder.c': 'int alder;\n',
  'drivers/boards/Bord-é.c': '/* größer */\n',
  'drivers/codecs/Makefile': { link: '../boards/Makefile' },
  'Documentation/latin1.txt': Uint8Array.of(0xe9, 10),
}

let fenced: FencedRepository
let repository: Repository

async function open(path: string): Promise<Repository> {
  const opened = await openRepository(path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  return opened.repository
}

beforeEach(() => {
  fenced = createRepository()
  fenced.commit('boards: begin', files)
})

afterEach(async () => {
  await repository.close()
  fenced.remove()
})

describe('openTree', () => {
  it('reads texts, whatever their bytes are, and nothing that is no file', async () => {
    repository = await open(fenced.path)
    const tree = await openTree(repository, 'HEAD')
    expect(tree?.read('drivers/Makefile')).toBe('obj-y += boards/ codecs/\n')
    expect(tree?.read('drivers/boards/Bord-é.c')).toBe('/* größer */\n')
    expect(tree?.read('Documentation/latin1.txt')).toBe('é\n')
    for (const path of [
      '',
      'drivers',
      'drivers/',
      '/Makefile',
      'drivers/../Makefile',
      'drivers//Makefile',
      'Kconfig',
    ]) {
      expect([path, tree?.read(path), tree?.blob(path)]).toEqual([path, null, null])
    }
    expect(tree?.read('drivers/codecs/Makefile')).toBeNull()
    expect(tree?.read('a/'.repeat(1_000_000))).toBeNull()
  })

  it('lists directories by name, with what the entries are', async () => {
    repository = await open(fenced.path)
    fenced.git(
      'update-index',
      '--add',
      '--cacheinfo',
      `160000,${fenced.git('rev-parse', 'HEAD').trim()},drivers/firmware`,
    )
    const tree = await openTree(repository, fenced.git('write-tree').trim())
    expect(tree?.list('drivers')).toEqual([
      { name: 'Makefile', kind: 'file' },
      { name: 'boards', kind: 'directory' },
      { name: 'codecs', kind: 'directory' },
      { name: 'firmware', kind: 'submodule' },
    ])
    expect(tree?.list('drivers/codecs')).toEqual([{ name: 'Makefile', kind: 'symlink' }])
    expect(tree?.list('drivers/boards').map(({ name }) => name)).toEqual(['Bord-é.c', 'alder.c'])
    expect(tree?.list('Makefile')).toEqual([])
    expect(tree?.list('/drivers')).toEqual([])
    expect(tree?.isExecutable('scripts/check.sh')).toBe(true)
    expect(tree?.isExecutable('Makefile')).toBe(false)
  })

  it('has the ids that git has', async () => {
    repository = await open(fenced.path)
    const tree = await openTree(repository, 'main')
    expect(tree?.id).toBe(fenced.git('rev-parse', 'HEAD^{tree}').trim())
    expect(tree?.blob('drivers/Makefile')).toBe(fenced.git('rev-parse', 'HEAD:drivers/Makefile').trim())
  })

  it('finds nothing under a name that is none, or is an option', async () => {
    repository = await open(fenced.path)
    for (const name of ['nowhere', '--all', '-h', 'HEAD:Makefile', '0'.repeat(40)]) {
      expect([name, await openTree(repository, name)]).toEqual([name, null])
    }
    expect(await resolveCommit(repository, '--all')).toBeNull()
    expect(await resolveCommit(repository, 'HEAD^{tree}')).toBeNull()
  })

  it('reads whole trees in one listing and many texts in one round', async () => {
    const boards = Array.from({ length: 300 }, (_, index) => `drivers/board${index}/Makefile`)
    fenced.commit('boards: many', Object.fromEntries(boards.map((path) => [path, `# ${path}\n`])))
    repository = await open(`${fenced.path}/.git`)
    const tree = await openTree(repository, 'HEAD')
    const found = tree
      ?.list('drivers')
      .flatMap(({ name }) => tree.list(`drivers/${name}`).map((file) => `drivers/${name}/${file.name}`))
    expect(found?.filter((path) => path.includes('/board') && path !== 'drivers/boards/alder.c')).toHaveLength(301)
    tree?.prefetch([...boards, 'drivers/nothing'])
    expect(boards.map((path) => tree?.read(path))).toEqual(boards.map((path) => `# ${path}\n`))
  })

  it('takes over what another repository, as that of a thread, has listed', async () => {
    fenced.commit('boards: more', { 'drivers/boards/imx8/Makefile': '# imx8\n' })
    repository = await open(fenced.path)
    const listed = await openTree(repository, 'HEAD')
    const opened = await openRepository(fenced.path, { environment: fenced.environment })
    if (listed === null || opened.kind === 'none') throw new Error('no repository')
    const tree = await openTree(opened.repository, listed.id)
    tree?.adoptListing(listed.listing())
    // nothing can be read any more: what is known was taken over
    await opened.repository.close()
    expect(tree?.list('drivers/boards/imx8')).toEqual([{ name: 'Makefile', kind: 'file' }])
    expect(tree?.blob('drivers/Makefile')).toBe(listed.blob('drivers/Makefile'))
  })

  it('does not read a file of more than 8 MB', async () => {
    fenced.commit('firmware: add', { firmware: 'x'.repeat(8 * 1024 * 1024 + 1), small: 'x'.repeat(8 * 1024 * 1024) })
    repository = await open(fenced.path)
    const tree = await openTree(repository, 'HEAD')
    expect(tree?.read('firmware')).toBeNull()
    expect(tree?.blob('firmware')).not.toBeNull()
    expect(tree?.read('small')?.length).toBe(8 * 1024 * 1024)
  })

  it('says so where the repository lacks an object that its tree names', async () => {
    repository = await open(fenced.path)
    const absent = '1'.repeat(40)
    fenced.git('update-index', '--add', '--cacheinfo', `100644,${absent},drivers/absent.c`)
    const tree = await openTree(repository, fenced.git('write-tree', '--missing-ok').trim())
    expect(() => tree?.read('drivers/absent.c')).toThrow(expect.objectContaining({ code: 'object-missing' }))
  })
})

describe('openRepository', () => {
  it('opens a bare repository, a worktree, and a directory inside a checkout', async () => {
    fenced.git('clone', '--quiet', '--bare', '.', '../bare.git')
    fenced.git('worktree', 'add', '--quiet', '../other', 'HEAD')
    for (const place of ['../bare.git', '../other', 'drivers/boards']) {
      repository = await open(`${fenced.path}/${place}`)
      expect((await openTree(repository, 'HEAD'))?.read('Makefile')).toBe('obj-y += drivers/\n')
      await repository.close()
    }
  })

  it('opens a checkout through a link to one of its directories', async () => {
    symlinkSync(join(fenced.path, 'drivers'), join(fenced.path, '..', 'link'))
    repository = await open(join(fenced.path, '..', 'link'))
    expect((await openTree(repository, 'HEAD'))?.read('Makefile')).toBe('obj-y += drivers/\n')
    expect(repository.place.workTree).toBe(realpathSync(fenced.path))
  })

  it('opens a repository with sha256 ids', async () => {
    const modern = createRepository({ format: 'sha256' })
    modern.commit('boards: begin', files)
    repository = await open(modern.path)
    const tree = await openTree(repository, 'HEAD')
    expect(tree?.id).toHaveLength(64)
    expect(tree?.read('drivers/Makefile')).toBe('obj-y += boards/ codecs/\n')
    modern.remove()
  })

  it('opens a repository whose path git would have to quote', async () => {
    fenced.git('clone', '--quiet', '--bare', '.', '../"odd name#\\".git')
    repository = await open(`${fenced.path}/../"odd name#\\".git`)
    expect((await openTree(repository, 'HEAD'))?.read('Makefile')).toBe('obj-y += drivers/\n')
  })

  it('says why a directory is none', async () => {
    repository = await open(fenced.path)
    const opened = await openRepository(`${fenced.path}/..`, { environment: fenced.environment })
    expect(opened.kind === 'none' ? opened.reason : '').toContain('not a git repository')
  })

  it('is of no more use once it is closed', async () => {
    repository = await open(fenced.path)
    const tree = await openTree(repository, 'HEAD')
    await repository.close()
    expect(() => tree?.read('Makefile')).toThrow(expect.objectContaining({ code: 'reader-closed' }))
  })
})
