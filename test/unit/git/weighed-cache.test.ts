import { describe, expect, it } from 'vitest'
import { createWeighedCache } from '../../../src/git/weighed-cache.ts'

describe('a weighed cache', () => {
  it('forgets what was not asked for the longest', () => {
    const cache = createWeighedCache<string | null>(10, (text) => text?.length ?? 0)
    cache.set('alder', 'aaaa')
    cache.set('birch', 'bbbb')
    cache.set('none', null)
    expect(cache.get('alder')).toBe('aaaa')
    cache.set('cedar', 'cccc')
    expect(['alder', 'birch', 'none', 'cedar'].map((id) => cache.get(id))).toEqual(['aaaa', undefined, null, 'cccc'])
  })

  it('counts a value that is set again once', () => {
    const cache = createWeighedCache<string>(10, (text) => text.length)
    for (let times = 0; times < 5; times += 1) cache.set('alder', 'aaaa')
    cache.set('birch', 'bbbb')
    expect(cache.has('alder')).toBe(true)
  })

  it('keeps one that is too heavy until the next', () => {
    const cache = createWeighedCache<string>(10, (text) => text.length)
    cache.set('alder', 'a'.repeat(20))
    expect(cache.has('alder')).toBe(true)
    cache.set('birch', 'b')
    expect([cache.has('alder'), cache.has('birch')]).toEqual([false, true])
  })
})
