import { describe, expect, it } from 'vitest'
import { buildThreads, type Threaded } from '../../../src/series/threads.ts'
import { fc } from '../../support/random.ts'

const mail = (id: string, inReplyTo: string | null = null, references: readonly string[] = []): Threaded => ({
  id,
  inReplyTo,
  references,
})

describe('buildThreads', () => {
  it('knows the mails above one, nearest first', () => {
    const threads = buildThreads([mail('cover'), mail('patch', 'cover'), mail('reply', 'patch', ['cover', 'patch'])])
    expect(threads.ancestors('reply')).toEqual(['patch', 'cover'])
    expect(threads.parent('cover')).toBeNull()
    expect(threads.ancestors('nowhere')).toEqual([])
  })

  it('goes by the References where In-Reply-To names a mail that there is not', () => {
    const threads = buildThreads([mail('cover'), mail('reply', 'lost', ['cover', 'lost'])])
    expect(threads.parent('reply')).toBe('cover')
  })

  it('puts mails in one thread that answer the same mail, there or not', () => {
    const threads = buildThreads([mail('one', 'lost'), mail('two', 'lost'), mail('three', 'other')])
    expect(threads.root('one')).toBe(threads.root('two'))
    expect(threads.root('one')).not.toBe(threads.root('three'))
    expect(threads.answered('one')).toBe('lost')
  })

  it('breaks loops', () => {
    const threads = buildThreads([
      mail('one', 'two'),
      mail('two', 'three'),
      mail('three', 'one'),
      mail('self', 'self', ['self']),
    ])
    expect(threads.ancestors('one')).toEqual(['two', 'three'])
    expect(threads.ancestors('self')).toEqual([])
  })

  it('stops climbing after 500 mails', () => {
    const chain = Array.from({ length: 2000 }, (_, at) => mail(String(at), at === 0 ? null : String(at - 1)))
    expect(buildThreads(chain).ancestors('1999')).toHaveLength(500)
  })

  it('gives the same in any order', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'lost')
    const mails = fc.uniqueArray(fc.record({ id, inReplyTo: fc.option(id), references: fc.array(id) }), {
      selector: ({ id }) => id,
    })
    const show = (all: readonly Threaded[]): unknown => {
      const threads = buildThreads(all)
      return ['a', 'b', 'c', 'd', 'e', 'lost'].map((one) => [one, threads.ancestors(one), threads.root(one)])
    }
    fc.assert(
      fc.property(
        mails.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(show(shuffled)).toEqual(show(all))
        },
      ),
    )
  })
})
