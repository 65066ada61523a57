import { describe, expect, it } from 'vitest'
import { replyKey } from '../../../src/review/reply-key.ts'

describe('replyKey', () => {
  it('is the same for the same series, patch and kind, for ever', () => {
    expect(replyKey('series@boards.example', 'patch@boards.example', 'patch')).toBe(
      'kr.5gzercy2iofnbwwthmlmkia35dgozcbi4rl7dkzqexjdbtzfu5aa',
    )
  })

  it('is another for another series, patch or kind', () => {
    const keys = [
      replyKey('a', 'b', 'patch'),
      replyKey('a', 'b', 'summary'),
      replyKey('a', 'c', 'patch'),
      replyKey('c', 'b', 'patch'),
      replyKey('a","b', '', 'patch'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is fit for the left side of a Message-ID (RFC 5322 §3.6.4 dot-atom-text)', () => {
    for (const series of ['', '"quoted\r\n"@x', 'ü@example'])
      expect(replyKey(series, 'x', 'conflict')).toMatch(/^kr\.[a-z2-7]{52}$/)
  })
})
