import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { createKeptModels } from '../../src/app/kept-models.ts'
import { modelTree } from '../../src/app/kernel-model.ts'
import { createConditions } from '../../src/cond/conditions.ts'
import { openRepository, openTree, type Repository } from '../../src/git/repository.ts'
import { treeOf } from '../../src/git/trees.ts'
import { changeTree } from '../../src/git/change-tree.ts'
import type { GitTree } from '../../src/git/tree.ts'
import type { TreeItem } from '../../src/git/tree-object.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'
import { openSnapshots } from '../../src/store/snapshots.ts'
import { modelText } from '../support/model-text.ts'
import { editKernel, randomNumbers, type Edits } from './edit-kernel.ts'
import { describeReal } from './support.ts'

/** Edited trees for each kernel: each is modelled twice, by way of what is kept and anew (3 s). */
const rounds = Number(process.env['KBUILD_REVIEW_ROUNDS'] ?? '12')

for (const version of ['KBUILD_REVIEW_TREE_6_12', 'KBUILD_REVIEW_TREE_6_1'] as const) {
  describeReal(`models of edited trees of ${version}`, [version], (directory) => {
    let repository: Repository
    let base: GitTree
    let cache = ''
    let written = 0

    beforeAll(async () => {
      cache = mkdtempSync(join(tmpdir(), 'kept-models-'))
      const opened = await openRepository(directory, { environment: process.env })
      if (opened.kind === 'none') throw new Error(opened.reason)
      repository = opened.repository
      base = (await openTree(repository, 'HEAD')) ?? expect.fail('no HEAD')
      model(base)
    }, 60_000)

    afterAll(async () => {
      await repository.close()
      removeDirectory(cache)
    })

    /** The model as a new process makes it, with what is on the disk and nothing in memory. */
    function model(tree: GitTree): KernelModel {
      const { read, write, recent } = openSnapshots(cache, { clock: Date.now })
      const counted: typeof write = (key, bytes) => {
        written += 1
        write(key, bytes)
      }
      const snapshots = { read, write: counted, recent }
      const models = createKeptModels({ repository, snapshots, program: () => 'this' })
      return modelTree(tree, { arch: 'x86_64', configuration: null, models })
    }

    function edited(edits: Edits): GitTree {
      const items = [...edits].map(([path, text]): readonly [string, TreeItem | null] => {
        if (text === null) return [path, null]
        return [path, { mode: '100644', id: repository.write('blob', Buffer.from(text)) }]
      })
      const changed = changeTree(base, new Map(items), repository)
      if (changed.kind === 'conflict') throw new Error(`${changed.path}: ${changed.reason}`)
      return treeOf(repository, changed.id) ?? expect.fail('the tree was not written')
    }

    it(`are the same as those made anew (${rounds} of random edits)`, { timeout: rounds * 60_000 }, () => {
      expect(written).toBe(1)
      for (let seed = 1; seed <= rounds; seed++) {
        const random = randomNumbers(seed)
        const edits = editKernel(base, random)
        const tree = edited(edits)
        const kept = model(tree)
        const anew = modelTree(tree, { arch: 'x86_64', configuration: null })
        const common = createConditions()
        const touched = new Set([...edits.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))))
        const options = {
          evaluated: (path: string) => touched.has(path) || path.length % 20 === seed % 20,
          printed: (path: string) => path.length % 50 === seed % 50,
        }
        const [left, right] = [modelText(kept, common, options), modelText(anew, common, options)]
        // The lines themselves are millions of characters: those that differ are enough.
        const known = new Set(right)
        expect(
          left.filter((line) => !known.has(line)),
          `seed ${seed}: ${[...edits.keys()].join(' ')}`,
        ).toEqual([])
        expect(left.length).toBe(right.length)
        expect(left).toEqual(right)
      }
      // What is written was made anew, wholly or for the most part: types or scripts were edited.
      expect(written - 1).toBeLessThan(rounds * 0.7)
    })
  })
}
