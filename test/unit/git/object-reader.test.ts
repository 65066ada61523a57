import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gitEnvironment } from '../../../src/git/environment.ts'
import { ObjectReader } from '../../../src/git/object-reader.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

let fenced: FencedRepository
let reader: ObjectReader

beforeEach(() => {
  fenced = createRepository()
  fenced.commit('boards: begin', { Makefile: 'obj-y += alder.o\n', 'codecs/Makefile': 'obj-m += larch.o\n' })
  reader = new ObjectReader(
    fenced.git('rev-parse', '--absolute-git-dir').trim(),
    gitEnvironment({ ...process.env }, 'none'),
  )
})

afterEach(async () => {
  await reader.close()
  fenced.remove()
})

const blob = (path: string): string => fenced.git('rev-parse', `HEAD:${path}`).trim()
const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString()

describe('ObjectReader', () => {
  it('hands out what was asked for ahead in any order, and what was not in between', () => {
    const first = reader.request([blob('Makefile')], 1000)
    const listing = reader.requestListing(fenced.git('rev-parse', 'HEAD^{tree}').trim())
    const second = reader.request([blob('codecs/Makefile'), '0123456789'], 1000)
    expect(text(reader.read([blob('Makefile')], 1000)[0]?.bytes)).toBe('obj-y += alder.o\n')
    const [known, none] = second.take()
    expect([text(known?.bytes), none]).toEqual(['obj-m += larch.o\n', null])
    expect(text(listing.take())).toContain('\tcodecs/Makefile\0')
    expect(text(first.take()[0]?.bytes)).toBe('obj-y += alder.o\n')
  })

  it('goes on after a question that git cannot answer', () => {
    const listing = reader.requestListing('0123456789012345678901234567890123456789')
    const after = reader.request([blob('Makefile')], 3)
    expect(() => listing.take()).toThrow('git ls-tree')
    expect(after.take()).toMatchObject([{ type: 'blob', size: 17, bytes: null }])
  })

  it('is of no more use once it is closed, for what was asked before too', async () => {
    const asked = reader.request([blob('Makefile')], 1000)
    await reader.close()
    expect(() => asked.take()).toThrow('closed')
    expect(() => reader.read([blob('Makefile')], 1000)).toThrow('closed')
  })
})
