import { afterAll, expect, it } from 'vitest'
import { changedFiles, changedFilesWithin } from '../../../src/app/tree-changes.ts'
import { openRepository, openTree } from '../../../src/git/repository.ts'
import { createRepository } from '../../support/git.ts'

const fenced = createRepository()
afterAll(() => fenced.remove())

it('names the files that differ between two trees, and gives up beyond a number of them', async () => {
  fenced.commit('before', { 'drivers/clk/Makefile': 'obj-y += clk.o\n', 'drivers/uart.c': '', 'lib/crc.c': '' })
  fenced.commit('after', { 'drivers/clk/Makefile': 'obj-y += pll.o\n', 'drivers/uart.c': null, 'sound/codec.c': '' })
  const opened = await openRepository(fenced.path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  const [before, after] = [await openTree(opened.repository, 'HEAD~1'), await openTree(opened.repository, 'HEAD')]
  if (before === null || after === null) throw new Error('no such commit')
  const changed = ['drivers/clk/Makefile', 'drivers/uart.c', 'sound/codec.c']
  expect(changedFiles(before, after)).toEqual(changed)
  expect(changedFilesWithin(before, after, 3)).toEqual(changed)
  expect(changedFilesWithin(before, after, 2)).toBeNull()
  expect(changedFilesWithin(before, before, 0)).toEqual([])
  await opened.repository.close()
})
