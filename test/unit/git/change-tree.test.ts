import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeTree } from '../../../src/git/change-tree.ts'
import { openRepository, type Repository } from '../../../src/git/repository.ts'
import { treeOf } from '../../../src/git/trees.ts'
import type { GitTree } from '../../../src/git/tree.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

let fenced: FencedRepository
let repository: Repository
let tree: GitTree

beforeAll(async () => {
  fenced = createRepository()
  fenced.commit('boards: begin', {
    Makefile: 'obj-y += drivers/\n',
    'drivers/boards/alder.c': 'int alder;\n',
    'drivers/boards.txt': 'boards\n',
    'drivers/codecs/deep/one.c': 'int one;\n',
    'drivers/codecs/Bord-é.c': 'int e;\n',
  })
  const opened = await openRepository(fenced.path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  repository = opened.repository
  const found = treeOf(repository, fenced.git('rev-parse', 'HEAD').trim())
  if (found === null) throw new Error('HEAD has no tree')
  tree = found
})

afterAll(async () => {
  await repository.close()
  fenced.remove()
})

/** The same change made by git in an index of the whole tree. */
function byGit(changes: Readonly<Record<string, string | null>>): string {
  fenced.git('read-tree', 'HEAD')
  for (const [path, content] of Object.entries(changes)) if (content === null) fenced.git('rm', '-q', '--cached', path)
  for (const [path, content] of Object.entries(changes)) {
    if (content !== null) fenced.git('update-index', '--add', '--cacheinfo', `100644,${blob(content)},${path}`)
  }
  return fenced.git('write-tree', '--missing-ok').trim()
}

const blob = (content: string): string => repository.write('blob', Buffer.from(content))

function change(changes: Readonly<Record<string, string | null>>): ReturnType<typeof changeTree> {
  const entries = Object.entries(changes).map(
    ([path, content]) => [path, content === null ? null : { mode: '100644', id: blob(content) }] as const,
  )
  return changeTree(tree, new Map(entries), repository)
}

const cases: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  'a changed file': { Makefile: 'obj-y += codecs/\n' },
  'a file in a new directory': { 'drivers/clocks/new/pll.c': 'int pll;\n', 'drivers/boards/birch.c': 'int birch;\n' },
  'a directory that loses its last file, and the one above it too': {
    'drivers/codecs/deep/one.c': null,
    'drivers/codecs/Bord-é.c': null,
  },
  'a file in the place of a directory': { 'drivers/boards/alder.c': null, 'drivers/boards': 'now a file\n' },
  'a directory in the place of a file': { Makefile: null, 'Makefile/inner.c': 'int inner;\n' },
  'names that sort differently as directories': { 'drivers/boards-old': 'a\n', 'drivers/boards0': 'b\n' },
  'a name that is not ASCII': { 'drivers/codecs/Bord-é.c': 'int f;\n', 'drivers/ß.c': 'int s;\n' },
  'nothing left at all': {
    Makefile: null,
    'drivers/boards/alder.c': null,
    'drivers/boards.txt': null,
    'drivers/codecs/deep/one.c': null,
    'drivers/codecs/Bord-é.c': null,
  },
}

describe('changeTree', () => {
  for (const [what, changes] of Object.entries(cases)) {
    it(`gives the tree that git gives for ${what}`, () => {
      const changed = change(changes)
      expect(changed).toEqual({ kind: 'tree', id: byGit(changes) })
    })
  }

  it('gives a tree that can be read at once', () => {
    const changed = change({ 'drivers/clocks/pll.c': 'int pll;\n' })
    const after = changed.kind === 'tree' ? treeOf(repository, changed.id) : null
    expect(after?.read('drivers/clocks/pll.c')).toBe('int pll;\n')
    expect(after?.list('drivers').map(({ name }) => name)).toEqual(['boards', 'boards.txt', 'clocks', 'codecs'])
  })

  it('leaves the tree as it is where nothing changes', () => {
    expect(change({})).toEqual({ kind: 'tree', id: tree.id })
    expect(change({ 'drivers/nothing/at/all.c': null })).toEqual({ kind: 'tree', id: tree.id })
  })

  it('refuses a file where a directory stays, and a file below a file', () => {
    expect(change({ 'drivers/boards': 'x\n' })).toEqual({
      kind: 'conflict',
      path: 'drivers/boards',
      reason: 'is a directory',
    })
    expect(change({ 'Makefile/x': 'x\n' })).toEqual({
      kind: 'conflict',
      path: 'Makefile/x',
      reason: '`Makefile` is a file',
    })
    expect(change({ 'drivers/a': 'x\n', 'drivers/a/b': 'y\n' })).toMatchObject({
      kind: 'conflict',
      path: 'drivers/a/b',
    })
  })
})
