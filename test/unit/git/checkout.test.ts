import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCheckout, type Checkout } from '../../../src/git/checkout.ts'
import { openRepository, openTree } from '../../../src/git/repository.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

let fenced: FencedRepository
let checkout: Checkout

beforeEach(() => {
  fenced = createRepository()
  fenced.commit('boards: begin', {
    Makefile: 'obj-y += drivers/\n',
    'drivers/Makefile': 'obj-$(CONFIG_BOARDS) += boards/\n',
    'drivers/größe.c': '/* größer */\n',
    'drivers/empty.c': '',
    'drivers/table.c': 'int table[] = { 0 };\n'.repeat(50_000),
  })
  checkout = openCheckout(fenced.path, { format: 'sha1', maxBytes: 8_000_000 })
})

afterEach(() => fenced.remove())

const blob = (path: string): string => fenced.git('rev-parse', `HEAD:${path}`).trim()

const read = (path: string, id = blob(path)): string | null => {
  const bytes = checkout.blob(path, id)
  return bytes === null ? null : Buffer.from(bytes).toString('utf8')
}

describe('openCheckout', () => {
  it('gives what a file has where git would name it so, whatever its length', () => {
    for (const path of ['drivers/größe.c', 'drivers/table.c', 'drivers/empty.c', 'Makefile'])
      expect([path, read(path)]).toEqual([path, fenced.git('cat-file', 'blob', blob(path))])
  })

  it('gives nothing of a file that is changed, replaced, or not there', () => {
    const id = blob('Makefile')
    writeFileSync(join(fenced.path, 'Makefile'), 'obj-y += drivers_\n')
    expect(read('Makefile', id)).toBeNull()
    rmSync(join(fenced.path, 'Makefile'))
    expect(read('Makefile', id)).toBeNull()
    symlinkSync('drivers/Makefile', join(fenced.path, 'Makefile'))
    expect(read('Makefile', blob('drivers/Makefile'))).toBeNull()
    for (const path of ['drivers', 'a/'.repeat(3000), 'nul\0']) expect(read(path, id)).toBeNull()
  })

  it('does not wait for a pipe, and reads nothing beside the checkout', () => {
    execFileSync('mkfifo', [join(fenced.path, 'pipe')])
    expect(read('pipe', blob('Makefile'))).toBeNull()
    writeFileSync(join(fenced.path, '..', 'Makefile'), 'obj-y += drivers/\n')
    expect(read('../Makefile', blob('Makefile'))).toBeNull()
  })

  it('reads no file over the limit', () => {
    checkout = openCheckout(fenced.path, { format: 'sha1', maxBytes: 1000 })
    expect(read('drivers/table.c')).toBeNull()
    expect(read('Makefile')).not.toBeNull()
  })

  it('looks no more where most files are those of another revision', () => {
    const other = '1'.repeat(40)
    for (let file = 0; file < 32; file += 1) {
      expect([file, checkout.isTrusted()]).toEqual([file, true])
      expect(checkout.blob('Makefile', other)).toBeNull()
    }
    expect(checkout.isTrusted()).toBe(false)
    expect(read('Makefile')).toBeNull()
  })

  it('goes on looking where some are', () => {
    const id = blob('Makefile')
    for (let file = 0; file < 600; file += 1) expect(checkout.blob('Makefile', id)).not.toBeNull()
    for (let file = 0; file < 60; file += 1) checkout.blob('Makefile', '1'.repeat(40))
    expect(checkout.blob('Makefile', id)).not.toBeNull()
  })
})

describe('readAhead', () => {
  const paths = Array.from({ length: 400 }, (_, at) => `drivers/board${at}.c`)

  it('reads what is there, passes over what is not, and ends where it is told to', async () => {
    await checkout.readAhead(['drivers/table.c', 'drivers/none.c', 'drivers', 'Makefile'], new AbortController().signal)
    await checkout.readAhead([], new AbortController().signal)
    await checkout.readAhead(paths, AbortSignal.abort())
    expect(checkout.isTrusted()).toBe(true)
  })
})

describe('a tree of a repository with a checkout', () => {
  it('is read from there where that has it, else from the objects', async () => {
    const opened = await openRepository(fenced.path, { environment: fenced.environment })
    if (opened.kind === 'none') throw new Error(opened.reason)
    expect(opened.repository.place.workTree).toBe(fenced.path)
    const tree = await openTree(opened.repository, 'HEAD')
    const id = blob('drivers/Makefile')
    rmSync(join(fenced.path, '.git', 'objects', id.slice(0, 2), id.slice(2)))
    writeFileSync(join(fenced.path, 'Makefile'), 'obj-y += sound/\n')
    expect(tree?.read('drivers/Makefile')).toBe('obj-$(CONFIG_BOARDS) += boards/\n')
    expect(tree?.read('Makefile')).toBe('obj-y += drivers/\n')
    await opened.repository.close()
  })

  it('has none in its git directory, in a bare one, or with a line break in its path', async () => {
    fenced.git('clone', '--quiet', '--bare', '.', '../bare.git')
    fenced.git('clone', '--quiet', '.', '../line\nbreak')
    const places = ['.git', '../bare.git', '../line\nbreak']
    const found = []
    for (const place of places) {
      const opened = await openRepository(join(fenced.path, place), { environment: fenced.environment })
      found.push(opened.kind === 'none' ? 'none' : opened.repository.place.workTree)
      if (opened.kind === 'repository') await opened.repository.close()
    }
    expect(found).toEqual([null, null, 'none'])
  })
})
