import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listHeadAhead } from '../../../src/git/listing-ahead.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

let fenced: FencedRepository

beforeEach(() => {
  fenced = createRepository()
})

afterEach(() => fenced.remove())

it('lists the tree of HEAD as git does, and leaves no file behind', async () => {
  fenced.commit('boards: begin', { Makefile: 'obj-y += drivers/\n', 'drivers/größe.c': 'int alder;\n' })
  const ahead = listHeadAhead(`${fenced.path}/drivers`, fenced.environment)
  expect(ahead?.tree).toBe(fenced.git('rev-parse', 'HEAD^{tree}').trim())
  expect(readdirSync(tmpdir()).filter((name) => name.includes(`listing-${process.pid}`))).toEqual([])
  const listing = Buffer.from((await ahead?.take()) ?? []).toString('utf8')
  expect(listing).toBe(fenced.git('ls-tree', '-r', '-t', '-z', 'HEAD'))
})

it('lists nothing where there is no commit, no repository, or no git', () => {
  expect(listHeadAhead(fenced.path, fenced.environment)).toBeNull()
  expect(listHeadAhead('/', fenced.environment)).toBeNull()
  expect(listHeadAhead(fenced.path, { PATH: '/nowhere' })).toBeNull()
})

it('gives nothing where git cannot read the tree', async () => {
  fenced.commit('boards: begin', { 'drivers/Makefile': 'obj-y += alder.o\n' })
  const drivers = fenced.git('rev-parse', 'HEAD:drivers').trim()
  rmSync(`${fenced.path}/.git/objects/${drivers.slice(0, 2)}/${drivers.slice(2)}`)
  const ahead = listHeadAhead(fenced.path, fenced.environment)
  expect(await ahead?.take()).toBeNull()
})
